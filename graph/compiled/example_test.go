package compiled_test

import (
	"fmt"

	"github.com/kontakty/kontakty/graph/compiled"
)

// What is selected of a contact says which columns are read; its key always is.
func ExampleColumnsOf() {
	fmt.Println(compiled.ColumnsOf("externalId").Names())
	fmt.Println(compiled.ColumnsOf("no such field").Names())
	// Output:
	// [id started_at external_id]
	// [id started_at]
}

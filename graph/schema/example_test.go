package schema_test

import (
	"fmt"

	"github.com/kontakty/kontakty/graph/schema"
)

// A number is no text, and an instant has an offset.
func ExampleUnmarshalDateTime() {
	for _, value := range []any{"2024-03-04T08:09:16+01:00", "2024-03-04T08:09:16", int64(7)} {
		at, err := schema.UnmarshalDateTime(value)
		fmt.Println(at.UTC().Format("15:04"), err == nil)
	}
	// Output:
	// 07:09 true
	// 00:00 false
	// 00:00 false
}

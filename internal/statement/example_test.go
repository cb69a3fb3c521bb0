package statement_test

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/statement"
)

func Example() {
	ctx := context.Background()
	fmt.Printf("%q, %q\n", statement.KindOf(ctx), statement.KindOf(statement.With(ctx, statement.Page)))
	// Output: "", "page"
}

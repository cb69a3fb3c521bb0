package postgres_test

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
)

// A database that has no room for another statement is away for the caller, who may try again; its own words are kept for
// the log.
func ExampleTranslate() {
	full := &pgconn.PgError{Code: "53300", Message: "sorry, too many clients already"}
	translated := postgres.Translate(full)
	var told *fault.Error
	fmt.Println(errors.As(translated, &told), errors.Is(translated, full))
	fmt.Println(postgres.Translate(errors.New("a defect")))
	// Output:
	// true true
	// a defect
}

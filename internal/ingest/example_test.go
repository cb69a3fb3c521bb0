package ingest_test

import (
	"context"
	"fmt"
	"os"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Lines of a file land in chunks; those that are faulty are told, and do not keep the others from landing.
func ExampleImport() {
	ctx := context.Background()
	pool, err := postgres.Open(ctx, postgres.Config{URL: "postgres:///kontakty", PreparedStatements: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	result, err := ingest.Import(ctx, pool, os.Stdin, ingest.Config{
		Report: func(f format.Fault) { fmt.Println(&f) },
	})
	fmt.Println(result.Recorded, result.Replaced, result.Skipped, err)
}

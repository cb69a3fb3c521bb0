package embedded_test

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// Whoever starts or joins the server of a data directory stops it again, and the data stays.
func ExampleStart() {
	ctx := context.Background()
	directory, err := os.MkdirTemp("", "kontakty-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(directory)
	for _, sql := range []string{"CREATE TABLE kept AS SELECT 7 AS n", "SELECT n FROM kept"} {
		server, err := embedded.Start(ctx, embedded.Config{DataDir: directory})
		if err != nil {
			fmt.Println(err)
			return
		}
		connection, err := pgx.Connect(ctx, server.URL())
		if err != nil {
			fmt.Println(err)
			return
		}
		done, err := connection.Exec(ctx, sql)
		fmt.Println(done, err, connection.Close(ctx), server.Stop(ctx))
	}
	// Output:
	// SELECT 1 <nil> <nil> <nil>
	// SELECT 1 <nil> <nil> <nil>
}

package report

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/kontakty/kontakty/internal/report/plan"
)

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, arguments ...any) (*sql.Rows, error)
}

// eachRow runs a statement past database/sql and gives the values of each row as PostgreSQL sent them, in its binary
// form. They are gone with the next row.
func eachRow(
	ctx context.Context, mode pgx.QueryExecMode, from querier, each func(values [][]byte) error, statement plan.Statement,
) error {
	end, err := acquireSlot(ctx, from)
	if err != nil {
		return err
	}
	defer end()
	return onConnection(ctx, from, func(connection *pgx.Conn) error {
		rows, err := connection.Query(ctx, statement.SQL, append([]any{mode}, statement.Arguments...)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := each(rows.RawValues()); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// badConnections is how many connections in a row may turn out to be gone before a statement was sent on them, as after a
// restart of the database; database/sql allows for as many.
const badConnections = 2

func onConnection(ctx context.Context, from querier, work func(*pgx.Conn) error) (err error) {
	raw := func(connection *sql.Conn) error {
		return connection.Raw(func(driver any) error { return work(driver.(*stdlib.Conn).Conn()) })
	}
	if connection, own := from.(*sql.Conn); own {
		return raw(connection)
	}
	database, whole := from.(*sql.DB)
	if !whole {
		database = from.(limitedDB).DB
	}
	for range 1 + badConnections {
		connection, failure := database.Conn(ctx)
		if failure != nil {
			return failure
		}
		err = raw(connection)
		if failure := connection.Close(); failure != nil && !errors.Is(failure, sql.ErrConnDone) && err == nil {
			err = failure
		}
		if !pgconn.SafeToRetry(err) {
			break
		}
	}
	return err
}

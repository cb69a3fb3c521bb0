package pgtest

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// LockedMonths are the tables of months that a statement which reads locks when it runs by the plan that is kept for all
// values.
func (d *Database) LockedMonths(t testing.TB, one Statement) (tables []string) {
	t.Helper()
	connection, err := d.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	defer connection.Release()
	err = pgx.BeginFunc(t.Context(), connection, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL plan_cache_mode = force_generic_plan"); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), one.SQL, one.Args...)
		if err != nil {
			return err
		}
		rows.Close()
		if rows.Err() != nil {
			return rows.Err()
		}
		rows, err = tx.Query(t.Context(), `SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
			WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relname ~ '^(contacts|ivr_steps|contact_details|contact_addresses)_\d{6}$'`)
		if err != nil {
			return err
		}
		tables, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatalf("pgtest: %v:\n%s", err, one.SQL)
	}
	return tables
}

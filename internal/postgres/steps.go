package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun/migrate"

	"github.com/kontakty/kontakty/migrations"
)

// lockTries is how long a step waits for a lock, for which whoever comes after it waits too, how often it tries, and how long it
// lets the others go on between two tries.
type lockTries struct {
	lockTimeout time.Duration
	tries       int
	pause       time.Duration
}

var defaultLockTries = lockTries{lockTimeout: 2 * time.Second, tries: 30, pause: time.Second}

// PostgreSQL's codes for a lock that was not to be had in time, and for two that waited for one another.
const (
	lockNotAvailable = "55P03"
	deadlockDetected = "40P01"
)

// stepRunner executes the statements of steps on one connection.
type stepRunner struct {
	conn      *pgx.Conn
	lockTries lockTries
}

// runStep executes a step and then note, which writes down that it was taken. A step that is one transaction is taken with
// its note or not at all; any other is taken again from its beginning if it was cut off before the note.
func runStep(ctx context.Context, pool *Pool, tries lockTries, step migrations.Step, note func(context.Context, pgx.Tx) error) error {
	acquired, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer acquired.Release()
	r := stepRunner{conn: acquired.Conn(), lockTries: tries}
	if step.Transaction {
		return r.transaction(ctx, func(tx pgx.Tx) error {
			for _, statement := range step.Statements {
				if err := r.each(ctx, statement, func(one migrations.Statement) error { return execute(ctx, tx, one) }); err != nil {
					return err
				}
			}
			return note(ctx, tx)
		})
	}
	defer func() { _, _ = r.conn.Exec(context.WithoutCancel(ctx), "RESET lock_timeout") }()
	for _, statement := range step.Statements {
		if err := r.each(ctx, statement, func(one migrations.Statement) error { return r.alone(ctx, one) }); err != nil {
			return err
		}
	}
	return r.transaction(ctx, func(tx pgx.Tx) error { return note(ctx, tx) })
}

// transaction calls do in a transaction, anew as long as a lock is missing.
func (r stepRunner) transaction(ctx context.Context, do func(pgx.Tx) error) error {
	return r.patiently(ctx, func() error {
		return pgx.BeginTxFunc(ctx, r.conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
			if err := r.limit(ctx, true, r.lockTries.lockTimeout); err != nil {
				return err
			}
			return do(tx)
		})
	})
}

// alone executes a statement that is a transaction of its own. An index that was left half built is dropped first, and one
// that is there is not built again.
func (r stepRunner) alone(ctx context.Context, statement migrations.Statement) error {
	timeout := r.lockTries.lockTimeout
	if statement.Concurrent() {
		timeout = 0 // it waits for the transactions of others, and nobody waits for it
	}
	return r.patiently(ctx, func() error {
		if err := r.limit(ctx, false, timeout); err != nil {
			return err
		}
		if index := statement.Index(); index != "" {
			built, err := r.dropInvalid(ctx, index)
			if err != nil || built {
				return err
			}
		}
		return execute(ctx, r.conn, statement)
	})
}

// dropInvalid says whether there is an index of this name, and drops it if it is not valid.
func (r stepRunner) dropInvalid(ctx context.Context, index string) (built bool, err error) {
	err = r.conn.QueryRow(ctx, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", index).Scan(&built)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil || built {
		return built, err
	}
	return false, execute(ctx, r.conn, migrations.Statement{SQL: "DROP INDEX CONCURRENTLY IF EXISTS " + index})
}

// partitionsSQL lists the partitions of a table that have no part of one of its indexes yet.
const partitionsSQL = `
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = $1::text::regclass AND NOT i.inhdetachpending AND NOT EXISTS (
  SELECT FROM pg_index x JOIN pg_inherits p ON p.inhrelid = x.indexrelid
  WHERE x.indrelid = i.inhrelid AND p.inhparent = to_regclass(nullif($2, '')))
ORDER BY c.relname`

// each calls do with a statement, or with that for each partition that it is about. A partition that is dropped meanwhile
// is passed over.
func (r stepRunner) each(ctx context.Context, statement migrations.Statement, do func(migrations.Statement) error) error {
	if statement.Parent == "" {
		return do(statement)
	}
	partitions, err := partitionsOf(ctx, r.conn, statement)
	if err != nil {
		return err
	}
	for _, partition := range partitions {
		err := do(statement.For(partition))
		if hasCode(err, undefinedTable) && r.conn.PgConn().TxStatus() == 'I' {
			gone := false
			if failed := r.conn.QueryRow(ctx, "SELECT to_regclass($1) IS NULL", partition).Scan(&gone); failed == nil && gone {
				continue
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// queries is a connection or a pool.
type queries interface {
	Query(ctx context.Context, sql string, arguments ...any) (pgx.Rows, error)
}

func partitionsOf(ctx context.Context, db queries, statement migrations.Statement) ([]string, error) {
	rows, err := db.Query(ctx, partitionsSQL, statement.Parent, statement.Without)
	if err != nil {
		return nil, fmt.Errorf("listing the partitions of %s: %w", statement.Parent, err)
	}
	partitions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("listing the partitions of %s: %w", statement.Parent, err)
	}
	return partitions, nil
}

// limit says how long statements wait for a lock, 0 for as long as it takes.
func (r stepRunner) limit(ctx context.Context, local bool, timeout time.Duration) error {
	_, err := r.conn.Exec(ctx, "SELECT set_config('lock_timeout', $1, $2)", strconv.FormatInt(timeout.Milliseconds(), 10), local)
	return err
}

// patiently calls do anew as long as a lock is missing, as often as its tries say.
func (r stepRunner) patiently(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if !hasCode(err, lockNotAvailable) && !hasCode(err, deadlockDetected) {
			return err
		}
		if try >= r.lockTries.tries {
			return fmt.Errorf("others held a lock in each of %d tries of %s: try again when less goes on: %w", try, r.lockTries.lockTimeout, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(r.lockTries.pause):
		}
	}
}

// executor is a connection or a transaction.
type executor interface {
	Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error)
}

func execute(ctx context.Context, on executor, statement migrations.Statement) error {
	_, err := on.Exec(ctx, statement.SQL)
	return err
}

func hasCode(err error, code string) bool {
	failed := (*pgconn.PgError)(nil)
	return errors.As(err, &failed) && failed.Code == code
}

// take takes a step of the files, as one of a group.
func (m *Migrator) take(ctx context.Context, pool *Pool, step migrate.Migration, group int64) error {
	up, err := migrations.Read(m.files, step.String(), "up")
	if err != nil {
		return err
	}
	return runStep(ctx, pool, m.lockTries, up, func(ctx context.Context, tx pgx.Tx) error {
		if up.Compatible {
			if _, err := tx.Exec(ctx, "INSERT INTO compatible_steps (name) VALUES ($1)", step.Name); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "INSERT INTO bun_migrations (name, group_id) VALUES ($1, $2)", step.Name, group)
		return err
	})
}

// takeBack takes a step of the files back.
func (m *Migrator) takeBack(ctx context.Context, pool *Pool, step migrate.Migration) error {
	up, err := migrations.Read(m.files, step.String(), "up")
	if err != nil {
		return err
	}
	down, err := migrations.Read(m.files, step.String(), "down")
	if err != nil {
		return err
	}
	return runStep(ctx, pool, m.lockTries, down, func(ctx context.Context, tx pgx.Tx) error {
		if up.Compatible {
			if _, err := tx.Exec(ctx, "DELETE FROM compatible_steps WHERE name = $1", step.Name); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "DELETE FROM bun_migrations WHERE id = $1", step.ID)
		return err
	})
}

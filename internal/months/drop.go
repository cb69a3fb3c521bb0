package months

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Database is where the tables lie.
type Database interface {
	Query(ctx context.Context, sql string, arguments ...any) (pgx.Rows, error)
	BeginTx(ctx context.Context, options pgx.TxOptions) (pgx.Tx, error)
}

// Survey is what months there are.
type Survey struct {
	// Months is how many there are.
	Months int
	// Empty hold nothing, and are not the month of now, the one before it or the two after it.
	Empty []time.Time
	// Outside hold contacts that start before the oldest instant allowed, or more than a year ahead.
	Outside []time.Time
}

// maxEmpty is how many empty months there may be without a word: a gap in what was recorded makes some.
const maxEmpty = 24

// Excessive says that there are more months than there should be.
func (s Survey) Excessive() bool { return len(s.Empty) > maxEmpty || len(s.Outside) > 0 }

// String says what there is and what to do about it.
func (s Survey) String() string {
	said := fmt.Sprintf("MONTHS %d in all", s.Months)
	if len(s.Empty) > 0 {
		said += fmt.Sprintf("; empty: %d (%s), drop them with kontakty migrate drop-empty-months", len(s.Empty), span(s.Empty))
	}
	if len(s.Outside) > 0 {
		said += fmt.Sprintf("; with contacts that start when none may: %d (%s), have their source send them with their right start and a higher revision",
			len(s.Outside), span(s.Outside))
	}
	return said
}

func span(found []time.Time) string {
	first, last := found[0].Format("2006-01"), found[len(found)-1].Format("2006-01")
	if first == last {
		return first
	}
	return first + " to " + last
}

const listSQL = `SELECT DISTINCT to_timestamp(right(c.relname, 6), 'YYYYMM')::timestamp AT TIME ZONE 'UTC' AS month
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = ANY ($1::text[]::regclass[]) ORDER BY month`

// Look surveys the months. Contacts may start from the oldest instant to a year from now.
func Look(ctx context.Context, db Database, oldest, now time.Time) (Survey, error) {
	rows, err := db.Query(ctx, listSQL, Parents)
	if err != nil {
		return Survey{}, fmt.Errorf("listing the months: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil {
		return Survey{}, fmt.Errorf("listing the months: %w", err)
	}
	survey := Survey{Months: len(all)}
	for _, month := range all {
		month = month.UTC()
		var empty bool
		err := pgx.BeginTxFunc(ctx, db, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
			empty, err = isEmpty(ctx, tx, month)
			return err
		})
		switch {
		case err != nil:
			return Survey{}, err
		case empty && !near(month, now):
			survey.Empty = append(survey.Empty, month)
		case !empty && (month.Before(Of(oldest)) || month.After(now.AddDate(1, 0, 0))):
			survey.Outside = append(survey.Outside, month)
		}
	}
	return survey, nil
}

// near tells the months that contacts start in now, and those that are made ahead of them.
func near(month, now time.Time) bool {
	this := Of(now)
	return !month.Before(this.AddDate(0, -1, 0)) && !month.After(this.AddDate(0, 2, 0))
}

// isEmpty says that no table of a month holds a row. A table may be missing.
func isEmpty(ctx context.Context, tx pgx.Tx, month time.Time) (bool, error) {
	tables, err := tablesOf(ctx, tx, month)
	if err != nil || tables == nil {
		return false, err
	}
	exist := make([]string, len(tables))
	for i, table := range tables {
		exist[i] = "EXISTS (SELECT FROM " + table + ")"
	}
	var any bool
	if err := tx.QueryRow(ctx, "SELECT "+strings.Join(exist, " OR ")).Scan(&any); err != nil {
		return false, fmt.Errorf("looking into the month %s: %w", month.Format("2006-01"), err)
	}
	return !any, nil
}

func tablesOf(ctx context.Context, tx pgx.Tx, month time.Time) ([]string, error) {
	names := make([]string, len(Parents))
	for i, parent := range Parents {
		names[i] = Table(parent, month)
	}
	rows, err := tx.Query(ctx, "SELECT n FROM unnest($1::text[]) n WHERE to_regclass(n) IS NOT NULL", names)
	if err != nil {
		return nil, fmt.Errorf("finding the tables of a month: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// How often a month is tried, and how long each try may make others wait.
const (
	dropTries   = 10
	dropTimeout = "2s"
	// lockNotAvailable is PostgreSQL's code for a lock that was not to be had in time, deadlockDetected for two that waited
	// for one another.
	lockNotAvailable = "55P03"
	deadlockDetected = "40P01"
)

// Drop drops months that are still empty, each in a transaction of its own, and gives those that it dropped. Writers and
// readers of contacts go on: each waits for a month at most as long as a try may take. What is written into a dropped month
// later makes it anew.
func Drop(ctx context.Context, db Database, empty []time.Time) (dropped []time.Time, err error) {
	for _, month := range empty {
		gone := false
		for try := 1; ; try++ {
			err := pgx.BeginTxFunc(ctx, db, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) (err error) {
				gone, err = drop(ctx, tx, month)
				return err
			})
			if failed := (*pgconn.PgError)(nil); err != nil && try < dropTries && errors.As(err, &failed) &&
				(failed.Code == lockNotAvailable || failed.Code == deadlockDetected) {
				continue
			}
			if err != nil {
				return dropped, fmt.Errorf("dropping the month %s: %w", month.Format("2006-01"), err)
			}
			break
		}
		if gone {
			dropped = append(dropped, month)
		}
	}
	return dropped, nil
}

// drop drops a month if it is empty. Whoever makes sure of a month holds its lock until the rows are committed, so none is
// dropped between the two; the parents are locked first, as readers do.
func drop(ctx context.Context, tx pgx.Tx, month time.Time) (bool, error) {
	for _, statement := range []string{
		"SET LOCAL lock_timeout = '" + dropTimeout + "'",
		"SELECT pg_advisory_xact_lock(hashtext('contact_months'))",
		"LOCK TABLE ONLY " + strings.Join(Parents, ", ONLY ") + " IN ACCESS EXCLUSIVE MODE",
	} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return false, err
		}
	}
	empty, err := isEmpty(ctx, tx, month)
	if err != nil || !empty {
		return false, err
	}
	tables, err := tablesOf(ctx, tx, month)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, "DROP TABLE "+strings.Join(tables, ", "))
	return err == nil, err
}

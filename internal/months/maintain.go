package months

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/postgres"
)

const (
	// firstRound is how long after the start the first round is, so that no start waits for it.
	firstRound = time.Minute
	// roundInterval is how often the months are looked after.
	roundInterval = time.Hour
	// aheadFrom is the day of the month from which the tables of the two months after it exist; before it that of one.
	aheadFrom = 20
	// restTime is how long nothing must have changed in a month before its rows are frozen.
	restTime = 48 * time.Hour
)

// Maintenance looks after the tables of months beside all else: it makes those of the next months before anybody writes into
// them, has autovacuum follow closely where contacts still come, and freezes the rows of months that rest, so that
// PostgreSQL need never read them again to do so.
type Maintenance struct {
	// Pool has no limit for statements, as freezing a month takes as long as the month is large.
	Pool *postgres.Pool
	// Now is the clock, and After time.After.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Log is told what failed, and what is left to the owner of the tables; nil for nobody.
	Log *slog.Logger
}

// Run looks after the months each hour until the context ends. Any number of processes may: one at a time does.
func (m Maintenance) Run(ctx context.Context) {
	log := m.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	told := false
	for wait := firstRound; ; wait = roundInterval {
		select {
		case <-ctx.Done():
			return
		case <-m.After(wait):
		}
		foreign, err := m.Round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Warn("the tables of months could not be looked after; the next try is in an hour", "error", err)
		case foreign > 0 && !told:
			told = true
			log.Warn("the tables of months belong to another role: how autovacuum treats them and freezing them is left to it", "tables", foreign)
		}
	}
}

// lockMaintenance is taken by whoever does a round.
const lockMaintenance = "hashtext('months are maintained')"

// Round looks after the months once, and says how many tables belong to another role and were left alone. It does nothing while
// another process does.
func (m Maintenance) Round(ctx context.Context) (foreign int, err error) {
	acquired, err := m.Pool.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer acquired.Release()
	conn := acquired.Conn()
	var taken bool
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock("+lockMaintenance+")").Scan(&taken); err != nil || !taken {
		return 0, err
	}
	defer func() {
		if _, failed := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock("+lockMaintenance+")"); failed != nil {
			_ = conn.Close(context.WithoutCancel(ctx)) // its lock goes with it
		}
	}()
	now := m.Now()
	if err := makeAhead(ctx, conn, now); err != nil {
		return 0, err
	}
	tables, err := readTables(ctx, conn)
	if err != nil {
		return 0, err
	}
	youngest := Of(now).AddDate(0, -1, 0)
	for _, one := range tables {
		if !one.Ours {
			foreign++
			continue
		}
		young := !one.Month.Before(youngest)
		if err := tune(ctx, conn, one, young); err != nil {
			return foreign, err
		}
		if young {
			continue
		}
		if err := m.rest(ctx, conn, one, now); err != nil {
			return foreign, err
		}
	}
	return foreign, nil
}

// makeAhead makes the tables of the month after this one, and of that after it once this one nears its end.
func makeAhead(ctx context.Context, conn *pgx.Conn, now time.Time) error {
	last := Of(now).AddDate(0, 1, 0)
	if now.UTC().Day() >= aheadFrom {
		last = last.AddDate(0, 1, 0)
	}
	if _, err := conn.Exec(ctx, "SELECT ensure_contact_partitions($1::timestamptz, $2::timestamptz)", Of(now), last); err != nil {
		return fmt.Errorf("making the tables of the months ahead: %w", err)
	}
	return nil
}

// table is one table of a month.
type table struct {
	Name    string
	Month   time.Time
	Ours    bool     // the tables belong to the role of the session
	Options []string // its storage parameters
	Changes int64    // rows inserted, updated and deleted, as PostgreSQL counts them
	// What was noted of it before; nothing for the first time.
	Noted     *int64
	ChangedAt *time.Time
	FrozenAt  *time.Time
}

const tablesSQL = `SELECT c.relname AS name, to_timestamp(right(c.relname, 6), 'YYYYMM')::timestamp AT TIME ZONE 'UTC' AS month,
	pg_has_role(c.relowner, 'USAGE') AS ours, coalesce(c.reloptions, '{}') AS options,
	coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0) AS changes, k.changes AS noted, k.changed_at, k.frozen_at
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
	LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid LEFT JOIN month_tables k ON k.name = c.relname
WHERE i.inhparent = ANY ($1::text[]::regclass[]) ORDER BY month, c.relname`

func readTables(ctx context.Context, conn *pgx.Conn) ([]table, error) {
	rows, err := conn.Query(ctx, tablesSQL, Parents)
	if err != nil {
		return nil, fmt.Errorf("reading the tables of months: %w", err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[table])
	if err != nil {
		return nil, fmt.Errorf("reading the tables of months: %w", err)
	}
	return tables, nil
}

// closely are the storage parameters by which autovacuum follows closely: a fiftieth of a month changed is worth a look, where
// PostgreSQL waits for a fifth.
var closely = []string{
	"autovacuum_vacuum_insert_scale_factor=0.02", "autovacuum_vacuum_scale_factor=0.02", "autovacuum_analyze_scale_factor=0.01",
}

// tune has autovacuum follow a young month closely, and an older one as it does by default. What somebody else has set stays.
// Whoever waits for the table waits no longer than a try may take; the next round tries again.
func tune(ctx context.Context, conn *pgx.Conn, of table, young bool) error {
	ours := 0
	for _, option := range of.Options {
		if slices.Contains(closely, option) {
			ours++
		}
	}
	var change string
	switch {
	case young && len(of.Options) == 0:
		change = "SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.01)"
	case !young && ours == len(closely):
		change = "RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)"
	default:
		return nil
	}
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '"+dropTimeout+"'"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "ALTER TABLE "+pgx.Identifier{of.Name}.Sanitize()+" "+change)
		return err
	})
	if failed := (*pgconn.PgError)(nil); errors.As(err, &failed) && failed.Code == lockNotAvailable {
		return nil
	}
	if err != nil {
		return fmt.Errorf("telling autovacuum of %s: %w", of.Name, err)
	}
	return nil
}

// rest notes what has changed in the table of a closed month, and freezes its rows, once, when nothing has for restTime. Then it
// pauses for as long as that took: an old database has many such months when it is looked after for the first time.
func (m Maintenance) rest(ctx context.Context, conn *pgx.Conn, of table, now time.Time) error {
	switch {
	case of.Noted == nil || *of.Noted != of.Changes:
		_, err := conn.Exec(ctx, `INSERT INTO month_tables (name, changes, changed_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET changes = excluded.changes, changed_at = excluded.changed_at, frozen_at = NULL`, of.Name, of.Changes, now)
		if err != nil {
			return fmt.Errorf("noting what changed in %s: %w", of.Name, err)
		}
		return nil
	case of.FrozenAt != nil || now.Sub(*of.ChangedAt) < restTime:
		return nil
	}
	begun := time.Now()
	if _, err := conn.Exec(ctx, "VACUUM (FREEZE, PARALLEL 0) "+pgx.Identifier{of.Name}.Sanitize()); err != nil {
		return fmt.Errorf("freezing %s: %w", of.Name, err)
	}
	if _, err := conn.Exec(ctx, "UPDATE month_tables SET frozen_at = $2 WHERE name = $1", of.Name, now); err != nil {
		return fmt.Errorf("noting that %s is frozen: %w", of.Name, err)
	}
	select {
	case <-m.After(time.Since(begun)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package ingest

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/kontakty/kontakty/internal/months"
)

// settleFrom is the number of contacts that a month must have received for its partitions to be worth a VACUUM; below
// it autovacuum is soon enough.
const settleFrom = 10_000

// settled are the partitioned tables, with the columns whose statistics choose a plan. Those of the others would cost
// as much again: the raw addresses and the external ids are long and all different. Autovacuum still sees to them.
var settled = []struct{ parent, columns string }{
	{"contacts", "started_at, type, status, campaign_id, agent_id, queue_id, classifier_id, site_call_id, record_id, source_key, destination_key, ticket_id"},
	{"contact_addresses", "key, contact_started_at, contact_id"},
	{"ivr_steps", "contact_started_at, contact_id"},
	{"contact_details", "contact_started_at, contact_id"},
}

// settle vacuums and analyses the partitions that received many contacts. Counting reads indexes alone only where the
// visibility map says that it may, which nothing but a VACUUM makes it say; and until rows have been counted the planner
// guesses. Only then is the import over: readers are quick from the first question on.
func (im *importer) settle(ctx context.Context) error {
	var owned bool
	if err := im.pool.QueryRow(ctx, "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'contacts'::regclass").Scan(&owned); err != nil {
		return fmt.Errorf("asking whose the tables are: %w", err)
	}
	var statements []string
	total := 0
	for month, written := range im.writer.written {
		total += written
		if written < settleFrom {
			continue
		}
		for _, table := range settled {
			if !owned { // their owner vacuums, and counts rows for others
				statements = append(statements, "SELECT settle_partition('"+months.Table(table.parent, month)+"')")
				continue
			}
			statements = append(statements, fmt.Sprintf("VACUUM (ANALYZE, PARALLEL 0) %s (%s)", months.Table(table.parent, month), table.columns))
		}
	}
	if total >= settleFrom && owned {
		statements = append(statements, "VACUUM (PARALLEL 0) contact_identities", "VACUUM (PARALLEL 0) records")
	}
	// Two at a time, as nothing else is left to do.
	waiting := make(chan string, len(statements))
	for _, statement := range statements {
		waiting <- statement
	}
	close(waiting)
	group, ctx := errgroup.WithContext(ctx)
	for range min(2, len(statements)) {
		group.Go(func() error { return im.vacuum(ctx, waiting) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("vacuuming after the import: %w", err)
	}
	return nil
}

// vacuum executes statements. VACUUM must stand alone, outside any transaction, and no caller's time limit is meant for
// it.
func (im *importer) vacuum(ctx context.Context, statements <-chan string) error {
	conn, err := im.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), "RESET statement_timeout") }()
	if _, err := conn.Exec(ctx, "SET statement_timeout = 0"); err != nil {
		return err
	}
	for statement := range statements {
		if err := conn.Conn().PgConn().Exec(ctx, statement).Close(); err != nil {
			return err
		}
	}
	return nil
}

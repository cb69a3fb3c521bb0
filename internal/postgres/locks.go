package postgres

import (
	"context"
	"fmt"
)

// recommendedLocks is the max_locks_per_transaction of the private PostgreSQL, which has room for decades.
const recommendedLocks = 1024

// Locks compares the room in the server's lock table with what a statement over the contacts of every month takes: it
// locks each month's table and its indexes. One that finds no room fails with SQLSTATE 53200.
type Locks struct {
	// PerTransaction is the server's setting max_locks_per_transaction.
	PerTransaction int
	// Transactions is for how many transactions the lock table has so much room.
	Transactions int
	// Months is how many monthly tables hold contacts.
	Months int
	// PerStatement is how many locks a statement over all months takes.
	PerStatement int
}

const readLocksSQL = `
SELECT current_setting('max_locks_per_transaction')::int,
       current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int,
       (SELECT count(*) FROM pg_partition_tree('contacts') WHERE isleaf),
       (SELECT count(*) FROM pg_partition_tree('contacts'))
       + (SELECT count(*) FROM pg_index WHERE indrelid IN (SELECT relid FROM pg_partition_tree('contacts') WHERE isleaf))`

// ReadLocks reads the figures of a migrated database.
func ReadLocks(ctx context.Context, pool *Pool) (Locks, error) {
	var l Locks
	if err := pool.QueryRow(ctx, readLocksSQL).Scan(&l.PerTransaction, &l.Transactions, &l.Months, &l.PerStatement); err != nil {
		return Locks{}, fmt.Errorf("reading the room for locks: %w", err)
	}
	return l, nil
}

// Missing is the max_locks_per_transaction to set so that as many statements over all months run at once, 0 if the
// server has the room.
func (l Locks) Missing(statements int) int {
	wanted := (l.PerStatement*statements + l.Transactions - 1) / l.Transactions
	if wanted <= l.PerTransaction {
		return 0
	}
	return max(wanted, recommendedLocks)
}

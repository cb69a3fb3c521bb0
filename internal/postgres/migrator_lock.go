package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// DefaultLockWait is how long a migrator waits for another one.
const DefaultLockWait = 5 * time.Minute

const (
	// lockInterval is how often the lock is asked for while another migrator has it.
	lockInterval = 50 * time.Millisecond
	// quietLockWait is how long it is waited for without a word.
	quietLockWait = 2 * time.Second
	// releaseTimeout is how long giving the lock up may take.
	releaseTimeout = 2 * time.Second
)

// undefinedTable is PostgreSQL's code for a table that is not there.
const undefinedTable = "42P01"

// migrationLock is the key of the advisory lock under which the schema changes.
const migrationLock int64 = 0x6b6f6e74616b7479

// lockSQL begins a transaction that lasts as long as the work of other connections, whatever the server bounds, and asks for
// the lock in it.
var lockSQL = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout');
SELECT pg_try_advisory_xact_lock(` + strconv.FormatInt(migrationLock, 10) + `)`

// lockHolderSQL finds who holds the lock. Roles without the right to see of others since when are told the rest.
const lockHolderSQL = `
SELECT a.pid, a.application_name, coalesce(a.xact_start, a.backend_start) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND (l.classid::bigint << 32 | l.objid::bigint) = $1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
LIMIT 1`

// lock waits until no other migrator works, until LockWait is over or until the context ends. The lock belongs to a
// transaction, so that it cannot be left behind in the session of a pooler. Between its statements that transaction has
// neither a snapshot nor an id, for which CREATE INDEX CONCURRENTLY of another connection would wait.
func (m *Migrator) lock(ctx context.Context, pool *Pool) (release func(), err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("locking the migrations: %w", err)
	}
	release = func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
		defer cancel()
		session := conn.Hijack()
		_ = session.PgConn().Exec(ending, "ROLLBACK").Close()
		_ = session.Close(ending) // drops the lock with certainty, some time later
	}
	if err := m.waitForLock(ctx, conn.Conn()); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

func (m *Migrator) waitForLock(ctx context.Context, conn *pgx.Conn) error {
	begun, told := time.Now(), false
	for {
		locked, err := tryLock(ctx, conn.PgConn())
		if err != nil {
			return fmt.Errorf("locking the migrations: %w", err)
		}
		if locked {
			return nil
		}
		waited := time.Since(begun)
		if waited >= m.LockWait {
			return fmt.Errorf("another migration did not end within %s%s", m.LockWait, lockHolder(ctx, conn))
		}
		if !told && waited >= quietLockWait {
			told = true
			m.Waiting("waiting for another migration" + lockHolder(ctx, conn))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for another migration: %w", ctx.Err())
		case <-time.After(lockInterval):
		}
	}
}

// tryLock asks for the lock in a transaction that stays open if it is had. It goes by the simple protocol, in which nothing
// of a statement, and so no snapshot, stays behind it.
func tryLock(ctx context.Context, conn *pgconn.PgConn) (locked bool, err error) {
	results, err := conn.Exec(ctx, lockSQL).ReadAll()
	if err != nil {
		return false, err
	}
	last := results[len(results)-1]
	if len(last.Rows) == 1 && string(last.Rows[0][0]) == "t" {
		return true, nil
	}
	return false, conn.Exec(ctx, "ROLLBACK").Close()
}

// lockHolder is in brackets who holds the lock, "" if that is nobody any more.
func lockHolder(ctx context.Context, conn *pgx.Conn) string {
	var process int
	var program string
	var since *time.Time
	err := conn.QueryRow(ctx, lockHolderSQL, migrationLock).Scan(&process, &program, &since)
	if err != nil {
		return ""
	}
	if since == nil {
		return fmt.Sprintf(" (process %d of %q)", process, program)
	}
	return fmt.Sprintf(" (process %d of %q since %s)", process, program, since.Local().Format("15:04"))
}

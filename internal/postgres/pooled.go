package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// limitTimeout is how long setting limits, or ending the transaction that they were set in, may take beyond what the caller
// waits for.
const limitTimeout = 5 * time.Second

// lendByTransaction has connections work through a pooler that lends a session for a transaction only: nothing is set while
// connecting that the pooler does not carry over, no statement is kept, and each transaction sets the limits for itself.
func (c Config) lendByTransaction(settings *pgxpool.Config) {
	settings.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	if c.PreparedStatements {
		settings.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	limits := limits{next: settings.ConnConfig.Tracer}
	var local []string
	if c.StatementTimeout > 0 {
		local = append(local, "SET LOCAL statement_timeout = "+strconv.FormatInt(max(1, c.StatementTimeout.Milliseconds()), 10))
		limits.timeout = c.StatementTimeout
	}
	if c.GenericPlans {
		local = append(local, "SET LOCAL plan_cache_mode = force_generic_plan")
	}
	limits.localSQL = strings.Join(local, "; ")
	if c.ReadOnly {
		limits.beginSQL = strings.Join(append([]string{"BEGIN READ ONLY"}, local...), "; ")
	}
	settings.ConnConfig.Tracer = limits
}

// limits sets a pool's limits anew in every transaction. pgx has a tracer called right before and right after each statement,
// on its connection, which no other hook of it is.
//
// Where the pool only reads, a statement outside a transaction gets one: read-only, with the limits. Elsewhere it is ended by
// its context, for a transaction that is committed here could fail without anybody being told.
type limits struct {
	next     pgx.QueryTracer
	beginSQL string // "" where the pool writes
	localSQL string // what a transaction of the caller begins with
	timeout  time.Duration
}

// limitedKey is under which the context of a statement has what is due after it.
type limitedKey struct{}

// afterwards is what is due after a statement.
type afterwards struct {
	cancel context.CancelFunc
	// commits says that the statement has a transaction of its own, begins that it begins the caller's.
	commits, begins bool
}

// TraceQueryStart implements pgx.QueryTracer.
func (l limits) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	due := &afterwards{}
	if ctx.Err() == nil && !conn.IsClosed() && conn.PgConn().TxStatus() == 'I' {
		switch {
		case isBegin(data.SQL):
			due.begins = l.localSQL != ""
		case l.beginSQL != "":
			due.commits = true
			if err := conn.PgConn().Exec(ctx, l.beginSQL).Close(); err != nil {
				closeNow(ctx, conn) // nothing runs without its limits
			}
		case l.timeout > 0:
			ctx, due.cancel = context.WithTimeoutCause(ctx, l.timeout, fmt.Errorf("the statement ran for %s", l.timeout))
		}
	}
	ctx = context.WithValue(ctx, limitedKey{}, due)
	if l.next != nil {
		ctx = l.next.TraceQueryStart(ctx, conn, data)
	}
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (l limits) TraceQueryEnd(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryEndData) {
	if l.next != nil {
		l.next.TraceQueryEnd(ctx, conn, data)
	}
	due, known := ctx.Value(limitedKey{}).(*afterwards)
	if !known {
		return
	}
	if due.cancel != nil {
		due.cancel()
	}
	sql := ""
	switch status := conn.PgConn().TxStatus(); {
	case conn.IsClosed():
	case due.begins && status == 'T':
		sql = l.localSQL
	case due.commits && status != 'I':
		sql = "ROLLBACK" // it only read
	}
	if sql == "" {
		return
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), limitTimeout)
	defer cancel()
	if err := conn.PgConn().Exec(ending, sql).Close(); err != nil {
		closeNow(ctx, conn)
	}
}

// isBegin says whether a statement begins a transaction, as pgx and database/sql write it.
func isBegin(sql string) bool {
	return len(sql) >= len("begin") && strings.EqualFold(sql[:len("begin")], "begin")
}

// closeNow closes a connection whose state is not known.
func closeNow(ctx context.Context, conn *pgx.Conn) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), limitTimeout)
	defer cancel()
	_ = conn.Close(ending)
}

package pgtest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Recorder records the statements that are run on a pool, in the order in which they begin: whatever Bun or pgx sends,
// begin and commit, the statements of a batch and COPY among them. It is safe for use by many goroutines.
type Recorder struct {
	mu         sync.Mutex
	statements []Statement
}

// Statement is one statement as it was sent.
type Statement struct {
	SQL string
	// Args are the values of $1, $2, …; Bun sends none, its values are in the text.
	Args []any
}

// Statements are those run since the last Reset.
func (r *Recorder) Statements() []Statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.statements)
}

// SQL is the text of Statements.
func (r *Recorder) SQL() []string {
	statements := r.Statements()
	texts := make([]string, len(statements))
	for i, statement := range statements {
		texts[i] = statement.SQL
	}
	return texts
}

// Reset forgets what was recorded.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = nil
}

func (r *Recorder) record(sql string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = append(r.statements, Statement{SQL: sql, Args: args})
}

// The tracing interfaces of pgx.
var (
	_ pgx.QueryTracer    = (*Recorder)(nil)
	_ pgx.BatchTracer    = (*Recorder)(nil)
	_ pgx.CopyFromTracer = (*Recorder)(nil)
)

// TraceQueryStart records a statement; pgx calls it.
func (r *Recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.record(data.SQL, data.Args)
	return ctx
}

// TraceQueryEnd is called by pgx; it does nothing.
func (r *Recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart is called by pgx; it does nothing.
func (r *Recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

// TraceBatchQuery records a statement of a batch; pgx calls it.
func (r *Recorder) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	r.record(data.SQL, data.Args)
}

// TraceBatchEnd is called by pgx; it does nothing.
func (r *Recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// TraceCopyFromStart records a COPY; pgx calls it.
func (r *Recorder) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData) context.Context {
	r.record("COPY "+data.TableName.Sanitize()+" ("+strings.Join(data.ColumnNames, ", ")+")", nil)
	return ctx
}

// TraceCopyFromEnd is called by pgx; it does nothing.
func (r *Recorder) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}

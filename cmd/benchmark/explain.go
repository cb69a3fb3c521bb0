package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// reader reads the report within this process, as kontakty does, and notes the statements that it sends: they are then
// explained by PostgreSQL.
type reader struct {
	pool       *postgres.Pool
	store      *report.Store
	statements *statements
}

// openReader reads the database of a URL.
func openReader(ctx context.Context, url string) (*reader, error) {
	r := &reader{statements: &statements{}}
	var err error
	r.pool, err = postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 2, ReadOnly: true, GenericPlans: true, ApplicationName: "benchmark", Tracer: r.statements})
	if err != nil {
		return nil, err
	}
	signer := relay.NewSigner([]byte("benchmark"))
	directory := directory.New(r.pool.DB, signer, time.Now)
	if err := directory.Refresh(ctx); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return nil, err
	}
	r.store = report.NewStore(r.pool.DB, directory, signer, report.Config{Zone: zone, Now: time.Now})
	return r, nil
}

func (r *reader) close() { r.pool.Close() }

// leanColumns are those of the lean page.
var leanColumns = contact.ColumnExternalID | contact.ColumnStatus

// page reads the page of a case, and gives the statements that it took.
func (r *reader) page(ctx context.Context, c pageCase) ([]statement, error) {
	page := relay.PageArgs{}
	for left := c.deep; left > 0; left -= relay.MaxPageSize {
		page.First = new(min(left, relay.MaxPageSize))
		found, err := r.list(ctx, c, page)
		if err != nil {
			return nil, err
		}
		if page.After = found.PageInfo().EndCursor; page.After == nil {
			return nil, fmt.Errorf("%s: the list is not so long", c.name)
		}
	}
	page.First = nil
	r.statements.reset()
	_, err := r.list(ctx, c, page)
	return r.statements.all(), err
}

func (r *reader) list(ctx context.Context, c pageCase, page relay.PageArgs) (*report.Connection, error) {
	return r.store.For(contact.Unlimited).List(ctx, report.ListQuery{Filter: c.filter, Order: c.order, Page: page, Columns: leanColumns})
}

// statement is one statement as it was sent.
type statement struct {
	sql       string
	arguments []any
}

// statements notes what is sent.
type statements struct {
	mu   sync.Mutex
	sent []statement
}

// TraceQueryStart notes a statement; pgx calls it.
func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, statement{data.SQL, data.Args})
	return ctx
}

// TraceQueryEnd is called by pgx; it does nothing.
func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *statements) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = nil
}

func (s *statements) all() []statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// cost is what a page costs PostgreSQL.
type cost struct {
	// buffers are blocks of 8 KiB that were looked at, wherever they lay. Their number is the same on every machine.
	buffers int
	// took is the time to plan and to run, the median of several runs of a prepared statement.
	took time.Duration
	// plan is the plan as text.
	plan string
}

// explanations is how often a statement is run to see what it costs.
const explanations = 7

// explain runs the statements of a page in a session with the plan cache's mode, prepared, as kontakty's pool keeps them.
func explain(ctx context.Context, pool *postgres.Pool, mode string, all []statement) (whole cost, err error) {
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return cost{}, err
	}
	defer connection.Release()
	if _, err := connection.Exec(ctx, "SET plan_cache_mode = "+mode+"; SET timezone = 'UTC'"); err != nil {
		return cost{}, err
	}
	for _, one := range all {
		arguments, err := literals(one.arguments)
		if err != nil {
			return cost{}, err
		}
		if _, err := connection.Exec(ctx, "PREPARE explained AS "+one.sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			return cost{}, fmt.Errorf("%w: %s", err, one.sql)
		}
		var times []float64
		for range explanations {
			var answer []byte
			call := "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE explained" + arguments
			if err := connection.QueryRow(ctx, call, pgx.QueryExecModeSimpleProtocol).Scan(&answer); err != nil {
				return cost{}, fmt.Errorf("%w: %s", err, one.sql)
			}
			var plans []struct {
				Plan struct {
					Hit  int `json:"Shared Hit Blocks"`
					Read int `json:"Shared Read Blocks"`
				}
				Planning  float64 `json:"Planning Time"`
				Execution float64 `json:"Execution Time"`
			}
			if err := json.Unmarshal(answer, &plans); err != nil {
				return cost{}, err
			}
			times = append(times, plans[0].Planning+plans[0].Execution)
			if len(times) == explanations {
				whole.buffers += plans[0].Plan.Hit + plans[0].Plan.Read
				whole.took += time.Duration(median(times) * float64(time.Millisecond))
			}
		}
		plan, err := asText(ctx, connection.Conn(), "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) EXECUTE explained"+arguments)
		if err != nil {
			return cost{}, err
		}
		whole.plan += one.sql + "\n" + plan
		if _, err := connection.Exec(ctx, "DEALLOCATE explained"); err != nil {
			return cost{}, err
		}
	}
	return whole, nil
}

func asText(ctx context.Context, connection *pgx.Conn, sql string) (string, error) {
	rows, err := connection.Query(ctx, sql, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(lines, "\n") + "\n", err
}

// literals are the arguments of a statement as SQL.
func literals(arguments []any) (string, error) {
	var all []string
	for _, argument := range arguments {
		switch value := argument.(type) {
		case pgx.QueryExecMode, pgx.QueryResultFormats, pgx.QueryResultFormatsByOID: // how pgx sends it
		case int:
			all = append(all, strconv.Itoa(value))
		case int64:
			all = append(all, strconv.FormatInt(value, 10))
		case string:
			all = append(all, quoted(value))
		case time.Time:
			all = append(all, quoted(value.UTC().Format(time.RFC3339Nano)))
		case []int64:
			all = append(all, array(value, func(n int64) string { return strconv.FormatInt(n, 10) }))
		case []string:
			all = append(all, array(value, func(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }))
		case []time.Time:
			all = append(all, array(value, func(t time.Time) string { return `"` + t.UTC().Format(time.RFC3339Nano) + `"` }))
		default:
			return "", fmt.Errorf("an argument is a %T", argument)
		}
	}
	if len(all) == 0 {
		return "", nil
	}
	return " (" + strings.Join(all, ", ") + ")", nil
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func array[T any](values []T, element func(T) string) string {
	elements := make([]string, len(values))
	for i, value := range values {
		elements[i] = element(value)
	}
	return quoted("{" + strings.Join(elements, ",") + "}")
}

// explainTo prints what the page of every case costs PostgreSQL in the database of a URL, or the plans of the cases that
// are named.
func explainTo(args []string) error {
	if len(args) == 0 {
		return errors.New("explain needs the URL of a database, and maybe names of cases")
	}
	ctx := context.Background()
	pool, err := postgres.Open(ctx, postgres.Config{URL: args[0], MaxConns: 4, PreparedStatements: true})
	if err != nil {
		return err
	}
	defer pool.Close()
	reader, err := openReader(ctx, args[0])
	if err != nil {
		return err
	}
	defer reader.close()
	things, err := findThings(ctx, pool)
	if err != nil {
		return err
	}
	for _, one := range things.cases() {
		named := slices.Contains(args[1:], one.name)
		if len(args) > 1 && !named {
			continue
		}
		sent, err := reader.page(ctx, one)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		cost, err := explain(ctx, pool, planCacheMode, sent)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		fmt.Printf("%-42s %8.2f ms %7d buffers\n", one.name, milliseconds(cost.took), cost.buffers)
		if named {
			fmt.Println(cost.plan)
		}
	}
	return nil
}

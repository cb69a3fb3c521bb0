package ingest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/pgbinary"
)

// transaction is one of pgx, or a connection that is in one.
type transaction interface {
	Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, arguments ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
	SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults
	Conn() *pgx.Conn
}

// pipeline is statements without an answer that are sent together: one round trip, whatever their number. They are prepared,
// but for those whose text is not met again.
type pipeline struct{ statements []statement }

// statement has either arguments or values in PostgreSQL's binary form.
type statement struct {
	sql       string
	arguments []any
	values    [][]byte
	once      bool
}

// queue adds a statement.
func (p *pipeline) queue(sql string, arguments ...any) {
	p.statements = append(p.statements, statement{sql: sql, arguments: arguments})
}

// queueOnce adds a statement that the session does not keep.
func (p *pipeline) queueOnce(sql string, arguments ...any) {
	p.statements = append(p.statements, statement{sql: sql, arguments: arguments, once: true})
}

// maxInserted is how many rows a statement inserts at most: each number of rows is a statement of its own to prepare.
const maxInserted = 8

// insert adds the rows of a table.
func (p *pipeline) insert(table, columns string, rows pgbinary.Rows) {
	var values [][]byte
	width, inserted := 0, 0
	flush := func() {
		if inserted > 0 {
			p.statements = append(p.statements, statement{sql: insertSQL(table, columns, width, inserted), values: values})
		}
		values, inserted = nil, 0
	}
	for row := range rows.Values() {
		width = len(row)
		values = append(values, row...)
		if inserted++; inserted == maxInserted {
			flush()
		}
	}
	flush()
}

func insertSQL(table, columns string, width, rows int) string {
	var sql strings.Builder
	sql.WriteString("INSERT INTO " + table + " (" + columns + ") VALUES ")
	for i := range width * rows {
		switch {
		case i == 0:
			sql.WriteString("($")
		case i%width == 0:
			sql.WriteString("), ($")
		default:
			sql.WriteString(", $")
		}
		sql.WriteString(strconv.Itoa(i + 1))
	}
	sql.WriteString(")")
	return sql.String()
}

// send executes all, one after the other, up to the first that fails.
func (p *pipeline) send(ctx context.Context, conn *pgx.Conn) error {
	if len(p.statements) == 0 {
		return nil
	}
	// Through a pooler that gives each transaction another session, none is kept: each is described anew.
	kept := conn.Config().DefaultQueryExecMode != pgx.QueryExecModeCacheDescribe
	prepared := make([]*pgconn.StatementDescription, len(p.statements))
	for i, s := range p.statements {
		if s.once {
			continue
		}
		name := ""
		if kept {
			name = s.sql
		}
		var err error
		if prepared[i], err = conn.Prepare(ctx, name, s.sql); err != nil {
			return fmt.Errorf("preparing to write: %w", err)
		}
	}
	sent := conn.PgConn().StartPipeline(ctx)
	for i, s := range p.statements {
		values, formats := s.values, []int16{pgx.BinaryFormatCode}
		if values == nil {
			var arguments pgx.ExtendedQueryBuilder
			if err := arguments.Build(conn.TypeMap(), prepared[i], s.arguments); err != nil {
				_ = sent.Close()
				return fmt.Errorf("writing: %w", err)
			}
			values, formats = arguments.ParamValues, arguments.ParamFormats
		}
		switch {
		case s.once:
			sent.SendQueryParams(s.sql, values, nil, formats, nil)
		case !kept:
			sent.SendQueryParams(s.sql, values, prepared[i].ParamOIDs, formats, nil)
		default:
			sent.SendQueryPrepared(prepared[i].Name, values, formats, nil)
		}
	}
	err := sent.Sync()
	for err == nil {
		var result any
		if result, err = sent.GetResults(); err != nil || result == nil {
			break
		}
		if reader, is := result.(*pgconn.ResultReader); is {
			_, err = reader.Close()
		}
	}
	if closed := sent.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

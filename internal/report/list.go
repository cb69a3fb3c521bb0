package report

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/statement"
)

// Within is a thing whose contacts alone are listed; the zero value lists all.
type Within struct {
	// Kind is the kind of thing: an agent, group, campaign, queue, classifier, SiteCall form or record.
	Kind relay.Kind
	// ID is its number.
	ID int64
}

// ListQuery asks for a page of the report.
type ListQuery struct {
	Filter  contact.Filter
	Within  Within
	Order   contact.Order
	Page    relay.PageArgs
	Columns contact.Columns
	// Counted says that TotalCount will be called: the count begins at once, on a connection of its own, and ends with
	// the context.
	Counted bool
}

// Connection is a page of the report.
type Connection struct {
	*relay.Connection[*contact.Contact]

	// ResolvedPeriod is the period that the filter came to.
	ResolvedPeriod ResolvedPeriod
}

// ResolvedPeriod is calendar dates (YYYY-MM-DD), both inclusive, in a time zone.
type ResolvedPeriod struct {
	From     string `json:"from"`
	To       string `json:"to"`
	TimeZone string `json:"timeZone"`
}

// List reads a page of the report: one statement, and another for the count if it is asked for. Errors: those of
// Resolve under "filter", INVALID_PAGE and INVALID_CURSOR.
func (s *Reader) List(ctx context.Context, q ListQuery) (*Connection, error) {
	window, err := q.Page.Window()
	if err != nil {
		return nil, err
	}
	if !q.Order.Valid() {
		return nil, fmt.Errorf("contacts ordered by %s %s", q.Order.Field, q.Order.Direction)
	}
	mark, err := s.openCursor(window)
	if err != nil {
		return nil, err
	}
	criteria, err := s.resolve(ctx, q.Filter, mark.resolvedDays(), s.Existing)
	if err != nil {
		return nil, fault.At("filter", err)
	}
	scope := q.scope(criteria, s.viewer.Reach)
	if mark != nil && mark.scope != scope {
		return nil, fault.New(fault.CursorElsewhere, window.CursorField())
	}
	if criteria, err = criteria.narrowTo(ctx, q.Within, s.directory); err != nil {
		return nil, err
	}
	count := func(ctx context.Context) (int, error) { return s.count(ctx, s.pool, criteria) }
	if q.Counted {
		count = countAsync(ctx, count)
	}
	found, err := s.page(ctx, criteria, q, window, mark)
	if err != nil {
		return nil, fmt.Errorf("reading a page of contacts: %w", err)
	}
	cursor := func(c *contact.Contact) string { return s.sealCursor(scope, criteria.days, q.Order, c) }
	return &Connection{Connection: relay.NewConnection(window, found, cursor, count), ResolvedPeriod: criteria.Period()}, nil
}

// countAsync begins a count in a goroutine of its own. What is returned waits for it; if it panics, so does who waits.
func countAsync(ctx context.Context, count func(context.Context) (int, error)) func(context.Context) (int, error) {
	counted := sync.OnceValues(func() (int, error) { return count(ctx) })
	go func() {
		defer func() { _ = recover() }() // as OnceValues tells whoever waits
		_, _ = counted()
	}()
	return func(context.Context) (int, error) { return counted() }
}

func (s *Reader) page(ctx context.Context, criteria Criteria, q ListQuery, window relay.Window, mark *bookmark) ([]*contact.Contact, error) {
	if criteria.nothing() {
		return nil, nil
	}
	columns := q.Columns | q.Order.SortColumn()
	scan := plan.Scan{
		Order: q.Order, Descending: (q.Order.Direction == contact.Descending) != window.Backward, Limit: window.Size + 1,
		After: mark.positionBehind(),
	}
	found, err := newContactRows(columns, scan.Limit).
		read(statement.With(ctx, statement.Page), s.mode(), s.pool, criteria.query().Page(scan, columns))
	s.viewer.Show(found)
	return found, err
}

func (s *Reader) count(ctx context.Context, from querier, criteria Criteria) (int, error) {
	if criteria.nothing() {
		return 0, nil
	}
	var n int
	ctx = statement.With(ctx, statement.Count)
	// Planned for its values, which go in the text: what counts millions of rows is to know how many, and to share the work.
	if err := queryAs(ctx, pgx.QueryExecModeSimpleProtocol, s.db, from, &n, criteria.query().Count()); err != nil {
		return 0, fmt.Errorf("counting contacts: %w", err)
	}
	return n, nil
}

// bookmark is what a cursor holds: the row it stands at, and the dates that the list was resolved to, so that a list
// of "today" that is read past midnight goes on with the day it began with.
type bookmark struct {
	scope    relay.Scope
	days     calendar.Days
	position plan.Position
}

const bookmarkLength = 4 + 4 + 8 + 8

func (s *Reader) sealCursor(scope relay.Scope, resolved calendar.Days, order contact.Order, c *contact.Contact) string {
	payload := make([]byte, 0, bookmarkLength)
	payload = binary.BigEndian.AppendUint32(payload, uint32(resolved.From))
	payload = binary.BigEndian.AppendUint32(payload, uint32(resolved.To))
	payload = binary.BigEndian.AppendUint64(payload, uint64(order.SortValue(c)))
	payload = binary.BigEndian.AppendUint64(payload, uint64(c.ID))
	return s.signer.Seal(scope, payload)
}

// openCursor reads the cursor of a window, nil if it has none. Errors: INVALID_CURSOR.
func (s *Reader) openCursor(window relay.Window) (*bookmark, error) {
	if window.Cursor == nil {
		return nil, nil
	}
	scope, payload, err := s.signer.Open(*window.Cursor)
	if err != nil {
		return nil, fault.At(window.CursorField(), err)
	}
	if len(payload) != bookmarkLength {
		return nil, fault.New(fault.CursorElsewhere, window.CursorField())
	}
	value := int64(binary.BigEndian.Uint64(payload[8:]))
	return &bookmark{
		scope: scope,
		days: calendar.Days{
			From: calendar.Day(int32(binary.BigEndian.Uint32(payload))),
			To:   calendar.Day(int32(binary.BigEndian.Uint32(payload[4:]))),
		},
		position: plan.Position{StartedAt: time.UnixMicro(value).UTC(), Value: value, ID: int64(binary.BigEndian.Uint64(payload[16:]))},
	}, nil
}

func (b *bookmark) resolvedDays() *calendar.Days {
	if b == nil {
		return nil
	}
	return &b.days
}

func (b *bookmark) positionBehind() *plan.Position {
	if b == nil {
		return nil
	}
	return &b.position
}

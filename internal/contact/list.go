package contact

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

const (
	// PageSize is the number of rows of a page where none is asked for.
	PageSize = 50
	// LargestPage is the most rows that a page may have.
	LargestPage = 200
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
	Filter  Filter
	Within  Within
	Order   Order
	Page    relay.PageArgs
	Columns Columns
	// Counted says that TotalCount will be called: the count begins at once, on a connection of its own, and ends with
	// the context.
	Counted bool
}

// Connection is a page of the report.
type Connection struct {
	*relay.Connection[*Contact]

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
	window, err := q.Page.Window(PageSize, LargestPage)
	if err != nil {
		return nil, err
	}
	if !q.Order.valid() {
		return nil, fmt.Errorf("contacts ordered by %s %s", q.Order.Field, q.Order.Direction)
	}
	mark, err := s.openCursor(window)
	if err != nil {
		return nil, err
	}
	criteria, err := s.resolve(ctx, q.Filter, mark.resolvedDays(), s.Known)
	if err != nil {
		return nil, fault.At("filter", err)
	}
	scope := q.scope(criteria, s.viewer.Reach)
	if mark != nil && mark.scope != scope {
		return nil, fault.New(fault.CursorElsewhere, cursorField(window))
	}
	if criteria, err = criteria.within(ctx, q.Within, s.directory); err != nil {
		return nil, err
	}
	count := func(ctx context.Context) (int, error) { return s.count(ctx, s.db.DB, criteria) }
	if q.Counted {
		count = beside(ctx, count)
	}
	found, err := s.page(ctx, criteria, q, window, mark)
	if err != nil {
		return nil, fmt.Errorf("reading a page of contacts: %w", err)
	}
	cursor := func(c *Contact) string { return s.sealCursor(scope, criteria.days, q.Order, c) }
	return &Connection{Connection: relay.NewConnection(window, found, cursor, count), ResolvedPeriod: criteria.Period()}, nil
}

// beside begins a count in a goroutine of its own. What is returned waits for it; if it panics, so does who waits.
func beside(ctx context.Context, count func(context.Context) (int, error)) func(context.Context) (int, error) {
	counted := sync.OnceValues(func() (int, error) { return count(ctx) })
	go func() {
		defer func() { _ = recover() }() // as OnceValues tells whoever waits
		_, _ = counted()
	}()
	return func(context.Context) (int, error) { return counted() }
}

func (s *Reader) page(ctx context.Context, criteria Criteria, q ListQuery, window relay.Window, mark *bookmark) ([]*Contact, error) {
	r := criteria.reading()
	r.walk = &walk{
		order: q.Order, descending: (q.Order.Direction == Descending) != window.Backward, limit: window.Size + 1,
		after: mark.placeBehind(),
	}
	if criteria.nothing() {
		return nil, nil
	}
	end, err := s.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	columns := q.Columns | q.Order.column()
	rows := newContactRows(columns, r.walk.limit)
	statement := r.page(columns)
	found, err := rows.read(ctx, pgx.QueryExecModeCacheStatement, s.db.DB, statement, r.arguments...)
	s.viewer.show(found)
	return found, err
}

func (s *Reader) count(ctx context.Context, from querier, criteria Criteria) (int, error) {
	if criteria.nothing() {
		return 0, nil
	}
	end, err := s.turn(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	r := criteria.reading()
	var n int
	// Planned for its values, which go in the text: what counts millions of rows is to know how many, and to share the work.
	if err := queryAs(ctx, pgx.QueryExecModeSimpleProtocol, s.db, from, &n, r.count(), r.arguments...); err != nil {
		return 0, fmt.Errorf("counting contacts: %w", err)
	}
	return n, nil
}

func (c Criteria) reading() reading {
	return reading{criteria: c.criteria(), intervals: c.days.intervals(c.hours, c.zone)}
}

// bookmark is what a cursor holds: the row it stands at, and the dates that the list was resolved to, so that a list
// of "today" that is read past midnight goes on with the day it began with.
type bookmark struct {
	scope relay.Scope
	days  days
	place place
}

const bookmarkLength = 4 + 4 + 8 + 8

func (s *Reader) sealCursor(scope relay.Scope, resolved days, order Order, c *Contact) string {
	value := order.sortValue(c)
	if order.Field == OrderByStartedAt {
		value = c.StartedAt.UnixMicro()
	}
	payload := make([]byte, 0, bookmarkLength)
	payload = binary.BigEndian.AppendUint32(payload, uint32(resolved.from))
	payload = binary.BigEndian.AppendUint32(payload, uint32(resolved.to))
	payload = binary.BigEndian.AppendUint64(payload, uint64(value))
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
		return nil, fault.At(cursorField(window), err)
	}
	if len(payload) != bookmarkLength {
		return nil, fault.New(fault.CursorElsewhere, cursorField(window))
	}
	value := int64(binary.BigEndian.Uint64(payload[8:]))
	return &bookmark{
		scope: scope,
		days:  days{day(int32(binary.BigEndian.Uint32(payload))), day(int32(binary.BigEndian.Uint32(payload[4:])))},
		place: place{startedAt: time.UnixMicro(value).UTC(), value: value, id: int64(binary.BigEndian.Uint64(payload[16:]))},
	}, nil
}

func (b *bookmark) resolvedDays() *days {
	if b == nil {
		return nil
	}
	return &b.days
}

func (b *bookmark) placeBehind() *place {
	if b == nil {
		return nil
	}
	return &b.place
}

func cursorField(window relay.Window) string {
	if window.Backward {
		return "before"
	}
	return "after"
}

package oracle

import (
	"context"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// examination is one case: a question, and all that is asked about it.
type examination struct {
	*examiner
	dice

	q    question
	want answer
}

func (e *examiner) examination(d dice) *examination { return &examination{examiner: e, dice: d} }

func (e *examiner) readerSignedBy(signer *relay.Signer, q question) *report.Reader {
	return report.NewStore(e.database.Pool.DB, e.directory, signer, report.Config{Zone: q.Zone, Now: func() time.Time { return q.Now }}).For(q.viewer())
}

// run makes the question up, asks it and compares. The error says what differs.
func (x *examination) run(ctx context.Context) error {
	x.q = x.w.asker(x.dice).question()
	x.want = x.w.answer(x.q)
	if len(x.want.faults) > 0 {
		x.refusals.Add(1)
		return x.refusesQuestion(ctx)
	}
	x.tally(len(x.want.rows))
	if x.chance(5) {
		if err := x.refusesPage(ctx); err != nil {
			return err
		}
	}
	if x.chance(15) {
		if err := x.streams(ctx); err != nil {
			return err
		}
	}
	switch x.IntN(4) {
	case 0:
		return x.walk(ctx, false)
	case 1:
		return x.walk(ctx, true)
	default:
		return x.jump(ctx)
	}
}

func (x *examination) refusesQuestion(ctx context.Context) error {
	_, err := x.list(ctx, x.q, relay.PageArgs{}, contact.AllColumns)
	if wrong := x.want.faults.refused(err, "filter."); wrong != nil {
		return fmt.Errorf("List: %w", wrong)
	}
	_, err = x.reader(x.q).Resolve(ctx, x.q.Filter)
	if wrong := x.want.faults.refused(err, ""); wrong != nil {
		return fmt.Errorf("Resolve: %w", wrong)
	}
	return nil
}

// refusesPage asks for pages by arguments that do not go together or are out of range.
func (x *examination) refusesPage(ctx context.Context) error {
	cursor, err := x.anyCursor(ctx)
	if err != nil {
		return err
	}
	sizes := []*int{nil, nil, pointer(0), pointer(3), pointer(200), pointer(201), pointer(-1), pointer(1 << 40)}
	args := relay.PageArgs{First: pick(x.dice, sizes), Last: pick(x.dice, sizes)}
	bounds := pageArgs{first: args.First, last: args.Last}
	if cursor != nil && x.chance(50) {
		args.After, bounds.after = cursor, x.want.rows[0]
	}
	if cursor != nil && x.chance(50) {
		args.Before, bounds.before = cursor, x.want.rows[0]
	}
	_, err = x.list(ctx, x.q, args, contact.AllColumns)
	if bounds.allowed() {
		return err
	}
	return refusedWith(fault.InvalidPage, err)
}

// anyCursor is the cursor of the first row, nil if there is none.
func (x *examination) anyCursor(ctx context.Context) (*string, error) {
	connection, err := x.list(ctx, x.q, relay.PageArgs{First: pointer(1)}, 0)
	if err != nil {
		return nil, fmt.Errorf("first page: %w", err)
	}
	return connection.PageInfo().StartCursor, nil
}

const maxWalk = 12

// walk goes through the list from one end, page by page, each asked for by the last cursor of the one before.
func (x *examination) walk(ctx context.Context, backward bool) error {
	size := pick(x.dice, []int{1, 2, 7, 50, 200, 1 + x.IntN(200)})
	var bound *row
	var cursor *string
	for range maxWalk {
		args, bounds := relay.PageArgs{First: &size, After: cursor}, pageArgs{first: &size, after: bound}
		if backward {
			args, bounds = relay.PageArgs{Last: &size, Before: cursor}, pageArgs{last: &size, before: bound}
		}
		places, err := x.page(ctx, args, bounds)
		if err != nil {
			return fmt.Errorf("walking in pages of %d, backward %t: %w", size, backward, err)
		}
		if len(places) == 0 {
			return nil
		}
		end := places[len(places)-1]
		if backward {
			end = places[0]
		}
		bound, cursor = end.row, &end.cursor
	}
	return nil
}

// jump asks for pages from anywhere within earlier pages, in both directions.
func (x *examination) jump(ctx context.Context) error {
	var args relay.PageArgs
	var bounds pageArgs
	switch x.IntN(3) {
	case 0:
		args.First = pointer(x.IntN(maxPage + 1))
	case 1:
		args.Last = pointer(x.IntN(maxPage + 1))
	}
	bounds.first, bounds.last = args.First, args.Last
	for range 1 + x.IntN(5) {
		places, err := x.page(ctx, args, bounds)
		if err != nil {
			return fmt.Errorf("page %s: %w", show(args), err)
		}
		if len(places) == 0 {
			return nil
		}
		from := pick(x.dice, places)
		if x.chance(20) {
			if err := x.refusesCursor(ctx, from.cursor); err != nil {
				return err
			}
		}
		size := maybe(x.dice, 80, x.IntN(60))
		args, bounds = relay.PageArgs{First: size, After: &from.cursor}, pageArgs{first: size, after: from.row}
		if x.chance(50) {
			args, bounds = relay.PageArgs{Last: size, Before: &from.cursor}, pageArgs{last: size, before: from.row}
		}
	}
	return nil
}

// place is a row with the cursor that the store gave for it.
type place struct {
	row    *row
	cursor string
}

// page asks for a page and compares it with the oracle's. Behind a cursor the clock goes on, past midnights too, and
// the question may come in other words.
func (x *examination) page(ctx context.Context, args relay.PageArgs, bounds pageArgs) ([]place, error) {
	q := x.q
	if bounds.after != nil || bounds.before != nil {
		q.Now = x.later(q)
		if x.chance(25) {
			q = x.respelt(q)
		}
	}
	columns := x.columns()
	connection, err := x.list(ctx, q, args, columns)
	if err != nil {
		return nil, err
	}
	if err := comparePage(connection, cut(x.want.rows, bounds), columns, x.q); err != nil {
		return nil, err
	}
	if connection.ResolvedPeriod != x.want.period {
		return nil, fmt.Errorf("the period is %v, should be %v", connection.ResolvedPeriod, x.want.period)
	}
	if bounds.after == nil && bounds.before == nil || x.chance(20) {
		total, err := connection.TotalCount(ctx)
		if err != nil || total != len(x.want.rows) {
			return nil, fmt.Errorf("totalCount is %d (%v), should be %d", total, err, len(x.want.rows))
		}
	}
	if x.chance(5) {
		if err := x.compareRelated(ctx, x.reader(q), connection.Nodes()); err != nil {
			return nil, err
		}
		if err := x.compareAfterwards(ctx, q, connection.Nodes()); err != nil {
			return nil, err
		}
	}
	var places []place
	for _, edge := range connection.Edges() {
		places = append(places, place{row: x.w.byID[edge.Node.ID], cursor: edge.Cursor()})
	}
	return places, nil
}

// later is a moment past many midnights, but for what is unfinished, which follows the clock as arrivals do.
func (x *examination) later(q question) time.Time {
	hours := time.Duration(x.IntN(100*24)) * time.Hour
	if q.Filter.Unfinished != nil && *q.Filter.Unfinished {
		return q.Now
	}
	return q.Now.Add(hours)
}

// columns are all, none or any.
func (x *examination) columns() contact.Columns {
	return pick(x.dice, []contact.Columns{0, contact.AllColumns, contact.Columns(x.Uint32()) & contact.AllColumns})
}

func show(args relay.PageArgs) string {
	text := ""
	for name, size := range map[string]*int{"first": args.First, "last": args.Last} {
		if size != nil {
			text += fmt.Sprintf("%s: %d ", name, *size)
		}
	}
	for name, cursor := range map[string]*string{"after": args.After, "before": args.Before} {
		if cursor != nil {
			text += fmt.Sprintf("%s: %s ", name, *cursor)
		}
	}
	return text
}

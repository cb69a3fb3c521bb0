package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
)

// related is what gives the things that hang on many contacts: a reader, or a snapshot of one.
type related interface {
	IVRSteps(ctx context.Context, keys []contact.Key) (map[int64][]*contact.IVRStep, error)
	Records(ctx context.Context, ids []int64) (map[int64]*contact.Record, error)
}

// compareRelated asks for all that hangs on the rows of a page, and for the rows by their numbers.
func (x *examination) compareRelated(ctx context.Context, reader *report.Reader, nodes []*contact.Contact) error {
	if err := x.compareStepsAndRecords(ctx, reader, nodes); err != nil {
		return err
	}
	if err := x.compareDetails(ctx, reader, nodes); err != nil {
		return err
	}
	return x.compareByNumber(ctx, reader, nodes)
}

func (x *examination) compareStepsAndRecords(ctx context.Context, from related, nodes []*contact.Contact) error {
	steps, err := from.IVRSteps(ctx, keysOf(nodes))
	if err != nil {
		return fmt.Errorf("IVR steps: %w", err)
	}
	wanted := map[int64]bool{}
	numbers := []int64{0, -1, math.MaxInt64}
	for _, node := range nodes {
		r := x.w.byID[node.ID]
		if r == nil {
			continue // a row too much is found by whoever compares the rows
		}
		if err := sameSteps(steps[node.ID], r.steps); err != nil {
			return fmt.Errorf("IVR steps of %d: %w", node.ID, err)
		}
		if r.RecordID != nil {
			wanted[*r.RecordID] = true
			numbers = append(numbers, *r.RecordID)
		}
	}
	records, err := from.Records(ctx, numbers)
	if err != nil || len(records) != len(wanted) {
		return fmt.Errorf("%d records (%v), should be %d", len(records), err, len(wanted))
	}
	for id := range wanted {
		if want := recordOf(id); records[id] == nil || !reflect.DeepEqual(*records[id], want) {
			return fmt.Errorf("record %d is %v, should be %v", id, records[id], want)
		}
	}
	return nil
}

func (x *examination) compareDetails(ctx context.Context, reader *report.Reader, nodes []*contact.Contact) error {
	details, _, err := reader.Details(ctx, keysOf(nodes), 16<<20)
	if !x.q.viewer().Content {
		return refusedWith(fault.Forbidden, err)
	}
	if err != nil {
		return fmt.Errorf("details: %w", err)
	}
	for _, node := range nodes {
		want := x.w.byID[node.ID].details
		is, should := written(details[node.ID]), written(want)
		if is != should {
			return fmt.Errorf("details of %d are %s, should be %s", node.ID, is, should)
		}
	}
	return nil
}

func written(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%T %s", value, text)
}

// compareByNumber asks for contacts by their own numbers, in and out of the page, and one that there is not.
func (x *examination) compareByNumber(ctx context.Context, reader *report.Reader, nodes []*contact.Contact) error {
	numbers := []int64{0, -7, math.MaxInt64, pick(x.dice, x.w.rows).ID, pick(x.dice, x.w.rows).ID}
	for _, node := range nodes {
		numbers = append(numbers, node.ID)
	}
	columns, seen := x.columns(), x.w.visibility(x.q.viewer())
	found, err := reader.Contacts(ctx, numbers, columns)
	if err != nil {
		return fmt.Errorf("contacts by number: %w", err)
	}
	for _, number := range numbers {
		got, want := found[number], x.w.byID[number]
		if want != nil && !seen.reaches(want) {
			want = nil
		}
		switch {
		case (got == nil) != (want == nil):
			return fmt.Errorf("contact %d by its number is %v, should be %v", number, got, want)
		case got == nil:
			continue
		}
		if err := compareColumns(*got, want, columns, question{Order: contact.NewestFirst, Viewer: x.q.Viewer}); err != nil {
			return fmt.Errorf("contact %d by its number: %w", number, err)
		}
	}
	return nil
}

func keysOf(nodes []*contact.Contact) []contact.Key {
	keys := make([]contact.Key, len(nodes))
	for i, node := range nodes {
		keys[i] = node.Key()
	}
	return keys
}

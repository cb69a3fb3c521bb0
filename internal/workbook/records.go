package workbook

import (
	"context"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report"
)

// joinFrom is the number of contacts from which on all records are read at once beside the contacts: ten batches have asked
// for theirs by then.
const joinFrom = 5_000

// records finds what a workbook shows of the contacts' records.
type records struct {
	all   *report.PackedRecords // those that there was room for
	found chan struct{}         // closed when they are there; nil if they never will be
}

// join reads the records of all contacts, beside the reading of the contacts.
func (r *records) join(ctx context.Context, snapshot *report.Snapshot, criteria report.Criteria) error {
	err := snapshot.Beside(ctx, func(ctx context.Context, beside *report.Snapshot) (err error) {
		if r.all, err = beside.RecordsOf(ctx, criteria); err == nil {
			close(r.found)
		}
		return err
	})
	if ctx.Err() != nil {
		return nil // all contacts are read, or their reading tells what failed
	}
	return err
}

// find finds a record; false if it must be asked for: there was no room for it, or the records are not there yet, and
// waiting for all would take longer.
func (r *records) find(id int64) (contact.Summary, bool) {
	select {
	case <-r.found:
		return r.all.Find(id)
	default:
		return contact.Summary{}, false
	}
}

// summaries appends what is shown of the record of each contact to found, and asks for the records that find does not know.
func (r *records) summaries(ctx context.Context, snapshot *report.Snapshot, contacts []*contact.Contact, found []contact.Summary) ([]contact.Summary, error) {
	var missing []int64
	for _, c := range contacts {
		var summary contact.Summary
		if c.RecordID != nil {
			var joined bool
			if summary, joined = r.find(*c.RecordID); !joined {
				missing = append(missing, *c.RecordID)
			}
		}
		found = append(found, summary)
	}
	if missing == nil {
		return found, nil
	}
	slices.Sort(missing)
	asked, err := snapshot.Records(ctx, slices.Compact(missing))
	if err != nil {
		return nil, err
	}
	for i, c := range contacts {
		if c.RecordID != nil && asked[*c.RecordID] != nil {
			found[i] = asked[*c.RecordID].Summary()
		}
	}
	return found, nil
}

package telephony

import (
	"cmp"
	"slices"
	"time"
)

// Row is one row of a table or line of a file as a telephone system wrote it.
type Row struct {
	// Kind is what the row is of, such as "cel".
	Kind Kind
	// Key is the row's own id where it has one, else a hash of its text; unique within source and kind.
	Key string
	// At is when it happened, in microseconds at most.
	At time.Time
	// Ordinal is the row's id in its table, or minus the number of its line in a file.
	Ordinal int64
	// Channel is the leg of the call that the row is about, Links what else belongs to the same call.
	Channel string
	Links   []string
	// Endpoint is the device at the channel's end, empty if unknown.
	Endpoint string
	// Fields are the row's values, in the order of its kind.
	Fields []string
}

// Kind is a kind of raw rows.
type Kind string

// The kinds of rows.
const (
	CEL           Kind = "cel"
	CDR           Kind = "cdr"
	QueueLog      Kind = "queue_log"
	Leg           Kind = "leg"
	ContactRecord Kind = "record"
)

// Kinds are all kinds, in the order of their numbers in the database.
var Kinds = []Kind{CEL, CDR, QueueLog, Leg, ContactRecord}

// Call is all rows that belong together.
type Call struct {
	// Rows are in the order of SortRows.
	Rows []Row
}

// First is the earliest instant among the rows, Last the latest one.
func (c Call) First() time.Time {
	first := c.Rows[0].At
	for i := range c.Rows {
		if at := c.Rows[i].At; at.Before(first) {
			first = at
		}
	}
	return first
}

// Last is the latest instant among the rows.
func (c Call) Last() time.Time {
	var last time.Time
	for i := range c.Rows {
		if at := c.Rows[i].At; at.After(last) {
			last = at
		}
	}
	return last
}

// maxRevisionRows is the most rows that a revision counts.
const maxRevisionRows = 999_999

// Revision is the latest second among the rows times a million, and their number. It only grows as rows come.
func (c Call) Revision() int64 {
	return c.Last().Unix()*1_000_000 + int64(min(len(c.Rows), maxRevisionRows))
}

// SortRows puts rows of one call into the order in which they happened: rows of a table by id, lines of files by time, and
// by their number where the time is whole seconds. Lines of one microsecond end things in the order of rank.
func SortRows(rows []Row, rank func(*Row) int) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		if order := cmp.Compare(a.Kind, b.Kind); order != 0 {
			return order
		}
		if a.Ordinal > 0 && b.Ordinal > 0 {
			return cmp.Compare(a.Ordinal, b.Ordinal)
		}
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		if a.At.Nanosecond() != 0 {
			if order := cmp.Compare(rank(&a), rank(&b)); order != 0 {
				return order
			}
			return cmp.Compare(a.Key, b.Key)
		}
		if order := cmp.Compare(b.Ordinal, a.Ordinal); order != 0 {
			return order
		}
		return cmp.Compare(a.Key, b.Key)
	})
}

// CallsOf cuts rows into calls: rows that share a channel or a link, transitively.
func CallsOf(rows []Row) []Call {
	calls := newUnion()
	for i := range rows {
		calls.join(&rows[i])
	}
	places := map[string]int{}
	var all []Call
	for i := range rows {
		root := calls.find(rows[i].Channel)
		place, found := places[root]
		if !found {
			place = len(all)
			places[root] = place
			all = append(all, Call{})
		}
		all[place].Rows = append(all[place].Rows, rows[i])
	}
	return all
}

// union is which ids belong together.
type union struct{ parent map[string]string }

func newUnion() *union { return &union{parent: map[string]string{}} }

func (u *union) join(row *Row) {
	u.find(row.Channel)
	for _, link := range row.Links {
		u.unite(row.Channel, link)
	}
}

func (u *union) unite(a, b string) {
	if a, b = u.find(a), u.find(b); a != b {
		u.parent[max(a, b)] = min(a, b)
	}
}

func (u *union) find(id string) string {
	parent, found := u.parent[id]
	if !found {
		u.parent[id] = id
		return id
	}
	if parent == id {
		return id
	}
	root := u.find(parent)
	u.parent[id] = root
	return root
}

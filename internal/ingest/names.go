package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

// instant is when a name was true: microseconds since 1970, and the revision of the contact that brought it. The zero
// instant is before all others.
type instant struct{ at, revision int64 }

// newest is that of a line of a thing's own kind that does not say when it changed.
var newest = instant{math.MaxInt64, math.MaxInt64}

func instantOf(c *format.Contact) instant { return instant{c.StartedAt.UnixMicro(), c.Revision} }

// instantOfChange is that of a line of a thing's own kind, which comes before contacts of the same start.
func instantOfChange(at *time.Time) instant {
	if at == nil {
		return newest
	}
	return instant{at.UnixMicro(), math.MaxInt64}
}

func (i instant) compare(o instant) int {
	return cmp.Or(cmp.Compare(i.at, o.at), cmp.Compare(i.revision, o.revision))
}

func (i instant) after(o instant) bool { return i.compare(o) > 0 }

func later(a, b instant) instant {
	if b.after(a) {
		return b
	}
	return a
}

// claim is a name of a thing, or a significant field of a record, which has a value too.
type claim struct {
	instant
	name  string
	value *string
}

// beats says which of two claims holds, whichever comes first. Only of two lines that both say nothing of when they were
// true does the one hold that comes last.
func (c claim) beats(other claim) bool {
	switch order := c.compare(other.instant); {
	case order != 0:
		return order > 0
	case c.instant == newest:
		return true
	case c.name != other.name:
		return c.name > other.name
	case c.value == nil || other.value == nil:
		return c.value != nil && other.value == nil
	default:
		return *c.value > *other.value
	}
}

func (c claim) same(other claim) bool { return c.name == other.name && sameText(c.value, other.value) }

// register is what a name is, of all the claims that lines make. What is stored may be known from later contacts than its
// instant tells: contacts that agree with it write nothing but themselves, so that they need not wait for one another. The
// rows of contacts say which names they brought, and are asked where another name would be older than they are.
type register struct {
	stored claim
	has    bool // whether any is stored
	best   claim
	// claimed says that lines of the chunk make claims, of which best is the one that holds.
	claimed bool
	// uncarried is the newest claim that the row of no contact will tell of, carried that of the chunk's own rows.
	uncarried, carried instant
	// now is what is to be stored.
	now claim
}

func (r *register) claim(c claim) {
	if !r.claimed || c.beats(r.best) {
		r.best, r.claimed = c, true
	}
}

// settle decides what is to be stored; false leaves that to the contacts that are there.
func (r *register) settle() bool {
	r.now = r.stored
	if r.claimed && (!r.has || r.best.beats(r.stored)) {
		switch {
		case !r.has, r.best.instant == newest:
			r.now = r.best
		case !r.best.same(r.stored):
			return false
		}
	}
	r.remember()
	return true
}

// settleAfter decides by the newest contact that tells of the name that is stored, zero for none.
func (r *register) settleAfter(contact instant) {
	r.now = r.stored
	r.now.instant = later(r.now.instant, contact)
	if r.best.beats(r.now) {
		r.now = r.best
	}
	r.remember()
}

// remember keeps the instant of a claim that no row tells of.
func (r *register) remember() {
	if (r.has || r.claimed) && r.uncarried.after(r.now.instant) && r.uncarried.after(r.carried) {
		r.now.instant = r.uncarried
	}
}

func (r *register) changed() bool { return !r.now.same(r.stored) || r.now.instant != r.stored.instant }

// errAlone asks for the merge to be done again with no other writer beside it: a name may change that others agree with
// while they write.
var errAlone = errors.New("a name may change")

// The bits of contacts.unnamed: what a contact refers to without a name, or without a significant field.
const unnamedRecord = 1 << dimensions

// unnamed are those of a contact.
func unnamed(c *format.Contact) int {
	bits := 0
	for d, reference := range references(c) {
		if reference != nil && reference.Name == nil {
			bits |= 1 << d
		}
	}
	if c.Record != nil && c.Record.SignificantField == nil {
		bits |= unnamedRecord
	}
	return bits
}

// pointers are the columns of contacts that point at things and records.
var pointers = [dimensions + 1]string{"campaign_id", "agent_id", "queue_id", "classifier_id", "site_call_id", "record_id"}

// settleByContacts decides by the newest contacts that tell of the names that are stored.
func settleByContacts(ctx context.Context, tx transaction, d dimension, open []*register, ids []int64) error {
	contacts := make([]instant, len(open))
	since := make([]time.Time, len(open))
	for i, r := range open {
		since[i] = time.UnixMicro(r.best.at).UTC()
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(newestContacts, pointers[d], 1<<d, slices.MinFunc(since, time.Time.Compare).Format(time.RFC3339Nano)),
		pgx.QueryExecModeExec, ids, since)
	if err != nil {
		return err
	}
	var place int
	var at time.Time
	var revision int64
	if _, err := pgx.ForEachRow(rows, []any{&place, &at, &revision}, func() error {
		contacts[place-1] = instant{at.UnixMicro(), revision}
		return nil
	}); err != nil {
		return err
	}
	for i, r := range open {
		r.settleAfter(contacts[i])
	}
	return nil
}

// newestContacts asks for the last start of a contact that points at a thing and names it, from an instant on, and for
// the highest revision of that start. The earliest start of all is a literal, so that no earlier month is looked at.
const newestContacts = `SELECT n.place, l.started_at, (
		SELECT max(i.revision) FROM contacts s JOIN contact_identities i ON i.contact_id = s.id
		WHERE s.%[1]s = n.id AND s.started_at = l.started_at AND coalesce(s.unnamed, 0) & %[2]d = 0)
	FROM unnest($1::bigint[], $2::timestamptz[]) WITH ORDINALITY n (id, since, place)
	CROSS JOIN LATERAL (
		SELECT c.started_at FROM contacts c
		WHERE c.%[1]s = n.id AND c.started_at >= n.since AND c.started_at >= '%[3]s' AND coalesce(c.unnamed, 0) & %[2]d = 0
		ORDER BY c.started_at DESC LIMIT 1) l`

func sameText(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

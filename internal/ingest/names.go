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
func (c claim) beats(known claim) bool {
	switch order := c.compare(known.instant); {
	case order != 0:
		return order > 0
	case c.instant == newest:
		return true
	case c.name != known.name:
		return c.name > known.name
	case c.value == nil || known.value == nil:
		return c.value != nil && known.value == nil
	default:
		return *c.value > *known.value
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
func (r *register) settleAfter(told instant) {
	r.now = r.stored
	r.now.instant = later(r.now.instant, told)
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

// registers are those of a dimension, or of records if it is beyond the last.
func (m *merge) registers(d dimension) (all []*register, ids []int64) {
	if int(d) == dimensions {
		for i := range m.records {
			all, ids = append(all, &m.records[i].register), append(ids, m.records[i].id)
		}
		return all, ids
	}
	for i := range m.all[d] {
		all, ids = append(all, &m.all[d][i].register), append(ids, int64(m.all[d][i].id))
	}
	return all, ids
}

// pointers are the columns of contacts that point at things and records.
var pointers = [dimensions + 1]string{"campaign_id", "agent_id", "queue_id", "classifier_id", "site_call_id", "record_id"}

// settle decides on all names and significant fields. Names are settled among the contacts that are there only while
// nobody else writes any; significant fields are locked with their records.
func (m *merge) settle(ctx context.Context, tx transaction, entries []entry, alone bool) error {
	m.gather(entries)
	for d := range pointers {
		all, ids := m.registers(dimension(d))
		var open []*register
		var asked []int64
		for i, r := range all {
			if !r.settle() {
				open, asked = append(open, r), append(asked, ids[i])
			}
		}
		switch {
		case open == nil:
		case !alone && d < dimensions:
			return errAlone
		default:
			if err := settleByContacts(ctx, tx, dimension(d), open, asked); err != nil {
				return fmt.Errorf("reading which contacts tell of a name: %w", err)
			}
		}
	}
	return nil
}

// gather tells the registers which claims have a row.
func (m *merge) gather(entries []entry) {
	note := func(e *entry, into func(*register) *instant) {
		at := instantOf(e.Contact)
		for d, reference := range references(e.Contact) {
			if reference != nil && reference.Name != nil {
				kept := into(&m.all[d][e.at.things[d]].register)
				*kept = later(*kept, at)
			}
		}
		if e.Contact.Record != nil && e.Contact.Record.SignificantField != nil {
			kept := into(&m.records[e.at.record].register)
			*kept = later(*kept, at)
		}
	}
	lost := func(r *register) *instant { return &r.uncarried }
	for i := range entries {
		e := &entries[i]
		if e.claims && !m.lands(e) {
			m.unwritten = append(m.unwritten, e)
			note(e, lost)
		}
	}
	m.gatherStored()
	if len(m.unwritten)+len(m.compared) > 0 {
		for i := range m.landings {
			note(m.landings[i].entry, func(r *register) *instant { return &r.carried })
		}
	}
}

// lands says whether an entry is what is written of its contact.
func (m *merge) lands(e *entry) bool {
	l := m.identities[e.at.contact].landing
	return l != nil && l.entry == e
}

// gatherStored takes in what the rows of contacts claim that lines name in other words: rows that are replaced tell
// nothing any longer.
func (m *merge) gatherStored() {
	if len(m.compared) == 0 {
		return
	}
	var known [dimensions + 1]map[int64]*register
	for d := range known {
		known[d] = map[int64]*register{}
		all, ids := m.registers(dimension(d))
		for i, r := range all {
			if ids[i] != 0 {
				known[d][ids[i]] = r
			}
		}
	}
	for _, identity := range m.compared {
		c := identity.storedContent
		at := instant{identity.storedAt.UnixMicro(), identity.storedRevision}
		for d, id := range c.pointers {
			switch r := known[d][id]; {
			case id == 0 || c.unnamed&(1<<d) != 0:
			case r == nil && identity.landing != nil:
				if m.orphans[d] == nil {
					m.orphans[d] = map[int64]instant{}
				}
				m.orphans[d][id] = later(m.orphans[d][id], at)
			case r == nil:
			case identity.landing != nil:
				r.uncarried = later(r.uncarried, at)
			default:
				r.carried = later(r.carried, at)
			}
		}
	}
}

// settleByContacts decides by the newest contacts that tell of the names that are stored.
func settleByContacts(ctx context.Context, tx transaction, d dimension, open []*register, ids []int64) error {
	told := make([]instant, len(open))
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
		told[place-1] = instant{at.UnixMicro(), revision}
		return nil
	}); err != nil {
		return err
	}
	for i, r := range open {
		r.settleAfter(told[i])
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

// keepOrphans keeps the instants of names that replaced contacts told of, and that the chunk does not name.
func (m *merge) keepOrphans(ctx context.Context, tx transaction) error {
	for d, all := range m.orphans {
		if len(all) == 0 {
			continue
		}
		table, at, revision := "records", "significant_at", "significant_revision"
		if d < dimensions {
			table, at, revision = dimensionTables[d], "named_at", "named_revision"
		}
		var ids, instants, revisions []int64
		for id, i := range all {
			ids, instants, revisions = append(ids, id), append(instants, i.at), append(revisions, i.revision)
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(`UPDATE %s t SET %s = n.at, %s = n.revision FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) n (id, at, revision)
			WHERE t.id = n.id AND (coalesce(t.%[2]s, 0), coalesce(t.%[3]s, 0)) < (n.at, n.revision)`, table, at, revision), ids, instants, revisions); err != nil {
			return fmt.Errorf("keeping when names were true: %w", err)
		}
	}
	return nil
}

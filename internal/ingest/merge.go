package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// identity is a contact that lines of a chunk name, as it stands after the lines taken so far.
type identity struct {
	exists   bool // to the database, or to a line before
	id       int64
	stored   bool
	storedAt time.Time // its start in the database
	// storedRevision and storedContent are those of the row in the database, whatever lines say; the latter only if compared.
	storedRevision int64
	storedContent  *content
	revision       int64
	hash           [16]byte
	content        *content // where a line of an equal revision is to be compared with it
	landing        *landing // what is to be written, nil while nothing is
}

// landing is a line that is to be written, with what it points at.
type landing struct {
	*entry
	identity *identity
	things   [dimensions]*thing
	record   *record
}

// record is a client's record as it is while the lines of a chunk are taken one after the other.
type record struct {
	register   // of its significant field
	externalID string
	exists     bool
	made       bool  // by the chunk
	id         int64 // 0 until it is made
}

// merge takes the lines of one chunk, one after the other, from the state that the database is in. Only what comes out
// is written. So a chunk means what its lines mean, and the database is asked and told in sets.
type merge struct {
	things
	starts Starts
	// identities and records are in the places of their mentions.
	identities []identity
	records    []record
	// rules are those of facts.
	rules contact.FactRules
	// landings and made are in the order of the lines.
	landings []landing
	made     []*record
	// strict refuses to call a thing by its externalId until its name comes.
	strict bool
	// compared are contacts whose rows were read, unwritten the lines that make claims and become no rows.
	compared  []*identity
	unwritten []*entry
	// orphans are when names were true that rows told of which are replaced, by our own numbers of what no line names.
	orphans [dimensions + 1]map[int64]instant

	counts Result
	faults []*format.Fault
}

// read queues the questions for all that the lines name.
func (m *merge) read(batch *pgx.Batch, mentions *mentions) {
	m.identities = make([]identity, len(mentions.contacts.externalIDs))
	m.records = make([]record, len(mentions.records.externalIDs))
	m.landings = make([]landing, 0, len(m.identities))
	batch.Queue(`SELECT external_id, contact_id, started_at, revision, content_hash FROM contact_identities
		WHERE external_id = ANY ($1::text[])`, mentions.contacts.externalIDs).Query(m.readIdentities)
	if len(m.records) > 0 {
		batch.Queue(`SELECT external_id, id, significant_name, significant_value, coalesce(significant_at, 0), coalesce(significant_revision, 0) FROM records
			WHERE external_id = ANY ($1::text[])`, mentions.records.externalIDs).Query(m.readRecords)
	}
	m.things.read(batch, mentions)
	batch.Queue(factRules).QueryRow(func(row pgx.Row) (err error) {
		m.rules, err = scanFactRules(row)
		return err
	})
}

// factRules reads the rules of facts, which are the database's: all that write into it work facts out by the same.
const factRules = "SELECT version, self_service_tiles FROM fact_rules"

// ReadFactRules reads by which rules facts are worked out.
func ReadFactRules(ctx context.Context, db interface {
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
},
) (contact.FactRules, error) {
	return scanFactRules(db.QueryRow(ctx, factRules))
}

func scanFactRules(row pgx.Row) (rules contact.FactRules, err error) {
	var version int
	if err := row.Scan(&version, &rules.SelfServiceTiles); err != nil {
		return rules, fmt.Errorf("reading the rules of facts: %w", err)
	}
	rules.Newer = version > contact.FactsVersion
	return rules, nil
}

func (m *merge) readIdentities(rows pgx.Rows) error {
	for rows.Next() {
		var externalID string
		var hash []byte
		existing := identity{exists: true, stored: true}
		if err := rows.Scan(&externalID, &existing.id, &existing.storedAt, &existing.revision, &hash); err != nil {
			return err
		}
		copy(existing.hash[:], hash)
		existing.storedRevision = existing.revision
		m.identities[m.mentions.contacts.of[externalID]] = existing
	}
	return rows.Err()
}

func (m *merge) readRecords(rows pgx.Rows) error {
	for rows.Next() {
		existing := record{exists: true}
		var name *string
		if err := rows.Scan(&existing.externalID, &existing.id, &name, &existing.stored.value, &existing.stored.at, &existing.stored.revision); err != nil {
			return err
		}
		if name != nil {
			existing.has, existing.stored.name = true, *name
		}
		m.records[m.mentions.records.of[existing.externalID]] = existing
	}
	return rows.Err()
}

func (m *merge) take(e *entry) {
	m.counts.Lines++
	e.noted, e.claims = nil, false
	if e.fault != nil {
		m.skip(e.fault)
		return
	}
	skipped := m.counts.Skipped
	switch e.Kind {
	case format.ContactKind:
		m.takeContact(e)
	case format.AgentKind:
		x := m.describe(agents, e, e.Agent.Name, e.Agent.ChangedAt)
		x.state.claim(agentState{instantOfChange(e.Agent.ChangedAt), e.Agent.DeletedAt, distinct(e.Agent.Groups)})
	default:
		m.describe(dimensionOf[e.Kind], e, e.Named.Name, e.Named.ChangedAt)
	}
	mended := func(one format.Repair) bool { return !one.Kept }
	if m.counts.Skipped == skipped && (slices.ContainsFunc(e.Repairs, mended) || slices.ContainsFunc(e.noted, mended)) {
		m.counts.Repaired++
	}
}

func (m *merge) skip(fault *format.Fault) {
	m.counts.Skipped++
	m.faults = append(m.faults, fault)
}

func (m *merge) describe(d dimension, e *entry, name string, changed *time.Time) *thing {
	x := m.refer(d, e.at.things[d])
	at := instantOfChange(changed)
	x.described = true
	x.claim(claim{instant: at, name: name})
	x.uncarried = later(x.uncarried, at)
	m.counts.Described++
	return x
}

func (m *merge) takeContact(e *entry) {
	c := e.Contact
	existing := &m.identities[e.at.contact]
	reason := m.starts.reason(c.StartedAt)
	switch {
	case !existing.exists:
	case c.Revision < existing.revision:
		m.counts.Stale++
		if reason == "" {
			m.claim(e)
		}
		return
	case e.prepared.hash == existing.hash:
		m.counts.Unchanged++
		return
	}
	if reason != "" {
		m.skip(e.faulty("startedAt", reason))
		return
	}
	if m.strict {
		for d, reference := range references(c) {
			if reference != nil && reference.Name == nil && !m.all[d][e.at.things[d]].exists {
				m.skip(e.faulty(referenceFields[d], "is not known yet, so a name is required"))
				return
			}
		}
	}
	m.claim(e)
	collided := m.counts.Collided
	if m.takeEqual(e, existing) {
		return
	}
	l := landing{entry: e, identity: existing}
	for d, reference := range references(c) {
		if reference != nil {
			l.things[d] = &m.all[d][e.at.things[d]]
		}
	}
	if c.Record != nil {
		l.record = &m.records[e.at.record]
	}
	switch {
	case m.counts.Collided > collided:
	case existing.exists:
		m.counts.Replaced++
	default:
		m.counts.Recorded++
	}
	if existing.landing == nil {
		m.landings = append(m.landings, l) // there is room for one of every contact
		existing.landing = &m.landings[len(m.landings)-1]
	} else {
		// The line before is not written at all; this one takes its place.
		*existing.landing = l
	}
	existing.exists, existing.revision, existing.hash, existing.content = true, c.Revision, e.prepared.hash, contentOf(c)
}

// claim makes what a contact refers to and takes in what it says of it, whether the contact itself is kept or not: so that
// nothing depends on which of its revisions comes first.
func (m *merge) claim(e *entry) {
	e.claims = true
	at := instantOf(e.Contact)
	for d, reference := range references(e.Contact) {
		if reference == nil {
			continue
		}
		if reference.Name == nil && !m.all[d][e.at.things[d]].exists {
			e.noted = append(e.noted, format.Repair{Fault: *e.faulty(referenceFields[d], "is not known yet, and is called by its key until a name comes")})
		}
		if x := m.refer(dimension(d), e.at.things[d]); reference.Name != nil {
			x.claim(claim{instant: at, name: *reference.Name})
		}
	}
	reference := e.Contact.Record
	if reference == nil {
		return
	}
	r := &m.records[e.at.record]
	if !r.exists {
		r.exists, r.made, r.externalID = true, true, reference.ExternalID
		m.made = append(m.made, r)
	}
	if field := reference.SignificantField; field != nil {
		r.claim(claim{at, field.Name, field.Value})
	}
}

// ids are our own numbers of the contacts of entries that were not skipped.
func (m *merge) ids(entries []entry) []int64 {
	skipped := make(map[int]bool, len(m.faults))
	for _, fault := range m.faults {
		skipped[fault.Line] = true
	}
	ids := make([]int64, 0, len(entries))
	for i := range entries {
		if e := &entries[i]; !skipped[e.number] {
			ids = append(ids, m.identities[e.at.contact].id)
		}
	}
	return ids
}

// written are our own numbers of the contacts written: those that are new, and those that replaced others.
func (m *merge) written() (recorded, replaced []int64) {
	for i := range m.landings {
		if identity := m.landings[i].identity; identity.stored {
			replaced = append(replaced, identity.id)
		} else {
			recorded = append(recorded, identity.id)
		}
	}
	return recorded, replaced
}

// newStarts are the starts of the contacts to be written.
func (m *merge) newStarts() []time.Time {
	starts := make([]time.Time, len(m.landings))
	for i := range m.landings {
		starts[i] = m.landings[i].Contact.StartedAt
	}
	return starts
}

// distinct keeps the first of equal texts.
func distinct(all []string) []string {
	seen := make(map[string]struct{}, len(all))
	kept := make([]string, 0, len(all))
	for _, s := range all {
		if _, again := seen[s]; !again {
			seen[s] = struct{}{}
			kept = append(kept, s)
		}
	}
	return kept
}

// append appends the row of a record that is made.
func (r *record) append(rows *pgbinary.Rows) {
	if !r.claimed {
		appendRecord(rows, r.id, r.externalID, nil, instant{})
		return
	}
	appendRecord(rows, r.id, r.externalID, &format.SignificantField{Name: r.now.name, Value: r.now.value}, r.now.instant)
}

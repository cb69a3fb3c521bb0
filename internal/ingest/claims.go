package ingest

import (
	"context"
	"fmt"
)

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
	var registers [dimensions + 1]map[int64]*register
	for d := range registers {
		registers[d] = map[int64]*register{}
		all, ids := m.registers(dimension(d))
		for i, r := range all {
			if ids[i] != 0 {
				registers[d][ids[i]] = r
			}
		}
	}
	for _, identity := range m.compared {
		c := identity.storedContent
		at := instant{identity.storedAt.UnixMicro(), identity.storedRevision}
		for d, id := range c.pointers {
			switch r := registers[d][id]; {
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

// changed says whether anything but contacts and their records is to be written.
func (m *merge) changed() bool {
	for _, all := range m.orphans {
		if len(all) > 0 {
			return true
		}
	}
	return m.things.changed()
}

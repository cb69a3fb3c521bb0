package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/months"
)

// content is what a line of an equal revision is compared with: such a line may be a later word on the contact, an earlier
// one that comes late, or another contact whose externalId was used again.
type content struct {
	kind      contact.Type
	status    contact.Status
	source    *string
	startedAt time.Time
	// pointers are our own numbers of what a row points at, and unnamed what of it the row brought no name of.
	pointers [dimensions + 1]int64
	unnamed  int
}

func contentOf(c *format.Contact) *content {
	return &content{kind: c.Type, status: c.Status, source: c.SourceAddress, startedAt: c.StartedAt}
}

// standing orders statuses by what they say of a contact: one that still rings or waits says least, an answered one most.
var standing = []contact.Status{
	contact.Ringing, contact.Pending, contact.ClassifierOnly, contact.Failed, contact.Busy, contact.NoAnswer, contact.Answered,
}

// earlier says that a contact of the same revision is an earlier word on what is known, whichever comes first.
func (existing *content) earlier(c *format.Contact) bool {
	return slices.Index(standing, c.Status) < slices.Index(standing, existing.status)
}

// collides says that a contact of the same revision is another one: it starts at another time, and is of another type or
// comes from elsewhere.
func (existing *content) collides(c *format.Contact) bool {
	return !existing.startedAt.Equal(c.StartedAt) && (existing.kind != c.Type || !sameText(existing.source, c.SourceAddress))
}

// compare asks for the content of the contacts that lines tell in other words.
func (m *merge) compare(ctx context.Context, tx transaction, entries []entry) error {
	var ids []int64
	var starts []time.Time
	asked := map[int64]*identity{}
	for i := range entries {
		e := &entries[i]
		if e.fault != nil || e.Contact == nil {
			continue
		}
		existing := &m.identities[e.at.contact]
		if existing.stored && existing.hash != e.prepared.hash && asked[existing.id] == nil {
			asked[existing.id] = existing
			ids, starts = append(ids, existing.id), append(starts, existing.storedAt)
		}
	}
	if ids == nil {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT c.id, c.type::text, c.status::text, c.source_address, c.started_at, coalesce(c.campaign_id, 0), coalesce(c.agent_id, 0),
			coalesce(c.queue_id, 0), coalesce(c.classifier_id, 0), coalesce(c.site_call_id, 0), coalesce(c.record_id, 0), coalesce(c.unnamed, 0)
		FROM unnest($1::timestamptz[], $2::bigint[]) o (started_at, id) JOIN contacts c ON c.started_at = o.started_at AND c.id = o.id
		WHERE `+months.InSQL("c.started_at", starts), pgx.QueryExecModeExec, starts, ids)
	if err != nil {
		return fmt.Errorf("reading contacts to compare: %w", err)
	}
	for rows.Next() {
		var id int64
		one := &content{}
		p := &one.pointers
		if err := rows.Scan(&id, (*string)(&one.kind), (*string)(&one.status), &one.source, &one.startedAt, &p[campaigns], &p[agents], &p[queues],
			&p[classifiers], &p[siteCalls], &p[dimensions], &one.unnamed); err != nil {
			return fmt.Errorf("reading contacts to compare: %w", err)
		}
		asked[id].content, asked[id].storedContent = one, one
		m.compared = append(m.compared, asked[id])
	}
	return rows.Err()
}

// takeEqual decides on a contact of the revision that is known, with other content: true leaves what is known.
func (m *merge) takeEqual(e *entry, existing *identity) bool {
	switch {
	case existing.content == nil || existing.revision != e.Contact.Revision:
		return false
	case existing.content.collides(e.Contact):
		// The later one stays, whichever comes first.
		m.counts.Collided++
		e.noted = append(e.noted, format.Collision(e.source, e.number))
		return e.Contact.StartedAt.Before(existing.content.startedAt)
	case existing.content.earlier(e.Contact):
		m.counts.Stale++
		return true
	}
	return false
}

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
// one that comes late, or another contact whose key was used again.
type content struct {
	kind      contact.Type
	status    contact.Status
	source    *string
	startedAt time.Time
}

func contentOf(c *format.Contact) *content {
	return &content{c.Type, c.Status, c.SourceAddress, c.StartedAt}
}

// open are the statuses that another one follows.
var open = []contact.Status{contact.Ringing, contact.Pending}

// earlier says that a contact of the same revision is an earlier word on what is known: it still rings or waits.
func (known *content) earlier(c *format.Contact) bool {
	return slices.Contains(open, c.Status) && !slices.Contains(open, known.status)
}

// collides says that a contact of the same revision is another one: it starts at another time, and is of another type or
// comes from elsewhere.
func (known *content) collides(c *format.Contact) bool {
	return !known.startedAt.Equal(c.StartedAt) && (known.kind != c.Type || !sameText(known.source, c.SourceAddress))
}

// readEqual asks for the content of what lines of an equal revision would replace.
func (m *merge) readEqual(ctx context.Context, tx transaction, entries []entry) error {
	var ids []int64
	var starts []time.Time
	asked := map[int64]*identity{}
	for i := range entries {
		e := &entries[i]
		if e.fault != nil || e.Contact == nil {
			continue
		}
		known := &m.identities[e.at.contact]
		if known.stored && known.revision == e.Contact.Revision && known.hash != e.prepared.hash && asked[known.id] == nil {
			asked[known.id] = known
			ids, starts = append(ids, known.id), append(starts, known.storedAt)
		}
	}
	if ids == nil {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT c.id, c.type::text, c.status::text, c.source_address, c.started_at
		FROM unnest($1::timestamptz[], $2::bigint[]) o (started_at, id) JOIN contacts c ON c.started_at = o.started_at AND c.id = o.id
		WHERE `+months.In("c.started_at", starts), pgx.QueryExecModeExec, starts, ids)
	if err != nil {
		return fmt.Errorf("reading contacts of equal revisions: %w", err)
	}
	for rows.Next() {
		var id int64
		one := &content{}
		if err := rows.Scan(&id, (*string)(&one.kind), (*string)(&one.status), &one.source, &one.startedAt); err != nil {
			return fmt.Errorf("reading contacts of equal revisions: %w", err)
		}
		asked[id].content = one
	}
	return rows.Err()
}

// takeEqual decides on a contact of the revision that is known, with other content: true leaves what is known.
func (m *merge) takeEqual(e *entry, known *identity) bool {
	switch {
	case known.content == nil || known.revision != e.Contact.Revision:
		return false
	case known.content.collides(e.Contact):
		// The later one stays, whichever comes first.
		m.counts.Collided++
		e.Repairs = append(e.Repairs, format.Collision(e.source, e.number))
		return e.Contact.StartedAt.Before(known.content.startedAt)
	case known.content.earlier(e.Contact):
		m.counts.Stale++
		return true
	}
	return false
}

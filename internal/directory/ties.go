package directory

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/relay"
)

// Ties gathers which small things the contacts of every campaign and of every agent point at. By them a reader who is
// restricted to some campaigns and agents is told of these things and of no others, without a search among contacts.
// Whoever writes contacts adds theirs and writes them in the same transaction. Ties are never removed. It belongs to
// one goroutine.
type Ties struct {
	written map[uint64]bool
	fresh   []uint64
}

// Row is what a contact points at, by our own numbers; 0 is nothing.
type Row struct{ Campaign, Agent, Queue, Classifier, SiteCall int }

// ownerKinds and thingKinds are the kinds by their number in a packed tie.
var (
	ownerKinds = [...]relay.Kind{relay.CampaignKind, relay.AgentKind}
	thingKinds = [...]relay.Kind{relay.CampaignKind, relay.AgentKind, relay.QueueKind, relay.ClassifierKind, relay.SiteCallKind}
)

// A tie is packed into one number, so that the millions that are known already cost little: three bits for the kinds,
// thirty for the owner and thirty for the thing.
func pack(owner, ownerID, thing, thingID int) uint64 {
	return uint64(owner)<<63 | uint64(thing)<<60 | uint64(ownerID)<<30 | uint64(thingID)
}

const thirtyBits = 1<<30 - 1

// Add takes a contact in.
func (t *Ties) Add(row Row) {
	things := [len(thingKinds)]int{row.Campaign, row.Agent, row.Queue, row.Classifier, row.SiteCall}
	for owner, ownerID := range [len(ownerKinds)]int{row.Campaign, row.Agent} {
		if ownerID == 0 {
			continue
		}
		for thing, thingID := range things {
			if thingID == 0 || thing == owner {
				continue
			}
			t.add(pack(owner, ownerID, thing, thingID))
		}
	}
}

func (t *Ties) add(tie uint64) {
	if t.written[tie] {
		return
	}
	if t.written == nil {
		t.written = map[uint64]bool{}
	}
	t.written[tie] = true
	t.fresh = append(t.fresh, tie)
}

// Merge takes in what another has gathered.
func (t *Ties) Merge(other *Ties) {
	for _, tie := range other.fresh {
		t.add(tie)
	}
}

// columns are ties as parameters of a statement.
func columns(ties []uint64) []any {
	var ownerNames, thingNames []string
	var owners, things []int64
	for _, tie := range ties {
		ownerNames = append(ownerNames, string(ownerKinds[tie>>63]))
		thingNames = append(thingNames, string(thingKinds[tie>>60&7]))
		owners, things = append(owners, int64(tie>>30&thirtyBits)), append(things, int64(tie&thirtyBits))
	}
	return []any{ownerNames, owners, thingNames, things}
}

// QueueQuestion queues the question which of what was added since the last time is missing. The others are then not
// written: most contacts have no tie that is new, and need not wait for one another.
func (t *Ties) QueueQuestion(batch *pgx.Batch) {
	if len(t.fresh) == 0 {
		return
	}
	asked := t.fresh
	batch.Queue(`SELECT place FROM unnest($1::text[], $2::int[], $3::text[], $4::int[]) WITH ORDINALITY n (owner_kind, owner_id, thing_kind, thing_id, place)
		WHERE NOT EXISTS (SELECT FROM contact_ties t WHERE t.owner_kind = n.owner_kind AND t.owner_id = n.owner_id
			AND t.thing_kind = n.thing_kind AND t.thing_id = n.thing_id)`, columns(asked)...).Query(func(rows pgx.Rows) error {
		t.fresh = nil
		var place int64
		_, err := pgx.ForEachRow(rows, []any{&place}, func() error {
			t.fresh = append(t.fresh, asked[place-1])
			return nil
		})
		return err
	})
}

// Ask asks it alone.
func (t *Ties) Ask(ctx context.Context, tx interface {
	SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults
},
) error {
	batch := &pgx.Batch{}
	t.QueueQuestion(batch)
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("asking which ties are missing: %w", err)
	}
	return nil
}

// Queue queues statements that write what is missing. After a transaction that was not committed, begin anew.
func (t *Ties) Queue(queue func(sql string, arguments ...any)) {
	if len(t.fresh) == 0 {
		return
	}
	// One at a time, so that the numbers of ties become visible in their order: a program of before reads on from the last it knows.
	queue("SELECT pg_advisory_xact_lock(hashtext('contact_ties are written'))")
	queue(`INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id)
		SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::int[]) ON CONFLICT DO NOTHING`, columns(t.fresh)...)
	t.fresh = nil
}

// Write asks and writes.
func (t *Ties) Write(ctx context.Context, tx pgx.Tx) error {
	if err := t.Ask(ctx, tx); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	t.Queue(func(sql string, arguments ...any) { batch.Queue(sql, arguments...) })
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("writing ties: %w", err)
	}
	return nil
}

package directory

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

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

// Write writes what was added since the last time. After a transaction that was not committed, begin anew.
func (t *Ties) Write(ctx context.Context, tx pgx.Tx) error {
	if len(t.fresh) == 0 {
		return nil
	}
	var ownerNames, thingNames []string
	var owners, things []int64
	for _, tie := range t.fresh {
		ownerNames = append(ownerNames, string(ownerKinds[tie>>63]))
		thingNames = append(thingNames, string(thingKinds[tie>>60&7]))
		owners, things = append(owners, int64(tie>>30&thirtyBits)), append(things, int64(tie&thirtyBits))
	}
	// One at a time, so that the numbers of ties become visible in their order: a directory reads on from the last it knows.
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('contact_ties are written'))"); err != nil {
		return fmt.Errorf("writing ties: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id)
		SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::int[]) ON CONFLICT DO NOTHING`,
		ownerNames, owners, thingNames, things); err != nil {
		return fmt.Errorf("writing ties: %w", err)
	}
	t.fresh = t.fresh[:0]
	return nil
}

// tied is a campaign or an agent, or a thing that its contacts point at.
type tied struct {
	kind relay.Kind
	id   int64
}

// loadTies adds the ties behind a number to those held before, and gives the last number. What was held is not changed. The
// ties of an owner come as one text: there are hundreds of thousands, and a process must start at once.
func loadTies(ctx context.Context, db *bun.DB, before map[tied][]tied, behind int64) (map[tied][]tied, int64, error) {
	var rows []struct {
		OwnerKind relay.Kind
		OwnerID   int64
		ThingKind relay.Kind
		Things    string
		Last      int64
	}
	reading := db.NewSelect().Table("contact_ties").Column("owner_kind", "owner_id", "thing_kind").
		ColumnExpr("string_agg(thing_id::text, ',') AS things").ColumnExpr("max(id) AS last").
		Where("id > ?", behind).Group("owner_kind", "owner_id", "thing_kind")
	if err := reading.Scan(ctx, &rows); err != nil {
		return nil, 0, fmt.Errorf("reading ties: %w", err)
	}
	if len(rows) == 0 {
		return before, behind, nil
	}
	all := make(map[tied][]tied, len(before))
	for owner, things := range before {
		all[owner] = things[:len(things):len(things)]
	}
	for _, row := range rows {
		owner := tied{row.OwnerKind, row.OwnerID}
		for number := range strings.SplitSeq(row.Things, ",") {
			id, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				return nil, 0, fmt.Errorf("reading ties: %w", err)
			}
			all[owner] = append(all[owner], tied{row.ThingKind, id})
		}
		behind = max(behind, row.Last)
	}
	return all, behind, nil
}

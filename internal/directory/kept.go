package directory

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

const (
	// keptFor is how long what was read of ties is used, if nobody says that it changed.
	keptFor = time.Minute
	// maxOwners and maxThings are of how many owners ties are kept, and to how many things in all.
	maxOwners = 10_000
	maxThings = 1_000_000
)

// owner is whose ties there are: an agent by the number, a campaign by its negative, as notifications name them.
type owner int64

// owners are some agents and campaigns.
func owners(campaigns, agents contact.Set[int64]) []owner {
	all := make([]owner, 0, len(campaigns)+len(agents))
	for _, id := range campaigns {
		all = append(all, owner(-id))
	}
	for _, id := range agents {
		all = append(all, owner(id))
	}
	return all
}

// tied is a thing that the contacts of an owner point at, its kind by the place in thingKinds.
type tied struct {
	kind uint8
	id   int32
}

// keptTies are the ties of the owners that were asked for lately. It is safe for use by many goroutines.
type keptTies struct {
	db  *bun.DB
	now func() time.Time

	mu      sync.Mutex
	byOwner map[owner]keptThings
	things  int
	// forgotten is how often something was: what was read before is not kept after.
	forgotten int
}

// keptThings are all that an owner is tied to. They are never changed.
type keptThings struct {
	things []tied
	until  time.Time
}

// of are the things that some owners are tied to, a list for each. What is not kept is read.
func (k *keptTies) of(ctx context.Context, owners []owner) ([][]tied, error) {
	now := k.now()
	things := make([][]tied, 0, len(owners))
	var missing []owner
	k.mu.Lock()
	forgotten := k.forgotten
	for _, one := range owners {
		if kept, found := k.byOwner[one]; found && now.Before(kept.until) {
			things = append(things, kept.things)
		} else {
			missing = append(missing, one)
		}
	}
	k.mu.Unlock()
	if missing == nil {
		return things, nil
	}
	read, err := k.read(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, one := range missing {
		things = append(things, read[one])
	}
	k.keep(missing, read, now.Add(keptFor), forgotten)
	return things, nil
}

// keep keeps what was read of some owners, unless something was forgotten since the reading began. Those of others go if
// that is too much together.
func (k *keptTies) keep(owners []owner, read map[owner][]tied, until time.Time, forgotten int) {
	size := 0
	for _, things := range read {
		size += len(things)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.forgotten != forgotten || len(owners) > maxOwners || size > maxThings {
		return
	}
	if k.byOwner == nil || len(k.byOwner)+len(owners) > maxOwners || k.things+size > maxThings {
		k.byOwner, k.things = map[owner]keptThings{}, 0
	}
	for _, one := range owners {
		k.things += len(read[one]) - len(k.byOwner[one].things)
		k.byOwner[one] = keptThings{read[one], until}
	}
}

// forget has the ties of the owners that changed read again when they are asked for.
func (k *keptTies) forget(c changed) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.forgotten++
	if c.all {
		k.byOwner, k.things = nil, 0
		return
	}
	for _, id := range c.ids {
		k.things -= len(k.byOwner[owner(id)].things)
		delete(k.byOwner, owner(id))
	}
}

// read reads the ties of some owners, those of all campaigns in one statement and those of all agents in another.
func (k *keptTies) read(ctx context.Context, owners []owner) (map[owner][]tied, error) {
	var campaigns, agents []int64
	for _, one := range owners {
		if one < 0 {
			campaigns = append(campaigns, int64(-one))
		} else {
			agents = append(agents, int64(one))
		}
	}
	read := make(map[owner][]tied, len(owners))
	for _, some := range []struct {
		kind relay.Kind
		ids  []int64
		sign owner
	}{{relay.CampaignKind, campaigns, -1}, {relay.AgentKind, agents, 1}} {
		if some.ids == nil {
			continue
		}
		if err := k.readOf(ctx, some.kind, some.ids, func(id int64, things ...tied) {
			read[owner(id)*some.sign] = append(read[owner(id)*some.sign], things...)
		}); err != nil {
			return nil, fmt.Errorf("reading ties: %w", err)
		}
	}
	return read, nil
}

// readOf reads the ties of owners of one kind. Those of an owner to things of a kind come as one text: an agent of a large
// group has dozens of them, and there are thousands in the group.
func (k *keptTies) readOf(ctx context.Context, kind relay.Kind, ids []int64, take func(id int64, things ...tied)) error {
	var rows []struct {
		OwnerID   int64
		ThingKind relay.Kind
		Things    string
	}
	if err := k.db.NewSelect().Table(tiesTable).Column("owner_id", "thing_kind").ColumnExpr("string_agg(thing_id::text, ',') AS things").
		Where("owner_kind = ? AND owner_id IN (?)", kind, bun.List(ids)).Group("owner_id", "thing_kind").Scan(ctx, &rows); err != nil {
		return err
	}
	for _, row := range rows {
		kind := slices.Index(thingKinds[:], row.ThingKind)
		if kind < 0 {
			return fmt.Errorf("something is tied to a %s", row.ThingKind)
		}
		things := make([]tied, 0, 1+strings.Count(row.Things, ","))
		for number := range strings.SplitSeq(row.Things, ",") {
			id, err := strconv.ParseInt(number, 10, 32)
			if err != nil {
				return err
			}
			things = append(things, tied{uint8(kind), int32(id)})
		}
		take(row.OwnerID, things...)
	}
	return nil
}

package directory

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// Channel is the channel that the database notifies when a small thing changes: of the table with the numbers of the things,
// or of groups whose members changed, and of the table alone where there are many.
const Channel = "directory_changed"

// Directory holds the small things that contacts point at in memory: agents, groups, campaigns, queues, classifiers
// and SiteCall forms. Follow, called with what Channel is notified of, keeps it current; what it does not know yet it
// asks the database for. It is safe for use by many goroutines.
type Directory struct {
	db      *bun.DB
	signer  *relay.Signer
	ties    *keptTies
	mu      sync.Mutex
	current atomic.Pointer[snapshot]
}

// snapshot is everything but ties as it was at one moment; but for the visibilities that are kept, it is never changed.
type snapshot struct {
	indexes
	everything   *Visibility
	members      map[int64][]int64
	visibilities visibilities
}

// indexes are the small things of all kinds.
type indexes struct {
	agentIndex      index[*Agent]
	groupIndex      index[*AgentGroup]
	campaignIndex   index[*Campaign]
	queueIndex      index[*Queue]
	classifierIndex index[*Classifier]
	siteCallIndex   index[*SiteCall]
}

// New makes an empty directory; Refresh fills it. The signer seals the cursors of its lists; by the clock it is known how long
// ago ties were read.
func New(db *bun.DB, signer *relay.Signer, now func() time.Time) *Directory {
	d := &Directory{db: db, signer: signer, ties: &keptTies{db: db, now: now}}
	d.hold(&snapshot{})
	return d
}

// hold puts a snapshot in the place of the one of before.
func (d *Directory) hold(next *snapshot) {
	next.everything = &Visibility{reach: contact.Reach{Unrestricted: true}, signer: d.signer, all: &next.indexes}
	d.current.Store(next)
}

// Refresh reads everything anew. What was read before stays in use until all of it is there.
func (d *Directory) Refresh(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	before, next := d.current.Load(), &snapshot{}
	for _, load := range []func() error{
		func() error { return next.agentIndex.load(ctx, d.db, &before.agentIndex) },
		func() error { return next.groupIndex.load(ctx, d.db, &before.groupIndex) },
		func() error { return next.campaignIndex.load(ctx, d.db, &before.campaignIndex) },
		func() error { return next.queueIndex.load(ctx, d.db, &before.queueIndex) },
		func() error { return next.classifierIndex.load(ctx, d.db, &before.classifierIndex) },
		func() error { return next.siteCallIndex.load(ctx, d.db, &before.siteCallIndex) },
		func() (err error) { next.members, err = loadMembers(ctx, d.db, nil); return err },
	} {
		if err := load(); err != nil {
			return fmt.Errorf("refreshing the directory: %w", err)
		}
	}
	d.ties.forget(changed{all: true})
	d.hold(next)
	return nil
}

// Sizes is how many things of each kind are held, by the names of their tables.
func (d *Directory) Sizes() map[string]int {
	all := d.current.Load()
	return map[string]int{
		"agents": len(all.agentIndex.sorted), "agent_groups": len(all.groupIndex.sorted), "campaigns": len(all.campaignIndex.sorted),
		"queues": len(all.queueIndex.sorted), "classifiers": len(all.classifierIndex.sorted), "site_calls": len(all.siteCallIndex.sorted),
	}
}

// Agents finds agents by our own numbers, deleted ones too; what does not exist is missing in the answer.
func (d *Directory) Agents(ctx context.Context, ids []int64) (map[int64]*Agent, error) {
	return find(ctx, d.db, &d.current.Load().agentIndex, ids)
}

// AgentGroups finds groups of agents; what does not exist is missing in the answer.
func (d *Directory) AgentGroups(ctx context.Context, ids []int64) (map[int64]*AgentGroup, error) {
	return find(ctx, d.db, &d.current.Load().groupIndex, ids)
}

// Campaigns finds campaigns; what does not exist is missing in the answer.
func (d *Directory) Campaigns(ctx context.Context, ids []int64) (map[int64]*Campaign, error) {
	return find(ctx, d.db, &d.current.Load().campaignIndex, ids)
}

// Queues finds queues; what does not exist is missing in the answer.
func (d *Directory) Queues(ctx context.Context, ids []int64) (map[int64]*Queue, error) {
	return find(ctx, d.db, &d.current.Load().queueIndex, ids)
}

// Classifiers finds classifiers; what does not exist is missing in the answer.
func (d *Directory) Classifiers(ctx context.Context, ids []int64) (map[int64]*Classifier, error) {
	return find(ctx, d.db, &d.current.Load().classifierIndex, ids)
}

// SiteCalls finds SiteCall forms; what does not exist is missing in the answer.
func (d *Directory) SiteCalls(ctx context.Context, ids []int64) (map[int64]*SiteCall, error) {
	return find(ctx, d.db, &d.current.Load().siteCallIndex, ids)
}

// Members are the agents who are in any of the groups, deleted ones included.
func (d *Directory) Members(ctx context.Context, groups []int64) (contact.Set[int64], error) {
	current := d.current.Load()
	members := current.members
	for _, group := range groups {
		if _, found := current.groupIndex.byID.get(group); !found {
			var err error
			if members, err = loadMembers(ctx, d.db, groups); err != nil {
				return nil, err
			}
			break
		}
	}
	all := []int64{}
	for _, group := range groups {
		all = append(all, members[group]...)
	}
	if len(all) == 0 {
		return contact.Set[int64]{}, nil
	}
	return contact.NewSet(all), nil
}

func loadMembers(ctx context.Context, db *bun.DB, groups []int64) (map[int64][]int64, error) {
	var rows []struct {
		AgentGroupID int64
		AgentID      int64
	}
	reading := db.NewSelect().Table("agent_group_members").Column("agent_group_id", "agent_id")
	if groups != nil {
		reading.Where("agent_group_id IN (?)", bun.List(groups))
	}
	if err := reading.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("reading group members: %w", err)
	}
	members := map[int64][]int64{}
	for _, row := range rows {
		members[row.AgentGroupID] = append(members[row.AgentGroupID], row.AgentID)
	}
	return members, nil
}

// Numbers finds our numbers of agents, groups of agents and campaigns by the platform's ids, in what is held in memory;
// what does not exist, or has existed for less than a moment, is missing in the answer.
func (d *Directory) Numbers(_ context.Context, kind relay.Kind, externalIDs []string) (map[string]int64, error) {
	all := d.current.Load()
	switch kind {
	case relay.AgentKind:
		return all.agentIndex.numbers(externalIDs), nil
	case relay.AgentGroupKind:
		return all.groupIndex.numbers(externalIDs), nil
	case relay.CampaignKind:
		return all.campaignIndex.numbers(externalIDs), nil
	default:
		return nil, fmt.Errorf("numbers of things of the kind %s", kind)
	}
}

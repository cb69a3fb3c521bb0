package contact

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/relay"
)

// DirectoryChannel is the channel that the database notifies when a small thing changes.
const DirectoryChannel = "directory_changed"

// Directory holds the small things that contacts point at in memory: agents, groups, campaigns, queues, classifiers
// and SiteCall forms. Refresh, called whenever DirectoryChannel is notified, keeps it current; what it does not know
// yet it asks the database for. It is safe for use by many goroutines.
type Directory struct {
	db         *bun.DB
	refreshing sync.Mutex
	current    atomic.Pointer[holding]
}

// holding is everything as it was at one moment; but for the sights of it that are kept, it is never changed.
type holding struct {
	everything sight
	members    map[int64][]int64
	ties       map[tied][]tied
	lastTie    int64
	sights     sights
}

// shelves are the small things of all kinds.
type shelves struct {
	agentShelf      shelf[Agent]
	groupShelf      shelf[AgentGroup]
	campaignShelf   shelf[Campaign]
	queueShelf      shelf[Queue]
	classifierShelf shelf[Classifier]
	siteCallShelf   shelf[SiteCall]
}

// NewDirectory makes an empty directory; Refresh fills it.
func NewDirectory(db *bun.DB) *Directory {
	d := &Directory{db: db}
	d.current.Store(&holding{})
	return d
}

// Refresh reads everything anew. What was read before stays in use until all of it is there.
func (d *Directory) Refresh(ctx context.Context) error {
	d.refreshing.Lock()
	defer d.refreshing.Unlock()
	before := d.current.Load()
	var next holding
	all := &next.everything
	for _, load := range []func() error{
		func() error { return all.agentShelf.load(ctx, d.db, agentEntry) },
		func() error { return all.groupShelf.load(ctx, d.db, groupEntry) },
		func() error { return all.campaignShelf.load(ctx, d.db, campaignEntry) },
		func() error { return all.queueShelf.load(ctx, d.db, queueEntry) },
		func() error { return all.classifierShelf.load(ctx, d.db, classifierEntry) },
		func() error { return all.siteCallShelf.load(ctx, d.db, siteCallEntry) },
		func() (err error) { next.members, err = loadMembers(ctx, d.db, nil); return err },
		func() (err error) {
			next.ties, next.lastTie, err = loadTies(ctx, d.db, before.ties, before.lastTie)
			return err
		},
	} {
		if err := load(); err != nil {
			return fmt.Errorf("refreshing the directory: %w", err)
		}
	}
	d.current.Store(&next)
	return nil
}

// Agents finds agents by our own numbers, deleted ones too; what does not exist is missing in the answer.
func (d *Directory) Agents(ctx context.Context, ids []int64) (map[int64]*Agent, error) {
	return find(ctx, d.db, &d.current.Load().everything.agentShelf, agentEntry, ids)
}

// AgentGroups finds groups of agents; what does not exist is missing in the answer.
func (d *Directory) AgentGroups(ctx context.Context, ids []int64) (map[int64]*AgentGroup, error) {
	return find(ctx, d.db, &d.current.Load().everything.groupShelf, groupEntry, ids)
}

// Campaigns finds campaigns; what does not exist is missing in the answer.
func (d *Directory) Campaigns(ctx context.Context, ids []int64) (map[int64]*Campaign, error) {
	return find(ctx, d.db, &d.current.Load().everything.campaignShelf, campaignEntry, ids)
}

// Queues finds queues; what does not exist is missing in the answer.
func (d *Directory) Queues(ctx context.Context, ids []int64) (map[int64]*Queue, error) {
	return find(ctx, d.db, &d.current.Load().everything.queueShelf, queueEntry, ids)
}

// Classifiers finds classifiers; what does not exist is missing in the answer.
func (d *Directory) Classifiers(ctx context.Context, ids []int64) (map[int64]*Classifier, error) {
	return find(ctx, d.db, &d.current.Load().everything.classifierShelf, classifierEntry, ids)
}

// SiteCalls finds SiteCall forms; what does not exist is missing in the answer.
func (d *Directory) SiteCalls(ctx context.Context, ids []int64) (map[int64]*SiteCall, error) {
	return find(ctx, d.db, &d.current.Load().everything.siteCallShelf, siteCallEntry, ids)
}

// members are the agents who are in any of the groups, deleted ones included.
func (d *Directory) members(ctx context.Context, groups []int64) (set[int64], error) {
	known := d.current.Load()
	members := known.members
	for _, group := range groups {
		if _, found := known.everything.groupShelf.byID[group]; !found {
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
		return set[int64]{}, nil
	}
	return newSet(all), nil
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

// Numbers finds our numbers of agents, groups of agents and campaigns by the platform's keys, in what is held in memory;
// what does not exist, or has existed for less than a moment, is missing in the answer.
func (d *Directory) Numbers(_ context.Context, kind relay.Kind, externalIDs []string) (map[string]int64, error) {
	all := &d.current.Load().everything
	switch kind {
	case relay.AgentKind:
		return all.agentShelf.numbers(externalIDs), nil
	case relay.AgentGroupKind:
		return all.groupShelf.numbers(externalIDs), nil
	case relay.CampaignKind:
		return all.campaignShelf.numbers(externalIDs), nil
	default:
		return nil, fmt.Errorf("numbers of things of the kind %s", kind)
	}
}

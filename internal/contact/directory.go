package contact

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/uptrace/bun"
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

// holding is everything as it was at one moment; it is never changed.
type holding struct {
	agents      shelf[Agent]
	groups      shelf[AgentGroup]
	campaigns   shelf[Campaign]
	queues      shelf[Queue]
	classifiers shelf[Classifier]
	siteCalls   shelf[SiteCall]
	members     map[int64][]int64
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
	var next holding
	for _, load := range []func() error{
		func() error { return next.agents.load(ctx, d.db, agentEntry) },
		func() error { return next.groups.load(ctx, d.db, groupEntry) },
		func() error { return next.campaigns.load(ctx, d.db, campaignEntry) },
		func() error { return next.queues.load(ctx, d.db, queueEntry) },
		func() error { return next.classifiers.load(ctx, d.db, classifierEntry) },
		func() error { return next.siteCalls.load(ctx, d.db, siteCallEntry) },
		func() (err error) { next.members, err = loadMembers(ctx, d.db, nil); return err },
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
	return find(ctx, d.db, &d.current.Load().agents, agentEntry, ids)
}

// AgentGroups finds groups of agents; what does not exist is missing in the answer.
func (d *Directory) AgentGroups(ctx context.Context, ids []int64) (map[int64]*AgentGroup, error) {
	return find(ctx, d.db, &d.current.Load().groups, groupEntry, ids)
}

// Campaigns finds campaigns; what does not exist is missing in the answer.
func (d *Directory) Campaigns(ctx context.Context, ids []int64) (map[int64]*Campaign, error) {
	return find(ctx, d.db, &d.current.Load().campaigns, campaignEntry, ids)
}

// Queues finds queues; what does not exist is missing in the answer.
func (d *Directory) Queues(ctx context.Context, ids []int64) (map[int64]*Queue, error) {
	return find(ctx, d.db, &d.current.Load().queues, queueEntry, ids)
}

// Classifiers finds classifiers; what does not exist is missing in the answer.
func (d *Directory) Classifiers(ctx context.Context, ids []int64) (map[int64]*Classifier, error) {
	return find(ctx, d.db, &d.current.Load().classifiers, classifierEntry, ids)
}

// SiteCalls finds SiteCall forms; what does not exist is missing in the answer.
func (d *Directory) SiteCalls(ctx context.Context, ids []int64) (map[int64]*SiteCall, error) {
	return find(ctx, d.db, &d.current.Load().siteCalls, siteCallEntry, ids)
}

// members are the agents who are in any of the groups, deleted ones included.
func (d *Directory) members(ctx context.Context, groups []int64) (set[int64], error) {
	known := d.current.Load()
	members := known.members
	for _, group := range groups {
		if _, found := known.groups.byID[group]; !found {
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

package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// Visibility is what a reach comes to at one moment: the contacts of some campaigns and agents, and the small things that
// exist. Those are the campaigns, groups and agents of the reach itself, and whatever the contacts of those campaigns
// and agents point at, or once did.
type Visibility struct {
	// Restricted says that only the contacts of Campaigns and Agents exist, otherwise all do.
	Restricted        bool
	Campaigns, Agents contact.Set[int64]

	reach  contact.Reach
	signer *relay.Signer
	// all is what there is, of which the ties of the owners say which part exists.
	all    *indexes
	ties   *keptTies
	owners []owner
	// reading is held by who makes the part.
	reading chan struct{}
	part    keptPart
}

// keptPart is the part of the small things that exists, as long as it is kept.
type keptPart struct {
	mu    sync.Mutex
	made  *indexes
	until time.Time
	// forgotten is how often it was: what was made of ties that were read before is not kept after.
	forgotten int
}

// Nothing says that no contact is seen.
func (v *Visibility) Nothing() bool {
	return v.Restricted && len(v.Campaigns) == 0 && len(v.Agents) == 0
}

// Has says which things of a kind exist.
func (v *Visibility) Has(ctx context.Context, kind relay.Kind, ids []int64) (map[int64]bool, error) {
	things, err := v.things(ctx)
	if err != nil {
		return nil, err
	}
	switch kind {
	case relay.AgentKind:
		return things.agentIndex.has(ids), nil
	case relay.AgentGroupKind:
		return things.groupIndex.has(ids), nil
	case relay.CampaignKind:
		return things.campaignIndex.has(ids), nil
	case relay.QueueKind:
		return things.queueIndex.has(ids), nil
	case relay.ClassifierKind:
		return things.classifierIndex.has(ids), nil
	case relay.SiteCallKind:
		return things.siteCallIndex.has(ids), nil
	default:
		return nil, nil
	}
}

// AgentNames gives the name of an agent, with the platform's id beside it where another agent that exists has the same name.
func (v *Visibility) AgentNames(ctx context.Context) (func(*Agent) string, error) {
	things, err := v.things(ctx)
	if err != nil {
		return nil, err
	}
	return func(a *Agent) string {
		if named, _ := things.agentIndex.named.get(a.Name); named < 2 {
			return a.Name
		}
		return a.Name + " (" + a.ExternalID + ")"
	}, nil
}

// things are the small things that exist. Of many who ask at once, one has their ties read.
func (v *Visibility) things(ctx context.Context) (*indexes, error) {
	if !v.Restricted {
		return v.all, nil
	}
	if made, _ := v.part.get(v.ties.now()); made != nil {
		return made, nil
	}
	select {
	case v.reading <- struct{}{}:
		defer func() { <-v.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := v.ties.now()
	made, forgotten := v.part.get(now)
	if made != nil {
		return made, nil
	}
	ties, err := v.ties.of(ctx, v.owners)
	if err != nil {
		return nil, fmt.Errorf("finding what exists for a reach: %w", err)
	}
	made = v.partOf(ties)
	v.part.keep(made, now.Add(keptFor), forgotten)
	return made, nil
}

// get is the part, nil if none is kept, and how often it was forgotten.
func (p *keptPart) get(now time.Time) (*indexes, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !now.Before(p.until) {
		p.made = nil
	}
	return p.made, p.forgotten
}

func (p *keptPart) keep(made *indexes, until time.Time, forgotten int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.forgotten == forgotten {
		p.made, p.until = made, until
	}
}

func (p *keptPart) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made, p.forgotten = nil, p.forgotten+1
}

// maxVisibilities is how many visibilities one snapshot keeps. Each has indexes of its own, and one more is soon made.
const maxVisibilities = 1000

// visibilities are those that were needed since the snapshot was read.
type visibilities struct {
	mu      sync.Mutex
	byReach map[string]*Visibility
}

// forget has those made anew whose owners' ties changed.
func (v *visibilities) forget(c changed) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, one := range v.byReach {
		if c.all || slices.ContainsFunc(one.owners, func(o owner) bool { _, is := slices.BinarySearch(c.ids, int64(o)); return is }) {
			one.part.forget()
		}
	}
}

// Visibility is what a reach comes to now.
func (d *Directory) Visibility(reach contact.Reach) *Visibility {
	current := d.current.Load()
	if reach.Unrestricted {
		return current.everything
	}
	encoded, err := json.Marshal(reach)
	if err != nil {
		panic(fmt.Errorf("naming a reach: %w", err)) // numbers alone
	}
	name := string(encoded)
	current.visibilities.mu.Lock()
	defer current.visibilities.mu.Unlock()
	if found, ok := current.visibilities.byReach[name]; ok {
		return found
	}
	made := d.visibility(current, reach)
	if current.visibilities.byReach == nil || len(current.visibilities.byReach) >= maxVisibilities {
		current.visibilities.byReach = map[string]*Visibility{}
	}
	current.visibilities.byReach[name] = made
	return made
}

// visibility makes that of a restricted reach.
func (d *Directory) visibility(current *snapshot, reach contact.Reach) *Visibility {
	var agents []int64
	for _, group := range reach.AgentGroups {
		agents = append(agents, current.members[group]...)
	}
	if reach.Agent != nil {
		agents = append(agents, *reach.Agent)
	}
	v := &Visibility{
		Restricted: true, Campaigns: contact.NewSet(reach.Campaigns), Agents: contact.NewSet(agents), reach: reach, signer: d.signer,
		all: &current.indexes, ties: d.ties, reading: make(chan struct{}, 1),
	}
	v.owners = owners(v.Campaigns, v.Agents)
	return v
}

// partOf is the part of the small things that exists by some ties.
func (v *Visibility) partOf(ties [][]tied) *indexes {
	seen := map[relay.Kind]map[int64]bool{}
	for _, kind := range append(thingKinds[:], relay.AgentGroupKind) {
		seen[kind] = map[int64]bool{}
	}
	see := func(kind relay.Kind, ids ...int64) {
		for _, id := range ids {
			seen[kind][id] = true
		}
	}
	see(relay.AgentGroupKind, v.reach.AgentGroups...)
	see(relay.CampaignKind, v.Campaigns...)
	see(relay.AgentKind, v.Agents...)
	for _, things := range ties {
		for _, thing := range things {
			see(thingKinds[thing.kind], int64(thing.id))
		}
	}
	return &indexes{
		agentIndex:      v.all.agentIndex.of(seen[relay.AgentKind]),
		groupIndex:      v.all.groupIndex.of(seen[relay.AgentGroupKind]),
		campaignIndex:   v.all.campaignIndex.of(seen[relay.CampaignKind]),
		queueIndex:      v.all.queueIndex.of(seen[relay.QueueKind]),
		classifierIndex: v.all.classifierIndex.of(seen[relay.ClassifierKind]),
		siteCallIndex:   v.all.siteCallIndex.of(seen[relay.SiteCallKind]),
	}
}

package directory

import (
	"encoding/json"
	"fmt"
	"sync"

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
	indexes
}

// Nothing says that no contact is seen.
func (v *Visibility) Nothing() bool {
	return v.Restricted && len(v.Campaigns) == 0 && len(v.Agents) == 0
}

// Has says which things of a kind exist.
func (v *Visibility) Has(kind relay.Kind, ids []int64) map[int64]bool {
	switch kind {
	case relay.AgentKind:
		return v.agentIndex.has(ids)
	case relay.AgentGroupKind:
		return v.groupIndex.has(ids)
	case relay.CampaignKind:
		return v.campaignIndex.has(ids)
	case relay.QueueKind:
		return v.queueIndex.has(ids)
	case relay.ClassifierKind:
		return v.classifierIndex.has(ids)
	case relay.SiteCallKind:
		return v.siteCallIndex.has(ids)
	default:
		return nil
	}
}

// AgentName is the name of an agent, with the platform's id beside it where another agent that exists has the same name.
func (v *Visibility) AgentName(a *Agent) string {
	if named, _ := v.agentIndex.named.get(a.Name); named < 2 {
		return a.Name
	}
	return a.Name + " (" + a.ExternalID + ")"
}

// maxVisibilities is how many visibilities one snapshot keeps. Each has indexes of its own, and one more is soon made.
const maxVisibilities = 1000

// visibilities are those that were needed since the snapshot was read.
type visibilities struct {
	mu      sync.Mutex
	byReach map[string]*Visibility
}

// Visibility is what a reach comes to now.
func (d *Directory) Visibility(reach contact.Reach) *Visibility {
	current := d.current.Load()
	if reach.Unrestricted {
		return &current.everything
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
	made := current.resolveVisibility(reach)
	if current.visibilities.byReach == nil || len(current.visibilities.byReach) >= maxVisibilities {
		current.visibilities.byReach = map[string]*Visibility{}
	}
	current.visibilities.byReach[name] = made
	return made
}

// resolveVisibility makes the visibility of a reach.
func (s *snapshot) resolveVisibility(reach contact.Reach) *Visibility {
	all := &s.everything
	v := &Visibility{Restricted: true, Campaigns: contact.NewSet(reach.Campaigns), reach: reach, signer: all.signer}
	var agents []int64
	for _, group := range reach.AgentGroups {
		agents = append(agents, s.members[group]...)
	}
	if reach.Agent != nil {
		agents = append(agents, *reach.Agent)
	}
	v.Agents = contact.NewSet(agents)

	seen := map[relay.Kind]map[int64]bool{}
	see := func(kind relay.Kind, ids ...int64) {
		if seen[kind] == nil {
			seen[kind] = map[int64]bool{}
		}
		for _, id := range ids {
			seen[kind][id] = true
		}
	}
	see(relay.AgentGroupKind, reach.AgentGroups...)
	for kind, owners := range map[relay.Kind]contact.Set[int64]{relay.CampaignKind: v.Campaigns, relay.AgentKind: v.Agents} {
		see(kind, owners...)
		for _, owner := range owners {
			things, _ := s.ties.get(tied{kind, owner})
			for _, thing := range things {
				see(thing.kind, thing.id)
			}
		}
	}
	v.agentIndex = all.agentIndex.of(seen[relay.AgentKind])
	v.groupIndex = all.groupIndex.of(seen[relay.AgentGroupKind])
	v.campaignIndex = all.campaignIndex.of(seen[relay.CampaignKind])
	v.queueIndex = all.queueIndex.of(seen[relay.QueueKind])
	v.classifierIndex = all.classifierIndex.of(seen[relay.ClassifierKind])
	v.siteCallIndex = all.siteCallIndex.of(seen[relay.SiteCallKind])
	return v
}

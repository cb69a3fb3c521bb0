package contact

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/kontakty/kontakty/internal/relay"
)

// sight is what a reach comes to at one moment: the contacts of some campaigns and agents, and the small things that
// exist. Those are the campaigns, groups and agents of the reach itself, and whatever the contacts of those campaigns
// and agents point at, or once did.
type sight struct {
	restricted        bool
	campaigns, agents set[int64]
	shelves
}

// nothing says that no contact is seen.
func (s *sight) nothing() bool { return s.restricted && len(s.campaigns) == 0 && len(s.agents) == 0 }

// criteria are the conditions on the contacts that are seen.
func (s *sight) criteria() []criterion {
	if !s.restricted {
		return nil
	}
	either := appendCriterion(nil, "campaign_id", "int", s.campaigns)
	either = appendCriterion(either, "agent_id", "int", s.agents)
	if len(either) == 2 {
		return []criterion{{either: either}}
	}
	return either
}

// has says which things of a kind exist.
func (s *sight) has(kind relay.Kind, ids []int64) map[int64]bool {
	switch kind {
	case relay.AgentKind:
		return onShelf(&s.agentShelf, ids)
	case relay.AgentGroupKind:
		return onShelf(&s.groupShelf, ids)
	case relay.CampaignKind:
		return onShelf(&s.campaignShelf, ids)
	case relay.QueueKind:
		return onShelf(&s.queueShelf, ids)
	case relay.ClassifierKind:
		return onShelf(&s.classifierShelf, ids)
	case relay.SiteCallKind:
		return onShelf(&s.siteCallShelf, ids)
	default:
		return nil
	}
}

func onShelf[T any](known *shelf[T], ids []int64) map[int64]bool {
	found := make(map[int64]bool, len(ids))
	for _, id := range ids {
		if _, ok := known.byID[id]; ok {
			found[id] = true
		}
	}
	return found
}

// mostSights is how many sights one holding keeps. Each has shelves of its own, and one more is soon made.
const mostSights = 1000

// sights are the sights that were needed since the holding was read.
type sights struct {
	mutex sync.Mutex
	known map[string]*sight
}

// sight is what a reach comes to now.
func (d *Directory) sight(reach Reach) *sight {
	h := d.current.Load()
	if reach.Unrestricted {
		return &h.everything
	}
	encoded, err := json.Marshal(reach)
	if err != nil {
		panic(fmt.Errorf("naming a reach: %w", err)) // numbers alone
	}
	name := string(encoded)
	h.sights.mutex.Lock()
	defer h.sights.mutex.Unlock()
	if found, ok := h.sights.known[name]; ok {
		return found
	}
	made := h.look(reach)
	if h.sights.known == nil || len(h.sights.known) >= mostSights {
		h.sights.known = map[string]*sight{}
	}
	h.sights.known[name] = made
	return made
}

// look makes the sight of a reach.
func (h *holding) look(reach Reach) *sight {
	s := &sight{restricted: true, campaigns: newSet(reach.Campaigns)}
	var agents []int64
	for _, group := range reach.AgentGroups {
		agents = append(agents, h.members[group]...)
	}
	if reach.Agent != nil {
		agents = append(agents, *reach.Agent)
	}
	s.agents = newSet(agents)

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
	for kind, owners := range map[relay.Kind]set[int64]{relay.CampaignKind: s.campaigns, relay.AgentKind: s.agents} {
		see(kind, owners...)
		for _, owner := range owners {
			for _, thing := range h.ties[tied{kind, owner}] {
				see(thing.kind, thing.id)
			}
		}
	}
	all := &h.everything
	s.agentShelf = all.agentShelf.of(seen[relay.AgentKind])
	s.groupShelf = all.groupShelf.of(seen[relay.AgentGroupKind])
	s.campaignShelf = all.campaignShelf.of(seen[relay.CampaignKind])
	s.queueShelf = all.queueShelf.of(seen[relay.QueueKind])
	s.classifierShelf = all.classifierShelf.of(seen[relay.ClassifierKind])
	s.siteCallShelf = all.siteCallShelf.of(seen[relay.SiteCallKind])
	return s
}

// of is the part of a shelf that is seen, in the same order.
func (s *shelf[T]) of(seen map[int64]bool) shelf[T] {
	part := shelf[T]{byID: make(map[int64]*T, len(seen))}
	for _, one := range s.sorted {
		if seen[one.entry.id] {
			part.byID[one.entry.id] = one.thing
			part.sorted = append(part.sorted, one)
		}
	}
	return part
}

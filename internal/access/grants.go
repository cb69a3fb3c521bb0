package access

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

const (
	// maxGranted bounds the campaigns and the groups of one principal, as a filter's lists are.
	maxGranted = 250
	// maxReference bounds what Principal.String gives, in characters.
	maxReference = 1024
)

// Grants say which contacts exist for a principal: the union of what its fields name. The zero value names none.
// Everything is named by external id.
type Grants struct {
	// Unrestricted means every contact, whatever the other fields say.
	Unrestricted bool `json:"unrestricted,omitempty"`
	// Campaigns: the contacts in these campaigns.
	Campaigns []string `json:"campaigns,omitempty"`
	// AgentGroups: the contacts handled by members of these groups.
	AgentGroups []string `json:"agentGroups,omitempty"`
	// Agent: the contacts handled by this agent, the principal itself; empty means none.
	Agent string `json:"agent,omitempty"`
}

// Canonical is the one form of grants that mean the same: sorted, without repetition, and nothing beside
// Unrestricted.
func (g Grants) Canonical() Grants {
	if g.Unrestricted {
		return Grants{Unrestricted: true}
	}
	return Grants{Campaigns: sorted(g.Campaigns), AgentGroups: sorted(g.AgentGroups), Agent: g.Agent}
}

func sorted(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// String is the canonical form as text: equal for grants that mean the same, different for others. It is for
// comparing and for the scope of cursors; it holds external ids.
func (g Grants) String() string {
	text, err := json.Marshal(g.Canonical())
	if err != nil {
		panic(fmt.Sprintf("grants as JSON: %v", err)) // a struct of strings always has a JSON form
	}
	return string(text)
}

// covers says that other names nothing beyond these grants.
func (g Grants) covers(other Grants) bool {
	if g.Unrestricted {
		return true
	}
	isSubset := func(names, all []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(all, name) })
	}
	return !other.Unrestricted && isSubset(other.Campaigns, g.Campaigns) && isSubset(other.AgentGroups, g.AgentGroups) &&
		(other.Agent == "" || other.Agent == g.Agent)
}

// check says what is wrong with grants that somebody typed. Errors: INVALID_TEXT, INVALID_FILTER.
func (g Grants) check() error {
	for _, list := range []struct {
		field string
		names []string
	}{{"campaigns", g.Campaigns}, {"agentGroups", g.AgentGroups}} {
		if len(list.names) > maxGranted {
			return fault.New(fault.ListTooLong, list.field, maxGranted)
		}
		for _, name := range list.names {
			if err := contact.CheckText(name); err != nil {
				return fault.At(list.field, err)
			}
		}
	}
	if g.Agent == "" {
		return nil
	}
	return fault.At("agent", contact.CheckText(g.Agent))
}

// Numbers finds our numbers of things of one kind (campaign, agent group or agent) by their external ids; what does
// not exist is missing in the answer.
type Numbers func(ctx context.Context, kind relay.Kind, externalIDs []string) (map[string]int64, error)

// Resolve turns external ids into our numbers, sorted; what no longer or not yet exists is left out.
func (g Grants) Resolve(ctx context.Context, numbers Numbers) (contact.Reach, error) {
	if g.Unrestricted {
		return contact.Reach{Unrestricted: true}, nil
	}
	var reach contact.Reach
	var err error
	if reach.Campaigns, err = resolve(ctx, numbers, relay.CampaignKind, g.Campaigns); err != nil {
		return contact.Reach{}, err
	}
	if reach.AgentGroups, err = resolve(ctx, numbers, relay.AgentGroupKind, g.AgentGroups); err != nil {
		return contact.Reach{}, err
	}
	if g.Agent == "" {
		return reach, nil
	}
	own, err := resolve(ctx, numbers, relay.AgentKind, []string{g.Agent})
	if err != nil {
		return contact.Reach{}, err
	}
	if len(own) == 1 {
		reach.Agent = &own[0]
	}
	return reach, nil
}

func resolve(ctx context.Context, numbers Numbers, kind relay.Kind, externalIDs []string) ([]int64, error) {
	if len(externalIDs) == 0 {
		return nil, nil
	}
	found, err := numbers(ctx, kind, externalIDs)
	if err != nil {
		return nil, fmt.Errorf("resolving grants: %w", err)
	}
	var resolved []int64
	for _, externalID := range externalIDs {
		if number, exists := found[externalID]; exists {
			resolved = append(resolved, number)
		}
	}
	slices.Sort(resolved)
	return slices.Compact(resolved), nil
}

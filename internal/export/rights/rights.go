// Package rights says what a file may hold, or what it holds: which contacts, and what of them.
//
// What must hold: of two rights neither allows more than both together; a file that was made under some rights is covered by
// others only if they allow everything in it; rights hold no scope but those that a file can show.
package rights

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Rights are which contacts a file may hold, and what of them. They are kept as JSON in the download's row.
type Rights struct {
	// Grants name the contacts, in their canonical form.
	Grants access.Grants `json:"grants"`
	// Agents are our numbers of those whose contacts Grants came to by groups and by their own agent, when the file was made.
	// Who belongs to a group changes.
	Agents []int64 `json:"agents,omitempty"`
	// Addresses: numbers and e-mail addresses are whole.
	Addresses bool `json:"addresses,omitempty"`
	// BCC: hidden recipients are there.
	BCC bool `json:"bcc,omitempty"`
}

// Of are the rights that a principal has, without Agents.
func Of(p access.Principal) Rights {
	return Rights{Grants: p.Grants.Canonical(), Addresses: p.May(access.ScopeAddresses), BCC: p.May(access.ScopeBcc)}
}

// And is no more than what either allows. Of two lists of grants it keeps the names that are in both.
func (r Rights) And(other Rights) Rights {
	both := Rights{Addresses: r.Addresses && other.Addresses, BCC: r.BCC && other.BCC}
	switch {
	case r.Grants.Unrestricted:
		both.Grants = other.Grants
	case other.Grants.Unrestricted:
		both.Grants = r.Grants
	default:
		both.Grants.Campaigns = common(r.Grants.Campaigns, other.Grants.Campaigns)
		both.Grants.AgentGroups = common(r.Grants.AgentGroups, other.Grants.AgentGroups)
		if r.Grants.Agent == other.Grants.Agent {
			both.Grants.Agent = r.Grants.Agent
		}
	}
	return both
}

func common(some, others []string) []string {
	var both []string
	for _, name := range some {
		if slices.Contains(others, name) {
			both = append(both, name)
		}
	}
	return both
}

// Empty says that no contact is named.
func (r Rights) Empty() bool { return r.Grants.String() == access.Grants{}.String() }

// Cover says that what was made under other rights holds nothing beyond these. Both need their Agents.
func (r Rights) Cover(made Rights) bool {
	if made.Addresses && !r.Addresses || made.BCC && !r.BCC {
		return false
	}
	return r.Grants.Unrestricted || !made.Grants.Unrestricted &&
		len(common(made.Grants.Campaigns, r.Grants.Campaigns)) == len(made.Grants.Campaigns) &&
		!slices.ContainsFunc(made.Agents, func(agent int64) bool { return !slices.Contains(r.Agents, agent) })
}

// Viewer sees what the rights allow.
func (r Rights) Viewer(ctx context.Context, numbers access.Numbers) (contact.Viewer, error) {
	p := access.Principal{Grants: r.Grants, Scopes: []access.Scope{access.ScopeRead}}
	if r.Addresses {
		p.Scopes = append(p.Scopes, access.ScopeAddresses)
	}
	if r.BCC {
		p.Scopes = append(p.Scopes, access.ScopeBcc)
	}
	return p.Viewer(ctx, numbers)
}

// WithAgents are the rights with those agents whose contacts their grants come to now, by groups and by the own agent.
func (r Rights) WithAgents(ctx context.Context, pool *postgres.Pool) (Rights, error) {
	if r.Grants.Unrestricted || len(r.Grants.AgentGroups) == 0 && r.Grants.Agent == "" {
		return r, nil
	}
	rows, err := pool.Query(ctx, `SELECT id::bigint FROM agents WHERE external_id = $1
		UNION SELECT m.agent_id FROM agent_groups g JOIN agent_group_members m ON m.agent_group_id = g.id WHERE g.external_id = ANY ($2::text[])
		ORDER BY 1`, r.Grants.Agent, r.Grants.AgentGroups)
	if err != nil {
		return Rights{}, fmt.Errorf("finding the agents of grants: %w", err)
	}
	if r.Agents, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		return Rights{}, fmt.Errorf("finding the agents of grants: %w", err)
	}
	return r, nil
}

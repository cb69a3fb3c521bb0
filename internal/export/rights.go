package export

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
)

// rights are what a file may hold, or what it holds: which contacts, and what of them. A file holds nothing that is
// behind further scopes.
type rights struct {
	// Grants name the contacts, in their canonical form.
	Grants access.Grants `json:"grants"`
	// Agents are those whose contacts Grants came to by groups and by their own agent, when the file was made. Who
	// belongs to a group changes.
	Agents []int64 `json:"agents,omitempty"`
	// Addresses: numbers and e-mail addresses are whole.
	Addresses bool `json:"addresses,omitempty"`
	// BCC: hidden recipients are there.
	BCC bool `json:"bcc,omitempty"`
}

func rightsOf(p access.Principal) rights {
	return rights{Grants: p.Grants.Canonical(), Addresses: p.May(access.ScopeAddresses), BCC: p.May(access.ScopeBcc)}
}

// and is no more than what either allows. Of two lists of grants it keeps the names that are in both.
func (r rights) and(other rights) rights {
	both := rights{Addresses: r.Addresses && other.Addresses, BCC: r.BCC && other.BCC}
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

// empty says that no contact is named.
func (r rights) empty() bool { return r.Grants.String() == access.Grants{}.String() }

// viewer sees what the rights allow.
func (r rights) viewer(ctx context.Context, numbers access.Numbers) (contact.Viewer, error) {
	p := access.Principal{Grants: r.Grants, Scopes: []access.Scope{access.ScopeRead}}
	if r.Addresses {
		p.Scopes = append(p.Scopes, access.ScopeAddresses)
	}
	if r.BCC {
		p.Scopes = append(p.Scopes, access.ScopeBcc)
	}
	return p.Viewer(ctx, numbers)
}

// mayOrder fails unless somebody may have files made for him. Errors: FORBIDDEN.
func mayOrder(by access.Principal) error {
	return by.Require(access.ScopeExports, access.ScopeRead)
}

// ownerFor is whose downloads exist for somebody: his own, or everybody's, which is nil.
func ownerFor(by access.Principal) *string {
	if by.May(access.ScopeAdmin) {
		return nil
	}
	owner := by.String()
	return &owner
}

// reader reads what somebody sees.
func (d *Downloads) reader(ctx context.Context, by access.Principal) (*report.Reader, error) {
	viewer, err := by.Viewer(ctx, d.settings.Numbers)
	if err != nil {
		return nil, err
	}
	return d.store.For(viewer), nil
}

// errRightsChanged says that a file holds more than its owner may see since it was begun.
var errRightsChanged = errors.New("the rights of the owner changed while the file was made")

// rightsNow are those under which a file can be made now: what its owner might see when he ordered it, as far as he
// still may. Errors: FORBIDDEN if nothing of it is left.
func (d *Downloads) rightsNow(ctx context.Context, download *Download) (rights, error) {
	owner, err := d.settings.Rights(ctx, download.OrderedBy)
	if err != nil {
		return rights{}, fmt.Errorf("asking for the rights of an owner: %w", err)
	}
	now := download.OrderedUnder.and(rightsOf(owner))
	if mayOrder(owner) != nil || now.empty() && !download.OrderedUnder.empty() {
		return rights{}, fault.New(fault.RightsWithdrawn, "")
	}
	if now.Agents, err = d.agents(ctx, now.Grants); err != nil {
		return rights{}, err
	}
	return now, nil
}

// checkStillHeld fails if a file that was made under some rights holds more than its owner may see now. Errors:
// errRightsChanged; FORBIDDEN if he may see nothing of it.
func (d *Downloads) checkStillHeld(ctx context.Context, download *Download, under rights) error {
	now, err := d.rightsNow(ctx, download)
	if err != nil {
		return err
	}
	if !now.cover(under) {
		return errRightsChanged
	}
	return nil
}

// checkFetcher fails unless a file holds nothing that its owner, or who fetches it, may not see now. Errors: FORBIDDEN.
func (d *Downloads) checkFetcher(ctx context.Context, by access.Principal, download *Download) error {
	people := []access.Principal{by}
	if by.String() != download.OrderedBy {
		owner, err := d.settings.Rights(ctx, download.OrderedBy)
		if err != nil {
			return fmt.Errorf("asking for the rights of an owner: %w", err)
		}
		people = append(people, owner)
	}
	for _, p := range people {
		now := rightsOf(p)
		var err error
		if now.Agents, err = d.agents(ctx, now.Grants); err != nil {
			return err
		}
		if mayOrder(p) != nil || !now.cover(*download.MadeUnder) {
			return fault.New(fault.FileBeyondRights, "")
		}
	}
	return nil
}

// cover says that what was made under other rights holds nothing beyond these.
func (r rights) cover(made rights) bool {
	if made.Addresses && !r.Addresses || made.BCC && !r.BCC {
		return false
	}
	return r.Grants.Unrestricted || !made.Grants.Unrestricted &&
		len(common(made.Grants.Campaigns, r.Grants.Campaigns)) == len(made.Grants.Campaigns) &&
		!slices.ContainsFunc(made.Agents, func(agent int64) bool { return !slices.Contains(r.Agents, agent) })
}

// agents are those whose contacts grants come to now, by groups and by the own agent, in our numbers.
func (d *Downloads) agents(ctx context.Context, grants access.Grants) ([]int64, error) {
	if grants.Unrestricted || len(grants.AgentGroups) == 0 && grants.Agent == "" {
		return nil, nil
	}
	rows, err := d.pool.Query(ctx, `SELECT id::bigint FROM agents WHERE external_id = $1
		UNION SELECT m.agent_id FROM agent_groups g JOIN agent_group_members m ON m.agent_group_id = g.id WHERE g.external_id = ANY ($2::text[])
		ORDER BY 1`, grants.Agent, grants.AgentGroups)
	if err != nil {
		return nil, fmt.Errorf("finding the agents of grants: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("finding the agents of grants: %w", err)
	}
	return found, nil
}

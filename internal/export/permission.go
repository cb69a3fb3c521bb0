package export

import (
	"context"
	"errors"
	"fmt"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export/rights"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/report"
)

// permissions says what principals may have files made of, and what they may fetch.
type permissions struct {
	pool    *postgres.Pool
	store   *report.Store
	numbers access.Numbers
	// current gives a principal with the rights that it has now.
	current func(ctx context.Context, reference string) (access.Principal, error)
}

// errRightsChanged says that a file holds more than its owner may see since it was begun.
var errRightsChanged = errors.New("the rights of the owner changed while the file was made")

// requireOrder fails unless a principal may have files made. Errors: FORBIDDEN.
func requireOrder(by access.Principal) error {
	return by.Require(access.ScopeExports, access.ScopeRead)
}

// reader reads what a principal sees.
func (p permissions) reader(ctx context.Context, by access.Principal) (*report.Reader, error) {
	viewer, err := by.Viewer(ctx, p.numbers)
	if err != nil {
		return nil, err
	}
	return p.store.ForPrincipal(by.String(), viewer), nil
}

// now are the rights under which a file can be made now: what its owner might see at the order, as far as the owner still
// may. Errors: FORBIDDEN if nothing of it is left.
func (p permissions) now(ctx context.Context, download *Download) (rights.Rights, error) {
	owner, err := p.current(ctx, download.OrderedBy)
	if err != nil {
		return rights.Rights{}, fmt.Errorf("asking for the rights of an owner: %w", err)
	}
	now := download.OrderedUnder.And(rights.Of(owner))
	if requireOrder(owner) != nil || now.Empty() && !download.OrderedUnder.Empty() {
		return rights.Rights{}, fault.New(fault.RightsWithdrawn, "")
	}
	return now.WithAgents(ctx, p.pool)
}

// checkOwner fails if a file that was made under some rights holds more than its owner may see now. Errors:
// errRightsChanged; FORBIDDEN if the owner may see nothing of it.
func (p permissions) checkOwner(ctx context.Context, download *Download, under rights.Rights) error {
	now, err := p.now(ctx, download)
	if err != nil {
		return err
	}
	if !now.Cover(under) {
		return errRightsChanged
	}
	return nil
}

// checkFetcher fails unless a file holds nothing that its owner, or who fetches it, may not see now. Errors: FORBIDDEN.
func (p permissions) checkFetcher(ctx context.Context, by access.Principal, download *Download) error {
	people := []access.Principal{by}
	if by.String() != download.OrderedBy {
		owner, err := p.current(ctx, download.OrderedBy)
		if err != nil {
			return fmt.Errorf("asking for the rights of an owner: %w", err)
		}
		people = append(people, owner)
	}
	for _, person := range people {
		now, err := rights.Of(person).WithAgents(ctx, p.pool)
		if err != nil {
			return err
		}
		if requireOrder(person) != nil || !now.Cover(*download.MadeUnder) {
			return fault.New(fault.FileBeyondRights, "")
		}
	}
	return nil
}

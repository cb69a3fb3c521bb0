package access

import (
	"context"

	"github.com/kontakty/kontakty/internal/contact"
)

// Viewer is what the principal sees of the report. Grants are looked up anew each time, so that what is imported later
// is seen later; without ScopeRead it sees nothing.
func (p Principal) Viewer(ctx context.Context, numbers Numbers) (contact.Viewer, error) {
	if !p.May(ScopeRead) {
		return contact.Viewer{}, nil
	}
	rows, err := p.Grants.Resolve(ctx, numbers)
	if err != nil {
		return contact.Viewer{}, err
	}
	return contact.Viewer{
		Reach:     contact.Reach(rows),
		Addresses: p.May(ScopeAddresses), BCC: p.May(ScopeBcc), Content: p.May(ScopeContent),
	}, nil
}

package export

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/address"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/workbook"
)

// presenter makes of rows what a principal may see of them.
type presenter struct {
	permissions permissions
	directory   *directory.Directory
	links       *link.Links
	publicURL   string
	now         func() time.Time
}

// present changes rows to what a principal may see of them: those that are ready get the address of their files, good for
// that principal from now on, and their filters lose what the principal may not see.
func (p presenter) present(ctx context.Context, to access.Principal, rows ...*Download) error {
	until := p.now().Add(link.Life)
	for _, row := range rows {
		if row.State == Ready {
			url, err := p.links.Address(ctx, link.Link{ID: row.ID, By: to.String(), Until: until})
			if err != nil {
				return err
			}
			row.address = p.publicURL + url
		}
		if seesFilter(to, row) {
			continue
		}
		if err := p.cutFilter(ctx, to, row); err != nil {
			return err
		}
	}
	return nil
}

// seesFilter says that a principal may see all that a filter names, and its addresses: its grants are those of the owner at
// the order, or unrestricted.
func seesFilter(p access.Principal, row *Download) bool {
	if !p.May(access.ScopeRead) {
		return false
	}
	addresses := len(row.Filter.SourceAddresses) > 0 || len(row.Filter.DestinationAddresses) > 0 || len(row.Filter.Addresses) > 0
	return (!addresses || p.May(access.ScopeAddresses)) &&
		(p.Grants.Unrestricted || p.Grants.String() == row.OrderedUnder.Grants.String())
}

// cutFilter masks the addresses of a filter and puts it into words that name only what exists for a principal.
func (p presenter) cutFilter(ctx context.Context, to access.Principal, row *Download) error {
	if !to.May(access.ScopeRead) || !to.May(access.ScopeAddresses) {
		row.Filter.SourceAddresses = masked(row.Filter.SourceAddresses)
		row.Filter.DestinationAddresses = masked(row.Filter.DestinationAddresses)
		row.Filter.Addresses = masked(row.Filter.Addresses)
	}
	reader, err := p.permissions.reader(ctx, to)
	if err != nil {
		return err
	}
	row.FilterInWords, err = workbook.FilterInWords(ctx, reader, p.directory, row.Filter, row.Locale)
	if err != nil {
		return fmt.Errorf("putting a filter into words: %w", err)
	}
	return nil
}

// masked are addresses as they were typed, for those who may not see them.
func masked(addresses []string) []string {
	hidden := slices.Clone(addresses) // the row may be presented to others too
	for i, typed := range hidden {
		key, _ := address.Key(typed)
		hidden[i] = contact.Masked(key)
	}
	return hidden
}

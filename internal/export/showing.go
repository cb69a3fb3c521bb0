package export

import (
	"context"
	"fmt"
	"slices"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/address"
	"github.com/kontakty/kontakty/internal/contact"
)

// show makes of rows what somebody may see of them: those that are ready get the address of their files, for him alone
// and good from now on, and their filters lose what is not for him.
func (d *Downloads) show(ctx context.Context, to access.Principal, rows ...*Download) error {
	until := d.settings.Now().Add(LinkLife)
	for _, row := range rows {
		if row.State == Ready {
			address, err := d.links.address(ctx, link{download: row.ID, by: to.String(), until: until})
			if err != nil {
				return err
			}
			row.address = d.settings.PublicURL + address
		}
		if seesFilter(to, row) {
			continue
		}
		if err := d.cutFilter(ctx, to, row); err != nil {
			return err
		}
	}
	return nil
}

// seesFilter says that all that a filter names, and its addresses, are for somebody to see: he is everywhere where its
// owner was when he gave it.
func seesFilter(p access.Principal, row *Download) bool {
	if !p.May(access.ScopeRead) {
		return false
	}
	addresses := len(row.Filter.SourceAddresses) > 0 || len(row.Filter.DestinationAddresses) > 0
	return (!addresses || p.May(access.ScopeAddresses)) &&
		(p.Grants.Unrestricted || p.Grants.String() == row.OrderedUnder.Grants.String())
}

// cutFilter masks the addresses of a filter and puts it into words that name only what exists for somebody.
func (d *Downloads) cutFilter(ctx context.Context, to access.Principal, row *Download) error {
	if !to.May(access.ScopeRead) || !to.May(access.ScopeAddresses) {
		row.Filter.SourceAddresses = masked(row.Filter.SourceAddresses)
		row.Filter.DestinationAddresses = masked(row.Filter.DestinationAddresses)
	}
	reader, err := d.reader(ctx, to)
	if err != nil {
		return err
	}
	conditions, err := inWords(ctx, reader, d.directory, row.Filter, row.Locale)
	if err != nil {
		return fmt.Errorf("putting a filter into words: %w", err)
	}
	row.FilterInWords = asText(conditions, row.Locale)
	return nil
}

// masked are addresses as somebody typed them, for those who may not see them.
func masked(addresses []string) []string {
	hidden := slices.Clone(addresses) // the row may be shown to others too
	for i, typed := range hidden {
		key, _ := address.Key(typed)
		hidden[i] = contact.Masked(key)
	}
	return hidden
}

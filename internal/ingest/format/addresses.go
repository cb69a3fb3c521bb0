package format

import "github.com/kontakty/kontakty/internal/address"

// keepAddresses brings the addresses of a contact into the form that is stored: blank ones are none, and long ones are
// cut.
func (c *Contact) keepAddresses() {
	c.SourceAddress, c.DestinationAddress = keptAddress(c.SourceAddress), keptAddress(c.DestinationAddress)
	c.CCAddresses, c.BCCAddresses = keptAddresses(c.CCAddresses), keptAddresses(c.BCCAddresses)
}

func keptAddress(raw *string) *string {
	if raw == nil {
		return nil
	}
	kept, ok := address.Kept(*raw)
	switch {
	case !ok:
		return nil
	case kept == *raw:
		return raw
	default:
		return &kept
	}
}

// keptAddresses leaves the caller's own list as it is.
func keptAddresses(all []string) []string {
	for i, raw := range all {
		if kept, ok := address.Kept(raw); !ok || kept != raw {
			changed := append([]string{}, all[:i]...)
			for _, raw := range all[i:] {
				if kept, ok := address.Kept(raw); ok {
					changed = append(changed, kept)
				}
			}
			return changed
		}
	}
	return all
}

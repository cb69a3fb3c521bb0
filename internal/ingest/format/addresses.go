package format

import "github.com/kontakty/kontakty/internal/address"

// keepAddresses brings the addresses of a contact into the form that is stored: blank ones are none, long ones are cut,
// and ToAddresses are the recipients of what went to several, the first of whom is the destination if none is given.
func (c *Contact) keepAddresses() {
	c.ToAddresses = keptAddresses(c.ToAddresses)
	switch {
	case c.DestinationAddress == nil && len(c.ToAddresses) > 0:
		c.DestinationAddress = &c.ToAddresses[0]
	case c.DestinationAddress != nil && len(c.ToAddresses) == 0:
		c.ToAddresses = address.Recipients(*c.DestinationAddress)
	}
	if len(c.ToAddresses) == 1 && address.Same(*c.DestinationAddress, c.ToAddresses[0]) {
		c.ToAddresses = nil
	}
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

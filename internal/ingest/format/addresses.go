package format

import (
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/address"
)

// keepAddresses brings the addresses of a contact into the form that is stored: blank ones are none, long ones are cut,
// and ToAddresses are the recipients of what went to several, the first of whom is the destination if none is given.
func (c *Contact) keepAddresses(r *repairs) {
	c.ToAddresses = r.addresses("toAddresses", c.ToAddresses)
	switch {
	case c.DestinationAddress == nil && len(c.ToAddresses) > 0:
		c.DestinationAddress = &c.ToAddresses[0]
	case c.DestinationAddress != nil && len(c.ToAddresses) == 0:
		c.ToAddresses = address.Recipients(*c.DestinationAddress)
	}
	if len(c.ToAddresses) == 1 && address.Same(*c.DestinationAddress, c.ToAddresses[0]) {
		c.ToAddresses = nil
	}
	c.SourceAddress, c.DestinationAddress = r.address("sourceAddress", c.SourceAddress), r.address("destinationAddress", c.DestinationAddress)
	c.CCAddresses, c.BCCAddresses = r.addresses("ccAddresses", c.CCAddresses), r.addresses("bccAddresses", c.BCCAddresses)
}

func (r *repairs) address(field string, raw *string) *string {
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
		r.noteAddress(field, *raw)
		return &kept
	}
}

// addresses leaves the caller's own list as it is.
func (r *repairs) addresses(field string, all []string) []string {
	for i, raw := range all {
		if kept, ok := address.Kept(raw); !ok || kept != raw {
			changed := append([]string{}, all[:i]...)
			for j, raw := range all[i:] {
				kept, ok := address.Kept(raw)
				if !ok {
					continue
				}
				if kept != raw {
					r.noteAddress(field+item(i+j), raw)
				}
				changed = append(changed, kept)
			}
			return changed
		}
	}
	return all
}

// noteAddress tells of an address that is kept in another form than it was written in.
func (r *repairs) noteAddress(field, raw string) {
	if utf8.RuneCountInString(raw) > address.MaxLength {
		r.note(field, "was cut, being longer than its bound")
		return
	}
	r.note(field, "held what is no character, which became U+FFFD")
}

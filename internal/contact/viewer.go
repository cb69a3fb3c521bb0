package contact

import (
	"github.com/kontakty/kontakty/internal/fault"
)

// Viewer is who reads: which contacts exist for them, and what of those they may see. The zero value sees nothing.
type Viewer struct {
	Reach

	// Addresses: numbers and e-mail addresses come whole, and filters may ask for them; otherwise they come masked.
	Addresses bool
	// BCC: the hidden recipients of e-mails come; otherwise they are left out.
	BCC bool
	// Content: recordings, message bodies and chats come.
	Content bool
}

// Reach says which contacts exist for somebody: all if Unrestricted, otherwise those in one of the campaigns, those
// whose agent is a member of one of the groups, and those of the agent.
type Reach struct {
	Unrestricted           bool
	Campaigns, AgentGroups []int64
	Agent                  *int64
}

// Unlimited sees everything: the operator of the machine, who has the database too.
var Unlimited = Viewer{Reach: Reach{Unrestricted: true}, Addresses: true, BCC: true, Content: true}

// The scopes by which a viewer sees more, as a refusal names them.
const (
	AddressScope = "contacts:addresses"
	BCCScope     = "contacts:bcc"
	ContentScope = "contacts:content"
)

// SeesBCC fails unless the viewer may see hidden recipients. Errors: FORBIDDEN.
func (v Viewer) SeesBCC() error { return check(v.BCC, BCCScope, "") }

// SeesContent fails unless the viewer may see recordings, bodies and chats. Errors: FORBIDDEN.
func (v Viewer) SeesContent() error { return check(v.Content, ContentScope, "") }

// CheckFilter refuses criteria on what the viewer may not see: whoever may ask for a number knows it is there.
func (v Viewer) CheckFilter(f Filter) error {
	if len(f.SourceAddresses) > 0 {
		if err := check(v.Addresses, AddressScope, "sourceAddresses"); err != nil {
			return err
		}
	}
	if len(f.DestinationAddresses) > 0 {
		if err := check(v.Addresses, AddressScope, "destinationAddresses"); err != nil {
			return err
		}
	}
	if len(f.Addresses) > 0 {
		return check(v.Addresses, AddressScope, "addresses")
	}
	return nil
}

func check(may bool, scope, field string) error {
	if may {
		return nil
	}
	return fault.New(fault.ScopeMissing, field, scope)
}

// Show takes from contacts what the viewer may not see.
func (v Viewer) Show(found []*Contact) {
	if v.Addresses && v.BCC {
		return
	}
	for _, c := range found {
		if !v.BCC {
			c.BCCAddresses = nil
		}
		if v.Addresses {
			continue
		}
		for _, address := range []*string{c.SourceAddress, c.DestinationAddress} {
			if address != nil {
				*address = maskedAsWritten(*address)
			}
		}
		for _, list := range [][]string{c.ToAddresses, c.CCAddresses, c.BCCAddresses} {
			for i := range list {
				list[i] = maskedAsWritten(list[i])
			}
		}
	}
}

package sample

import (
	"encoding/json"
	"strconv"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
)

// The columns that are filled, in the order of the values of a row.
const (
	contactColumns = "id, started_at, type, status, hangup_party, details_kind, campaign_id, agent_id, queue_id, classifier_id, " +
		"site_call_id, record_id, ivr_time, ring_time, agent_talk_time, external_id, ticket_id, site_call_order_id, " +
		"source_address, source_key, destination_address, destination_key, cc_addresses, bcc_addresses"
	stepColumns     = "contact_started_at, contact_id, position, kind, entered_at, left_at, name, choice"
	detailsColumns  = "contact_started_at, contact_id, content"
	identityColumns = "contact_id, external_id, started_at, revision, content_hash"
	recordColumns   = "id, external_id, significant_name, significant_value"
)

// rows are contacts as the tables hold them.
type rows struct {
	contacts, steps, details, identities tuples
}

// newRows has room for so many contacts of the usual size.
func newRows(contacts int) *rows {
	return &rows{
		contacts:   make(tuples, 0, 330*contacts),
		steps:      make(tuples, 0, 200*contacts),
		details:    make(tuples, 0, 140*contacts),
		identities: make(tuples, 0, 80*contacts),
	}
}

// numbering knows our own numbers of what contacts point at.
type numbering struct {
	agents, campaigns, queues, classifiers, siteCalls map[string]int
	// firstContact and firstRecord are the numbers of the generator's contact 0 and record 0.
	firstContact, firstRecord int64
	// contactDigits and recordDigits are where the number begins in a key.
	contactDigits, recordDigits int
}

// tied is what a contact points at.
func (n *numbering) tied(c *ingest.Contact) contact.Row {
	number := func(numbers map[string]int, to *ingest.Reference) int {
		if to == nil {
			return 0
		}
		return numbers[to.ExternalID]
	}
	return contact.Row{
		Campaign: number(n.campaigns, c.Campaign), Agent: number(n.agents, c.Agent), Queue: number(n.queues, c.Queue),
		Classifier: number(n.classifiers, c.Classifier), SiteCall: number(n.siteCalls, c.SiteCall),
	}
}

// add appends a contact.
func (r *rows) add(n *numbering, c *ingest.Contact) error {
	id := n.firstContact + numberIn(c.ExternalID, n.contactDigits)
	kind := c.Details.Kind()
	hash := c.Hash()

	t := &r.identities
	t.row(5)
	t.int64(id)
	t.text(c.ExternalID)
	t.time(c.StartedAt)
	t.int64(c.Revision)
	t.bytes(hash[:])

	t = &r.contacts
	t.row(24)
	t.int64(id)
	t.time(c.StartedAt)
	t.text(string(c.Type))
	t.text(string(c.Status))
	optionalText(t, c.HangupParty)
	optionalText(t, kind)
	t.reference(n.campaigns, c.Campaign)
	t.reference(n.agents, c.Agent)
	t.reference(n.queues, c.Queue)
	t.reference(n.classifiers, c.Classifier)
	t.reference(n.siteCalls, c.SiteCall)
	if c.Record == nil {
		t.null()
	} else {
		t.int64(n.firstRecord + numberIn(c.Record.ExternalID, n.recordDigits))
	}
	t.optionalInt32(c.IVRTime)
	t.optionalInt32(c.RingTime)
	t.optionalInt32(c.AgentTalkTime)
	t.text(c.ExternalID)
	optionalText(t, c.TicketID)
	optionalText(t, c.SiteCallOrderID)
	t.address(c.SourceAddress)
	t.address(c.DestinationAddress)
	t.texts(c.CCAddresses)
	t.texts(c.BCCAddresses)

	t = &r.steps
	for i := range c.IVRSteps {
		s := &c.IVRSteps[i]
		t.row(8)
		t.time(c.StartedAt)
		t.int64(id)
		t.int32(i + 1)
		t.text(string(s.Kind))
		t.time(s.EnteredAt)
		t.optionalTime(s.LeftAt)
		t.text(s.Name)
		optionalText(t, s.Choice)
	}
	if kind == nil {
		return nil
	}
	content, err := json.Marshal(c.Details)
	if err != nil {
		return err
	}
	t = &r.details
	t.row(3)
	t.time(c.StartedAt)
	t.int64(id)
	t.jsonb(content)
	return nil
}

func (t *tuples) reference(numbers map[string]int, to *ingest.Reference) {
	if to == nil {
		t.null()
	} else {
		t.int32(numbers[to.ExternalID])
	}
}

// address is the raw form, and the normalised one beside it.
func (t *tuples) address(raw *string) {
	if raw == nil {
		t.null()
		t.null()
		return
	}
	t.text(*raw)
	if isNormalized(*raw) {
		t.text(*raw)
	} else if key, err := contact.NormalizeAddress(*raw); err == nil {
		t.text(key)
	} else {
		t.null()
	}
}

// isNormalized knows the forms that nearly all our addresses have, so that the one function that makes normalised
// addresses need not be asked: Polish numbers in E.164 and lower-case e-mail addresses of letters, digits and points.
// Where it says yes, that function gives back what it was given.
func isNormalized(address string) bool {
	digits, letters, ats := 0, 0, 0
	for i := range len(address) {
		switch c := address[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c == '.':
			letters++
		case c == '@':
			ats++
		case c == '+' && i == 0:
		default:
			return false
		}
	}
	switch {
	case len(address) == 12 && address[:3] == "+48":
		return digits == 11
	case ats == 1:
		return address[0] != '+' && address[0] != '@' && address[len(address)-1] != '@' && len(address) <= 100
	default:
		return false
	}
}

// numberIn is the number that a key of ours ends with.
func numberIn(key string, digits int) int64 {
	n, err := strconv.ParseInt(key[digits:], 10, 64)
	if err != nil {
		panic("sample: the key " + key + " ends with no number") // it was made here
	}
	return n
}

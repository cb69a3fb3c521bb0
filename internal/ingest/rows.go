package ingest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kontakty/kontakty/internal/address"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// The columns that a contact is written into, in the order of the values of a row.
const (
	RecordColumns   = "id, external_id, significant_name, significant_value, significant_at, significant_revision"
	IdentityColumns = "contact_id, external_id, started_at, revision, content_hash"
	ContactColumns  = "id, started_at, type, status, hangup_party, details_kind, campaign_id, agent_id, queue_id, classifier_id, " +
		"site_call_id, record_id, ivr_time, ring_time, agent_talk_time, external_id, ticket_id, site_call_order_id, " +
		"source_address, source_key, destination_address, destination_key, to_addresses, cc_addresses, bcc_addresses, " +
		"channel, conversation_id, hold_time, wrap_up_time, unnamed, outcome, queue_time, time_to_answer, lost_after, client, facts_missing"
	AddressColumns = "contact_started_at, contact_id, role, key"
	StepColumns    = "contact_started_at, contact_id, position, kind, entered_at, left_at, name, choice"
	DetailsColumns = "contact_started_at, contact_id, content"
)

// contactColumns is how many there are.
var contactColumns = 1 + strings.Count(ContactColumns, ",")

// Prepared is a contact with all that is written beside its own words and can be worked out of them without a database.
// The methods append its rows.
type Prepared struct {
	contact        *format.Contact
	hash           [16]byte
	sourceKey      *string
	destinationKey *string
	further        []address.Further
	details        []byte // as JSON, nil if there are none
}

// Prepare prepares a contact, which must be one that can be taken in.
func Prepare(c *format.Contact) Prepared {
	p := Prepared{
		contact: c, hash: c.Hash(),
		sourceKey: address.OptionalKey(c.SourceAddress), destinationKey: address.OptionalKey(c.DestinationAddress),
	}
	p.further = (&address.All{
		Source: c.SourceAddress, Destination: c.DestinationAddress, To: c.ToAddresses, CC: c.CCAddresses, BCC: c.BCCAddresses,
	}).Further()
	if c.Details.Kind() != nil {
		details, err := json.Marshal(c.Details)
		if err != nil {
			// Texts, numbers and times within their bounds always have a JSON form.
			panic(fmt.Sprintf("ingest: writing details: %v", err))
		}
		p.details = details
	}
	return p
}

// Numbers are our own numbers of a contact and of what it points at.
type Numbers struct {
	ID     int64
	Things directory.Row
	Record int64 // 0 is none
}

// AppendIdentity appends the row of contact_identities.
func (p *Prepared) AppendIdentity(rows *pgbinary.Rows, id int64) {
	rows.Row(5)
	rows.Bigint(id)
	rows.Text(p.contact.ExternalID)
	rows.Time(p.contact.StartedAt)
	rows.Bigint(p.contact.Revision)
	rows.Bytes(p.hash[:])
}

// AppendContact appends the row of contacts, with the facts that rules make of it.
func (p *Prepared) AppendContact(rows *pgbinary.Rows, n Numbers, rules contact.FactRules) {
	c := p.contact
	rows.Row(contactColumns)
	rows.Bigint(n.ID)
	rows.Time(c.StartedAt)
	rows.Text(string(c.Type))
	rows.Text(string(c.Status))
	rows.OptionalText((*string)(c.HangupParty))
	rows.OptionalText((*string)(c.Details.Kind()))
	for _, thing := range [dimensions]int{
		campaigns: n.Things.Campaign, agents: n.Things.Agent, queues: n.Things.Queue, classifiers: n.Things.Classifier, siteCalls: n.Things.SiteCall,
	} {
		if thing == 0 {
			rows.Null()
		} else {
			rows.Int(thing)
		}
	}
	if n.Record == 0 {
		rows.Null()
	} else {
		rows.Bigint(n.Record)
	}
	rows.OptionalInt(c.IVRTime)
	rows.OptionalInt(c.RingTime)
	rows.OptionalInt(c.AgentTalkTime)
	rows.Text(c.ExternalID)
	rows.OptionalText(c.TicketID)
	rows.OptionalText(c.SiteCallOrderID)
	rows.OptionalText(c.SourceAddress)
	rows.OptionalText(p.sourceKey)
	rows.OptionalText(c.DestinationAddress)
	rows.OptionalText(p.destinationKey)
	rows.Texts(c.ToAddresses)
	rows.Texts(c.CCAddresses)
	rows.Texts(c.BCCAddresses)
	rows.OptionalText(c.Channel)
	rows.OptionalText(c.ConversationID)
	rows.OptionalInt(c.HoldTime)
	rows.OptionalInt(c.WrapUpTime)
	if bits := unnamed(c); bits == 0 {
		rows.Null()
	} else {
		rows.Int(bits)
	}
	facts := p.facts(rules)
	rows.OptionalText((*string)(facts.Outcome))
	rows.OptionalInt(facts.QueueTime)
	rows.OptionalInt(facts.TimeToAnswer)
	rows.OptionalInt(facts.LostAfter)
	if facts.Client == nil {
		rows.Null()
	} else {
		rows.Bigint(*facts.Client)
	}
	if rules.Newer {
		rows.True() // a later version finds by it what is to be worked out anew
	} else {
		rows.Null()
	}
}

// facts works the facts of the contact out.
func (p *Prepared) facts(rules contact.FactRules) contact.Facts {
	c := p.contact
	course := contact.Course{
		Type: c.Type, Status: c.Status, HangupParty: c.HangupParty, StartedAt: c.StartedAt, HasAgent: c.Agent != nil, AgentTalkTime: c.AgentTalkTime,
		SourceKey: p.sourceKey, DestinationKey: p.destinationKey,
		Steps: func(yield func(contact.IVRStep) bool) {
			for i := range c.IVRSteps {
				s := &c.IVRSteps[i]
				if !yield(contact.IVRStep{Name: s.Name, Kind: s.Kind, EnteredAt: s.EnteredAt, LeftAt: s.LeftAt}) {
					return
				}
			}
		},
	}
	return course.Facts(rules)
}

// AppendAddresses appends the rows of contact_addresses, if there are any.
func (p *Prepared) AppendAddresses(rows *pgbinary.Rows, id int64) {
	for _, one := range p.further {
		rows.Row(4)
		rows.Time(p.contact.StartedAt)
		rows.Bigint(id)
		rows.Text(one.Role)
		rows.Text(one.Key)
	}
}

// AppendSteps appends the rows of ivr_steps, if there are any.
func (p *Prepared) AppendSteps(rows *pgbinary.Rows, id int64) {
	for i := range p.contact.IVRSteps {
		s := &p.contact.IVRSteps[i]
		rows.Row(8)
		rows.Time(p.contact.StartedAt)
		rows.Bigint(id)
		rows.Int(i + 1)
		rows.Text(string(s.Kind))
		rows.Time(s.EnteredAt)
		rows.OptionalTime(s.LeftAt)
		rows.Text(s.Name)
		rows.OptionalText(s.Choice)
	}
}

// AppendDetails appends the row of contact_details, if there is one.
func (p *Prepared) AppendDetails(rows *pgbinary.Rows, id int64) {
	if p.details == nil {
		return
	}
	rows.Row(3)
	rows.Time(p.contact.StartedAt)
	rows.Bigint(id)
	rows.JSONB(p.details)
}

// AppendRecord appends the row of records; field is nil for a record without a significant field. When the field was true is
// what the contacts of the record tell.
func AppendRecord(rows *pgbinary.Rows, id int64, externalID string, field *format.SignificantField) {
	appendRecord(rows, id, externalID, field, instant{})
}

func appendRecord(rows *pgbinary.Rows, id int64, externalID string, field *format.SignificantField, at instant) {
	rows.Row(6)
	rows.Bigint(id)
	rows.Text(externalID)
	if field == nil {
		rows.Null()
		rows.Null()
	} else {
		rows.Text(field.Name)
		rows.OptionalText(field.Value)
	}
	if at == (instant{}) {
		rows.Null()
		rows.Null()
	} else {
		rows.Bigint(at.at)
		rows.Bigint(at.revision)
	}
}

package asterisk

import (
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/telephony"
)

// base is what every reading of a call has.
type base struct {
	source   *telephony.Source
	names    *telephony.Names
	call     telephony.Call
	key      string
	revision int64
	cdr      cdrRows
	unknown  []telephony.Unknown
}

func (b *base) note(kind telephony.UnknownKind, value string) {
	b.unknown = append(b.unknown, telephony.Unknown{Kind: kind, Value: value})
}

// newContact is a contact of the call with what all of them have.
func (b *base) newContact(key string, kind contact.Type, second int64) telephony.Contact {
	return telephony.Contact{Contact: format.Contact{
		ExternalID: b.source.Name + ":" + key, Revision: b.revision, Type: kind, StartedAt: b.instant(second),
	}}
}

// joinConversation makes one conversation of several contacts of the call; one alone belongs to none.
func (b *base) joinConversation(contacts []telephony.Contact) {
	if len(contacts) < 2 {
		return
	}
	id := b.source.Name + ":" + b.key
	for i := range contacts {
		contacts[i].ConversationID = &id
	}
}

func (b *base) instant(second int64) time.Time { return time.Unix(second, 0).In(b.source.Location()) }

// text is nil for none.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func number(n int) *int { return &n }

// campaignBy is the campaign of a DID, else of a queue, else one made of the DID.
func (b *base) campaignBy(did, queue string) *telephony.Reference {
	if did != "" {
		if campaign := b.names.CampaignOfNumber(did); campaign != nil {
			return campaign
		}
	}
	if campaign := b.names.CampaignOfQueue(queue); campaign != nil {
		return campaign
	}
	if did == "" {
		return nil
	}
	b.note(telephony.UnknownDID, did)
	return &telephony.Reference{ExternalID: "did:" + did, Name: did, Assumed: true}
}

func isCampaignStep(kind contact.StepKind) bool {
	return kind == contact.MenuStep || kind == contact.InputStep || kind == contact.AnnouncementStep
}

func lastOf(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// firstArgument is what stands before the first comma of an application's data.
func firstArgument(data string) string {
	first, _, _ := strings.Cut(data, ",")
	return first
}

// step is a tile of the client's way.
type step struct {
	kind       contact.StepKind
	name       string
	choice     string
	enteredAt  int64 // place among the events
	entered    int64
	left       int64 // openEnd while the client is in it
	digits     string
	exten      string // the latest extension seen
	chosen     string // the first extension that says a choice
	queue      string
	lastDigit  string
	digitSince int64
}

// setSteps puts a way into a contact, and the time spent in the IVR. Last is the latest second of the call.
func (b *base) setSteps(into *format.Contact, steps []*step, last int64, over bool) {
	slices.SortStableFunc(steps, func(x, y *step) int {
		if x.entered != y.entered {
			return int(x.entered - y.entered)
		}
		return int(x.enteredAt - y.enteredAt)
	})
	total, any := 0, false
	for _, st := range steps {
		tile := format.Step{Name: st.name, Kind: st.kind, Choice: text(st.choice), EnteredAt: b.instant(st.entered)}
		left := st.left
		if left == openEnd && over {
			left = max(last, st.entered)
		}
		if left != openEnd {
			at := b.instant(left)
			tile.LeftAt = &at
		}
		if st.kind != contact.QueueStep && st.kind != contact.AgentStep && st.kind != contact.TransferStep {
			total, any = total+int(max(0, min(left, last)-st.entered)), true
		}
		into.IVRSteps = append(into.IVRSteps, tile)
	}
	if any {
		into.IVRTime = &total
	}
}

func cutText(text string) string {
	if runes := []rune(text); len(runes) > 200 {
		return string(runes[:200])
	}
	return text
}

// fill sets a field that the configuration may take from a column; what the dialplan said wins.
func (b *base) fill(c *telephony.Contact, field, said string) {
	value := said
	if column := b.source.Fields[field]; value == "" && column != "" {
		value = b.columnValue(column)
	}
	if value = cutText(value); value == "" {
		return
	}
	switch field {
	case "classifier":
		c.Classifier = &telephony.Reference{ExternalID: value, Name: value, Assumed: true}
	case "ticketId":
		c.TicketID = &value
	case "record":
		c.Record = &format.RecordReference{ExternalID: value}
	}
}

// columnValue is the first value of a column such as cdr.userfield among the call's rows.
func (b *base) columnValue(column string) string {
	if name, ofCDR := strings.CutPrefix(column, "cdr."); ofCDR {
		return b.cdr.first(name)
	}
	if column != "cel.accountcode" {
		return ""
	}
	for i := range b.call.Rows {
		if row := &b.call.Rows[i]; row.Kind == telephony.CEL && len(row.Fields) == celFields && row.Fields[celAccount] != "" {
			return row.Fields[celAccount]
		}
	}
	return ""
}

package asterisk

import (
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
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
	return b.source.NewContact(key, b.revision, kind, second)
}

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
	campaign, unknown := b.names.CampaignOf(did, queue)
	if unknown {
		b.note(telephony.UnknownDID, did)
	}
	return campaign
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
func (b *base) setSteps(into *telephony.Contact, steps []*step, last int64, over bool) {
	slices.SortStableFunc(steps, func(x, y *step) int {
		if x.entered != y.entered {
			return int(x.entered - y.entered)
		}
		return int(x.enteredAt - y.enteredAt)
	})
	tiles := make([]telephony.Tile, len(steps))
	for i, st := range steps {
		tiles[i] = telephony.Tile{Kind: st.kind, Name: st.name, Choice: st.choice, Entered: st.entered, Left: st.left}
		if st.left == openEnd && over {
			tiles[i].Left = max(last, st.entered)
		}
	}
	b.source.SetWay(into, tiles, last)
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
	c.Set(field, value)
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

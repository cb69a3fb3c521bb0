package export

import (
	"context"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// condition is one criterion of a filter in words.
type condition struct{ name, value string }

// wording puts a filter into words.
type wording struct {
	reader    *report.Reader
	directory *directory.Directory
	locale    fault.Locale
	said      []condition
	err       error
}

// unseenLabel stands for what a filter names and does not exist for who reads it.
var unseenLabel = label{"niewidoczne", "not visible"}

// inWords are the criteria of a filter beyond its period, things that exist for the reader by their names.
func inWords(ctx context.Context, reader *report.Reader, things *directory.Directory, f contact.Filter, locale fault.Locale) ([]condition, error) {
	w := &wording{reader: reader, directory: things, locale: locale}
	w.hours(f.Hours)
	sayNames(ctx, w, label{"Agent", "Agent"}, relay.AgentKind, f.AgentIDs, things.Agents, func(a *directory.Agent) string { return a.Name })
	sayNames(ctx, w, label{"Grupa agentów", "Agent group"}, relay.AgentGroupKind, f.AgentGroupIDs, things.AgentGroups, func(g *directory.AgentGroup) string { return g.Name })
	w.campaigns(ctx, f)
	sayLabels(w, label{"Typ", "Type"}, f.Types, typeLabels)
	sayLabels(w, label{"Status", "Status"}, f.Statuses, statusLabels)
	w.say(label{"Numer/adres źródłowy", "Source number/address"}, f.SourceAddresses)
	w.say(label{"Numer/adres docelowy", "Destination number/address"}, f.DestinationAddresses)
	w.say(label{"ID zgłoszenia", "Ticket ID"}, f.TicketIDs)
	sayNames(ctx, w, label{"SiteCall", "SiteCall"}, relay.SiteCallKind, f.SiteCallIDs, things.SiteCalls, func(s *directory.SiteCall) string { return s.Name })
	sayNames(ctx, w, label{"Kolejka", "Queue"}, relay.QueueKind, f.QueueIDs, things.Queues, func(q *directory.Queue) string { return q.Name })
	sayNames(ctx, w, label{"Klasyfikator", "Classifier"}, relay.ClassifierKind, f.ClassifierIDs, things.Classifiers, func(c *directory.Classifier) string { return c.Name })
	sayNames(ctx, w, label{"ID rekordu", "Record ID"}, relay.RecordKind, f.RecordIDs, reader.Records, func(r *contact.Record) string { return r.ExternalID })
	contacts := func(ctx context.Context, ids []int64) (map[int64]*contact.Contact, error) {
		return reader.Contacts(ctx, ids, contact.ColumnExternalID)
	}
	sayNames(ctx, w, label{"ID połączenia", "Contact ID"}, relay.ContactKind, f.ContactIDs, contacts, func(c *contact.Contact) string { return c.ExternalID })
	return w.said, w.err
}

// asText are conditions in one line.
func asText(conditions []condition, locale fault.Locale) string {
	if len(conditions) == 0 {
		return noteNoFilter.in(locale)
	}
	said := make([]string, len(conditions))
	for i, one := range conditions {
		said[i] = one.name + ": " + one.value
	}
	return strings.Join(said, "; ")
}

func (w *wording) say(name label, values []string) {
	if len(values) > 0 {
		w.said = append(w.said, condition{name.in(w.locale), strings.Join(values, ", ")})
	}
}

func (w *wording) hours(hours *contact.Hours) {
	if hours == nil || hours.From == nil && hours.To == nil {
		return
	}
	from, to := "00:00", "24:00"
	if hours.From != nil {
		from = *hours.From
	}
	if hours.To != nil {
		to = *hours.To
	}
	w.say(label{"Godziny", "Hours"}, []string{from + "–" + to})
}

// campaigns says the campaigns and, with an "or", that contacts outside any campaign count too.
func (w *wording) campaigns(ctx context.Context, f contact.Filter) {
	name := label{"Kampania", "Campaign"}
	before := len(w.said)
	sayNames(ctx, w, name, relay.CampaignKind, f.CampaignIDs, w.directory.Campaigns, func(c *directory.Campaign) string { return c.Name })
	if f.OutsideCampaign == nil || !*f.OutsideCampaign {
		return
	}
	outside := label{"poza kampaniami", "outside any campaign"}.in(w.locale)
	if len(w.said) == before {
		w.said = append(w.said, condition{name.in(w.locale), outside})
		return
	}
	w.said[before].value += label{" lub ", " or "}.in(w.locale) + outside
}

func sayLabels[T comparable](w *wording, name label, values []T, labels map[T]label) {
	said := make([]string, len(values))
	for i, value := range values {
		said[i] = labels[value].in(w.locale)
	}
	w.say(name, said)
}

func sayNames[T any](ctx context.Context, w *wording, name label, kind relay.Kind, ids []string,
	find func(context.Context, []int64) (map[int64]*T, error), nameOf func(*T) string,
) {
	if len(ids) == 0 || w.err != nil {
		return
	}
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		if numbers[i], w.err = relay.DecodeIDOf(kind, id); w.err != nil {
			return
		}
	}
	known, err := w.reader.Known(ctx, kind, numbers)
	if err != nil {
		w.err = err
		return
	}
	found, err := find(ctx, numbers)
	if err != nil {
		w.err = err
		return
	}
	said := make([]string, 0, len(ids))
	unseen := false
	for _, number := range numbers {
		if one := found[number]; one != nil && known[number] {
			said = append(said, nameOf(one))
		} else {
			unseen = true
		}
	}
	if unseen {
		said = append(said, unseenLabel.in(w.locale))
	}
	w.say(name, said)
}

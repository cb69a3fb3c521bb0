package workbook

import (
	"context"
	"fmt"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// FilterInWords puts the criteria of a filter beyond its period into one line of a language, such as
// "Agent: Anna Kowalska; Status: ANSWERED". It names only what exists for the reader.
func FilterInWords(ctx context.Context, reader *report.Reader, directory *directory.Directory, filter contact.Filter, locale fault.Locale) (string, error) {
	conditions, err := conditionsOf(ctx, reader, directory, filter, locale)
	if err != nil {
		return "", err
	}
	if len(conditions) == 0 {
		return noConditions.in(locale), nil
	}
	texts := make([]string, len(conditions))
	for i, one := range conditions {
		texts[i] = one.name + ": " + one.value
	}
	return strings.Join(texts, "; "), nil
}

// condition is one criterion of a filter in words.
type condition struct{ name, value string }

// conditionsOf are the criteria of a filter beyond its period, with the names of what exists for the reader.
func conditionsOf(ctx context.Context, reader *report.Reader, things *directory.Directory, f contact.Filter, locale fault.Locale) ([]condition, error) {
	w := &wording{reader: reader, directory: things, locale: locale}
	w.hours(f.Hours)
	nameOf, err := reader.Visibility().AgentNames(ctx)
	if err != nil {
		return nil, err
	}
	addNames(ctx, w, agentLabel, relay.AgentKind, f.AgentIDs, things.Agents, nameOf)
	addNames(ctx, w, label{"Grupa agentów", "Agent group"}, relay.AgentGroupKind, f.AgentGroupIDs, things.AgentGroups, func(g *directory.AgentGroup) string { return g.Name })
	w.campaigns(ctx, f)
	addLabels(w, typeLabel, f.Types, typeLabels)
	addLabels(w, statusLabel, f.Statuses, statusLabels)
	addLabels(w, outcomeLabel, f.Outcomes, outcomeLabels)
	w.duration(queueTimeLabel, f.QueueTime)
	w.duration(timeToAnswerLabel, f.TimeToAnswer)
	w.duration(lostAfterLabel, f.LostAfter)
	w.duration(agentTalkLabel, f.AgentTalkTime)
	w.recovery(f.Recovery)
	if f.RepeatWithinDays != nil {
		w.add(label{"Kolejny kontakt klienta w ciągu", "Repeat within"}, []string{fmt.Sprintf(label{"%d dni", "%d days"}.in(locale), *f.RepeatWithinDays)})
	}
	addLabels(w, label{"Dni tygodnia", "Days of the week"}, f.Weekdays, weekdayLabels)
	if f.Unfinished != nil && *f.Unfinished {
		w.add(label{"Niezakończone", "Unfinished"}, []string{label{"tak", "yes"}.in(locale)})
	}
	w.add(sourceLabel, f.SourceAddresses)
	w.add(destinationLabel, f.DestinationAddresses)
	w.add(label{"Klient (numer lub e-mail)", "Client (number or e-mail)"}, f.Addresses)
	w.without(label{"Bez numeru/adresu źródłowego", "Without source number/address"}, f.WithoutSourceAddress)
	w.without(label{"Bez numeru/adresu docelowego", "Without destination number/address"}, f.WithoutDestinationAddress)
	w.add(contactLabel, f.ExternalIDs)
	w.add(recordLabel, f.RecordExternalIDs)
	w.add(ticketLabel, f.TicketIDs)
	addNames(ctx, w, siteCallLabel, relay.SiteCallKind, f.SiteCallIDs, things.SiteCalls, func(s *directory.SiteCall) string { return s.Name })
	addNames(ctx, w, queueLabel, relay.QueueKind, f.QueueIDs, things.Queues, func(q *directory.Queue) string { return q.Name })
	addNames(ctx, w, classifierLabel, relay.ClassifierKind, f.ClassifierIDs, things.Classifiers, func(c *directory.Classifier) string { return c.Name })
	addNames(ctx, w, recordLabel, relay.RecordKind, f.RecordIDs, reader.Records, func(r *contact.Record) string { return r.ExternalID })
	contacts := func(ctx context.Context, ids []int64) (map[int64]*contact.Contact, error) {
		return reader.Contacts(ctx, ids, contact.ColumnExternalID)
	}
	addNames(ctx, w, contactLabel, relay.ContactKind, f.ContactIDs, contacts, func(c *contact.Contact) string { return c.ExternalID })
	return w.conditions, w.err
}

// wording puts a filter into words. After the first error it adds no names.
type wording struct {
	reader     *report.Reader
	directory  *directory.Directory
	locale     fault.Locale
	conditions []condition
	err        error
}

func (w *wording) add(name label, values []string) {
	if len(values) > 0 {
		w.conditions = append(w.conditions, condition{name.in(w.locale), strings.Join(values, ", ")})
	}
}

func (w *wording) without(name label, asked *bool) {
	if asked != nil && *asked {
		w.add(name, []string{label{"tak", "yes"}.in(w.locale)})
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
	w.add(label{"Godziny", "Hours"}, []string{from + "–" + to})
}

func (w *wording) duration(name label, bounds *contact.DurationRange) {
	if bounds == nil {
		return
	}
	var texts []string
	for _, one := range []struct {
		word  label
		bound *int
	}{{label{"od %d s", "from %d s"}, bounds.AtLeast}, {label{"do %d s", "to %d s"}, bounds.AtMost}} {
		if one.bound != nil {
			texts = append(texts, fmt.Sprintf(one.word.in(w.locale), *one.bound))
		}
	}
	w.add(name, []string{strings.Join(texts, " ")})
}

func (w *wording) recovery(asked *contact.RecoveryFilter) {
	if asked == nil || len(asked.States) == 0 {
		return
	}
	name := label{fmt.Sprintf("Po straconych, w ciągu %d godz.", asked.WithinHours), fmt.Sprintf("After lost contacts, within %d h", asked.WithinHours)}
	addLabels(w, name, asked.States, recoveryLabels)
}

// campaigns adds the campaigns and, with an "or", the contacts outside any campaign.
func (w *wording) campaigns(ctx context.Context, f contact.Filter) {
	before := len(w.conditions)
	addNames(ctx, w, campaignLabel, relay.CampaignKind, f.CampaignIDs, w.directory.Campaigns, func(c *directory.Campaign) string { return c.Name })
	if f.OutsideCampaign == nil || !*f.OutsideCampaign {
		return
	}
	outside := label{"poza kampaniami", "outside any campaign"}.in(w.locale)
	if len(w.conditions) == before {
		w.add(campaignLabel, []string{outside})
		return
	}
	w.conditions[before].value += label{" lub ", " or "}.in(w.locale) + outside
}

func addLabels[T comparable](w *wording, name label, values []T, labels map[T]label) {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = labels[value].in(w.locale)
	}
	w.add(name, texts)
}

// invisibleLabel stands for what a filter names and does not exist for the reader.
var invisibleLabel = label{"niewidoczne", "not visible"}

func addNames[T any](ctx context.Context, w *wording, name label, kind relay.Kind, ids []string,
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
	existing, err := w.reader.Existing(ctx, kind, numbers)
	if err != nil {
		w.err = err
		return
	}
	found, err := find(ctx, numbers)
	if err != nil {
		w.err = err
		return
	}
	texts := make([]string, 0, len(ids))
	invisible := false
	for _, number := range numbers {
		if one := found[number]; one != nil && existing[number] {
			texts = append(texts, nameOf(one))
		} else {
			invisible = true
		}
	}
	if invisible {
		texts = append(texts, invisibleLabel.in(w.locale))
	}
	w.add(name, texts)
}

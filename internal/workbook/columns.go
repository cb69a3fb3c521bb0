package workbook

import (
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// line is what one line of a workbook is made of.
type line struct {
	locale  fault.Locale
	zone    *time.Location
	at      time.Time // when the filter was resolved
	names   *names
	contact *contact.Contact
	record  contact.Summary  // zero without one
	step    *contact.IVRStep // nil without one
	offset  offset
}

// offsetFormat shows a UTC offset.
const offsetFormat = "-07:00"

// offset is the UTC offset that was shown last, and its cell.
type offset struct {
	seconds int
	cell    xlsx.Cell
}

// column is a column of a workbook. All that there is to know of it stands in its one entry.
type column struct {
	name   Column                  // empty for one that cannot be chosen
	header label                   // in the first row of every sheet
	width  float64                 // in characters
	needs  contact.Columns         // what must be read of a contact for its cell
	cell   func(l *line) xlsx.Cell // its cell on a line
}

// contactColumns are the report's own columns, in its order.
var contactColumns = []column{
	{ExternalIDColumn, contactLabel, 20, contact.ColumnExternalID, func(l *line) xlsx.Cell { return xlsx.Text(l.contact.ExternalID) }},
	{CampaignColumn, campaignLabel, 26, contact.ColumnCampaign, func(l *line) xlsx.Cell { return named(l.names.campaigns, l.contact.CampaignID) }},
	{AgentColumn, agentLabel, 24, contact.ColumnAgent, func(l *line) xlsx.Cell { return named(l.names.agents, l.contact.AgentID) }},
	{SourceAddressColumn, sourceLabel, 24, contact.ColumnSourceAddress, func(l *line) xlsx.Cell { return text(l.contact.SourceAddress) }},
	{DestinationAddressColumn, destinationLabel, 24, contact.ColumnDestinationAddress | contact.ColumnToAddresses, destination},
	{CCAddressesColumn, label{"Adres DW", "CC"}, 24, contact.ColumnCCAddresses, func(l *line) xlsx.Cell { return list(l.contact.CCAddresses) }},
	{BCCAddressesColumn, label{"Adres UDW", "BCC"}, 24, contact.ColumnBCCAddresses, func(l *line) xlsx.Cell { return list(l.contact.BCCAddresses) }},
	{StartedAtColumn, label{"Kiedy", "Started at"}, 20, 0, func(l *line) xlsx.Cell { return instant(l, &l.contact.StartedAt) }},
	{UTCOffsetColumn, label{"Przesunięcie UTC", "UTC offset"}, 12, 0, func(l *line) xlsx.Cell { return l.offsetAt(&l.contact.StartedAt) }},
	{TalkTimeColumn, label{"Czas rozmowy", "Talk time"}, 14, contact.ColumnTalkTime, func(l *line) xlsx.Cell { return seconds(l.contact.TalkTime) }},
	{RingTimeColumn, label{"Czas wydzwaniania", "Ring time"}, 14, contact.ColumnRingTime, func(l *line) xlsx.Cell { return seconds(l.contact.RingTime) }},
	{AgentTalkTimeColumn, label{"Rozmowa z agentem", "Agent talk time"}, 14, contact.ColumnAgentTalkTime, func(l *line) xlsx.Cell { return seconds(l.contact.AgentTalkTime) }},
	{TypeColumn, typeLabel, 34, contact.ColumnType, func(l *line) xlsx.Cell { return worded(l, typeWords, &l.contact.Type) }},
	{StatusColumn, statusLabel, 14, contact.ColumnStatus, statusCell},
	{RecordColumn, recordLabel, 18, contact.ColumnRecord, func(l *line) xlsx.Cell { return xlsx.Text(l.record.ExternalID) }},
	{SignificantFieldColumn, label{"Pole znaczące", "Significant field"}, 26, contact.ColumnRecord, func(l *line) xlsx.Cell { return xlsx.Text(l.record.SignificantValue) }},
	{ClassifierColumn, classifierLabel, 24, contact.ColumnClassifier, func(l *line) xlsx.Cell { return named(l.names.classifiers, l.contact.ClassifierID) }},
	{QueueColumn, queueLabel, 22, contact.ColumnQueue, func(l *line) xlsx.Cell { return named(l.names.queues, l.contact.QueueID) }},
	{DetailsColumn, label{"Szczegóły", "Details"}, 16, contact.ColumnDetailsKind, func(l *line) xlsx.Cell { return worded(l, detailsWords, l.contact.DetailsKind) }},
	{HangupPartyColumn, label{"Strona rozłączenia", "Hung up by"}, 18, contact.ColumnHangupParty, func(l *line) xlsx.Cell { return worded(l, hangupWords, l.contact.HangupParty) }},
}

// furtherColumns are shown where they are chosen.
var furtherColumns = []column{
	{TicketIDColumn, ticketLabel, 18, contact.ColumnTicketID, func(l *line) xlsx.Cell { return text(l.contact.TicketID) }},
	{SiteCallColumn, siteCallLabel, 24, contact.ColumnSiteCall, func(l *line) xlsx.Cell { return named(l.names.siteCalls, l.contact.SiteCallID) }},
	{SiteCallOrderColumn, label{"Zamówienie SiteCall", "SiteCall order"}, 20, contact.ColumnSiteCallOrderID, func(l *line) xlsx.Cell { return text(l.contact.SiteCallOrderID) }},
	{IVRTimeColumn, label{"Czas w IVR", "IVR time"}, 14, contact.ColumnIVRTime, func(l *line) xlsx.Cell { return seconds(l.contact.IVRTime) }},
	{ConversationIDColumn, label{"ID konwersacji", "Conversation ID"}, 22, contact.ColumnConversation, func(l *line) xlsx.Cell { return text(l.contact.ConversationID) }},
}

// factColumns follow in a workbook that shows the facts of its contacts.
var factColumns = []column{
	{OutcomeColumn, outcomeLabel, 26, contact.ColumnOutcome, func(l *line) xlsx.Cell { return worded(l, outcomeWords, l.contact.Outcome) }},
	{QueueTimeColumn, queueTimeLabel, 16, contact.ColumnQueueTime, func(l *line) xlsx.Cell { return seconds(l.contact.QueueTime) }},
	{TimeToAnswerColumn, timeToAnswerLabel, 18, contact.ColumnTimeToAnswer, func(l *line) xlsx.Cell { return seconds(l.contact.TimeToAnswer) }},
	{LostAfterColumn, lostAfterLabel, 14, contact.ColumnLostAfter, func(l *line) xlsx.Cell { return seconds(l.contact.LostAfter) }},
}

// destination is all recipients of what went to several.
func destination(l *line) xlsx.Cell {
	if len(l.contact.ToAddresses) > 0 {
		return list(l.contact.ToAddresses)
	}
	return text(l.contact.DestinationAddress)
}

// stepColumns follow in the detailed workbook; they are blank for a contact that takes one line.
var stepColumns = []column{
	{"", label{"Nr kroku", "Step"}, 10, 0, ofStep(func(_ *line, s *contact.IVRStep) xlsx.Cell { return xlsx.Integer(s.Position) })},
	{"", label{"Kafelek", "Tile"}, 26, 0, ofStep(func(_ *line, s *contact.IVRStep) xlsx.Cell { return xlsx.Text(s.Name) })},
	{"", label{"Rodzaj kafelka", "Tile kind"}, 20, 0, ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return worded(l, stepWords, &s.Kind) })},
	{"", label{"Wybór", "Choice"}, 16, 0, ofStep(func(_ *line, s *contact.IVRStep) xlsx.Cell { return text(s.Choice) })},
	{"", label{"Wejście", "Entered at"}, 20, 0, ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return instant(l, &s.EnteredAt) })},
	{"", label{"Przesunięcie UTC wejścia", "UTC offset on entering"}, 12, 0, ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return l.offsetAt(&s.EnteredAt) })},
	{"", label{"Wyjście", "Left at"}, 20, 0, ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return instant(l, s.LeftAt) })},
	{"", label{"Przesunięcie UTC wyjścia", "UTC offset on leaving"}, 12, 0, ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return l.offsetAt(s.LeftAt) })},
	{"", label{"Czas w kafelku", "Time in the tile"}, 16, 0, ofStep(func(_ *line, s *contact.IVRStep) xlsx.Cell { return seconds(s.Duration()) })},
}

// ofStep makes the cell of a step, blank on a line without one.
func ofStep(cell func(*line, *contact.IVRStep) xlsx.Cell) func(*line) xlsx.Cell {
	return func(l *line) xlsx.Cell {
		if l.step == nil {
			return xlsx.Blank
		}
		return cell(l, l.step)
	}
}

func text(value *string) xlsx.Cell {
	if value == nil {
		return xlsx.Blank
	}
	return xlsx.Text(*value)
}

// list is the cell of addresses, separated as mail programs separate them.
func list(values []string) xlsx.Cell { return xlsx.Text(strings.Join(values, ", ")) }

func seconds(value *int) xlsx.Cell {
	if value == nil {
		return xlsx.Blank
	}
	return xlsx.Seconds(*value)
}

func instant(l *line, moment *time.Time) xlsx.Cell {
	if moment == nil {
		return xlsx.Blank
	}
	return xlsx.Instant(moment.In(l.zone))
}

// offsetAt is the cell of the UTC offset, which tells apart the two moments that one wall clock shows when the clocks go back.
func (l *line) offsetAt(moment *time.Time) xlsx.Cell {
	if moment == nil {
		return xlsx.Blank
	}
	local := moment.In(l.zone)
	if _, seconds := local.Zone(); l.offset.cell == xlsx.Blank || l.offset.seconds != seconds {
		l.offset = offset{seconds, xlsx.Text(local.Format(offsetFormat))}
	}
	return l.offset.cell
}

func named(names map[int64]xlsx.Cell, id *int64) xlsx.Cell {
	if id == nil {
		return xlsx.Blank
	}
	return names[*id]
}

func worded[T comparable](l *line, words map[T]word, value *T) xlsx.Cell {
	if value == nil {
		return xlsx.Blank
	}
	return words[*value].in(l.locale)
}

// statusCell is the cell of a status, or says that the contact never ended.
func statusCell(l *line) xlsx.Cell {
	if l.contact.Unfinished(l.at) {
		return unfinishedWord.in(l.locale)
	}
	return worded(l, statusWords, &l.contact.Status)
}

// word is a label as a cell.
type word struct{ pl, en xlsx.Cell }

func (w word) in(locale fault.Locale) xlsx.Cell {
	if locale == fault.English {
		return w.en
	}
	return w.pl
}

// The words that stand in cells.
var (
	typeWords    = wordsOf(typeLabels)
	statusWords  = wordsOf(statusLabels)
	outcomeWords = wordsOf(outcomeLabels)
	hangupWords  = wordsOf(hangupLabels)
	detailsWords = wordsOf(detailsLabels)
	stepWords    = wordsOf(stepLabels)
)

// unfinishedWord stands in the cell of a status.
var unfinishedWord = word{xlsx.Text(unfinishedLabel.pl), xlsx.Text(unfinishedLabel.en)}

func wordsOf[T comparable](labels map[T]label) map[T]word {
	words := make(map[T]word, len(labels))
	for value, label := range labels {
		words[value] = word{xlsx.Text(label.pl), xlsx.Text(label.en)}
	}
	return words
}

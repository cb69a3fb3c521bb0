package workbook

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// line is what one line of a file is made of.
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

// column is a column of a file. All that there is to know of it stands in its one entry.
type column struct {
	name   Column          // empty for one that cannot be chosen
	header label           // in the first row of every sheet
	width  float64         // in characters, on a sheet
	needs  contact.Columns // what must be read of a contact for it
	content
}

// contactColumns are the report's own columns, in its order.
var contactColumns = []column{
	{ExternalIDColumn, contactLabel, 20, contact.ColumnExternalID, free(func(l *line) xlsx.Cell { return xlsx.Text(l.contact.ExternalID) })},
	{CampaignColumn, campaignLabel, 26, contact.ColumnCampaign, free(func(l *line) xlsx.Cell { return named(l.names.campaigns, l.contact.CampaignID) })},
	{AgentColumn, agentLabel, 24, contact.ColumnAgent, free(func(l *line) xlsx.Cell { return named(l.names.agents, l.contact.AgentID) })},
	{SourceAddressColumn, sourceLabel, 24, contact.ColumnSourceAddress, ofAddress(func(l *line) *string { return l.contact.SourceAddress })},
	{DestinationAddressColumn, destinationLabel, 24, contact.ColumnDestinationAddress | contact.ColumnToAddresses, destination},
	{CCAddressesColumn, label{"Adres DW", "CC"}, 24, contact.ColumnCCAddresses, ofAddresses(func(l *line) []string { return l.contact.CCAddresses })},
	{BCCAddressesColumn, label{"Adres UDW", "BCC"}, 24, contact.ColumnBCCAddresses, ofAddresses(func(l *line) []string { return l.contact.BCCAddresses })},
	{StartedAtColumn, label{"Kiedy", "Started at"}, 20, 0, moment(func(l *line) *time.Time { return &l.contact.StartedAt })},
	{UTCOffsetColumn, label{"Przesunięcie UTC", "UTC offset"}, 12, 0, words(func(l *line) xlsx.Cell { return l.offsetAt(&l.contact.StartedAt) })},
	{TalkTimeColumn, label{"Czas rozmowy", "Talk time"}, 14, contact.ColumnTalkTime, duration(func(l *line) *int { return l.contact.TalkTime })},
	{RingTimeColumn, label{"Czas wydzwaniania", "Ring time"}, 14, contact.ColumnRingTime, duration(func(l *line) *int { return l.contact.RingTime })},
	{AgentTalkTimeColumn, label{"Rozmowa z agentem", "Agent talk time"}, 14, contact.ColumnAgentTalkTime, duration(func(l *line) *int { return l.contact.AgentTalkTime })},
	{TypeColumn, typeLabel, 34, contact.ColumnType, words(func(l *line) xlsx.Cell { return worded(l, typeWords, &l.contact.Type) })},
	{StatusColumn, statusLabel, 14, contact.ColumnStatus, words(statusCell)},
	{RecordColumn, recordLabel, 18, contact.ColumnRecord, free(func(l *line) xlsx.Cell { return xlsx.Text(l.record.ExternalID) })},
	{SignificantFieldColumn, label{"Pole znaczące", "Significant field"}, 26, contact.ColumnRecord, free(func(l *line) xlsx.Cell { return xlsx.Text(l.record.SignificantValue) })},
	{ClassifierColumn, classifierLabel, 24, contact.ColumnClassifier, free(func(l *line) xlsx.Cell { return named(l.names.classifiers, l.contact.ClassifierID) })},
	{QueueColumn, queueLabel, 22, contact.ColumnQueue, free(func(l *line) xlsx.Cell { return named(l.names.queues, l.contact.QueueID) })},
	{DetailsColumn, label{"Szczegóły", "Details"}, 16, contact.ColumnDetailsKind, words(func(l *line) xlsx.Cell { return worded(l, detailsWords, l.contact.DetailsKind) })},
	{HangupPartyColumn, label{"Strona rozłączenia", "Hung up by"}, 18, contact.ColumnHangupParty, words(func(l *line) xlsx.Cell { return worded(l, hangupWords, l.contact.HangupParty) })},
}

// furtherColumns are shown where they are chosen.
var furtherColumns = []column{
	{TicketIDColumn, ticketLabel, 18, contact.ColumnTicketID, free(func(l *line) xlsx.Cell { return text(l.contact.TicketID) })},
	{SiteCallColumn, siteCallLabel, 24, contact.ColumnSiteCall, free(func(l *line) xlsx.Cell { return named(l.names.siteCalls, l.contact.SiteCallID) })},
	{SiteCallOrderColumn, label{"Zamówienie SiteCall", "SiteCall order"}, 20, contact.ColumnSiteCallOrderID, free(func(l *line) xlsx.Cell { return text(l.contact.SiteCallOrderID) })},
	{IVRTimeColumn, label{"Czas w IVR", "IVR time"}, 14, contact.ColumnIVRTime, duration(func(l *line) *int { return l.contact.IVRTime })},
	{ConversationIDColumn, label{"ID konwersacji", "Conversation ID"}, 22, contact.ColumnConversation, free(func(l *line) xlsx.Cell { return text(l.contact.ConversationID) })},
}

// factColumns follow in a file that shows the facts of its contacts.
var factColumns = []column{
	{OutcomeColumn, outcomeLabel, 26, contact.ColumnOutcome, words(func(l *line) xlsx.Cell { return worded(l, outcomeWords, l.contact.Outcome) })},
	{QueueTimeColumn, queueTimeLabel, 16, contact.ColumnQueueTime, duration(func(l *line) *int { return l.contact.QueueTime })},
	{TimeToAnswerColumn, timeToAnswerLabel, 18, contact.ColumnTimeToAnswer, duration(func(l *line) *int { return l.contact.TimeToAnswer })},
	{LostAfterColumn, lostAfterLabel, 14, contact.ColumnLostAfter, duration(func(l *line) *int { return l.contact.LostAfter })},
}

// stepColumns follow in a detailed file; they are blank for a contact that takes one line.
var stepColumns = []column{
	{"", label{"Nr kroku", "Step"}, 10, 0, words(ofStep(func(_ *line, s *contact.IVRStep) xlsx.Cell { return xlsx.Integer(s.Position) }))},
	{"", label{"Kafelek", "Tile"}, 26, 0, free(ofStep(func(_ *line, s *contact.IVRStep) xlsx.Cell { return xlsx.Text(s.Name) }))},
	{"", label{"Rodzaj kafelka", "Tile kind"}, 20, 0, words(ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return worded(l, stepWords, &s.Kind) }))},
	{"", label{"Wybór", "Choice"}, 16, 0, free(ofStep(func(_ *line, s *contact.IVRStep) xlsx.Cell { return text(s.Choice) }))},
	{"", label{"Wejście", "Entered at"}, 20, 0, moment(ofStep(func(_ *line, s *contact.IVRStep) *time.Time { return &s.EnteredAt }))},
	{"", label{"Przesunięcie UTC wejścia", "UTC offset on entering"}, 12, 0, words(ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return l.offsetAt(&s.EnteredAt) }))},
	{"", label{"Wyjście", "Left at"}, 20, 0, moment(ofStep(func(_ *line, s *contact.IVRStep) *time.Time { return s.LeftAt }))},
	{"", label{"Przesunięcie UTC wyjścia", "UTC offset on leaving"}, 12, 0, words(ofStep(func(l *line, s *contact.IVRStep) xlsx.Cell { return l.offsetAt(s.LeftAt) }))},
	{"", label{"Czas w kafelku", "Time in the tile"}, 16, 0, duration(ofStep(func(_ *line, s *contact.IVRStep) *int { return s.Duration() }))},
}

// destination is all recipients of what went to several, else the one.
var (
	destination = content{func(l *line) xlsx.Cell { return ofRecipients(l).cell(l) }, func(l *line, f *fields) { ofRecipients(l).field(l, f) }}
	recipient   = ofAddress(func(l *line) *string { return l.contact.DestinationAddress })
	recipients  = ofAddresses(func(l *line) []string { return l.contact.ToAddresses })
)

func ofRecipients(l *line) *content {
	if len(l.contact.ToAddresses) > 0 {
		return &recipients
	}
	return &recipient
}

// ofStep takes what a step has, the zero value on a line without one.
func ofStep[T any](take func(*line, *contact.IVRStep) T) func(*line) T {
	return func(l *line) (value T) {
		if l.step == nil {
			return value
		}
		return take(l, l.step)
	}
}

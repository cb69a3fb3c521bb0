package workbook

import (
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// label is a word of a workbook in both languages.
type label struct{ pl, en string }

// in is the word in a language.
func (l label) in(locale fault.Locale) string {
	if locale == fault.English {
		return l.en
	}
	return l.pl
}

// The words of the report. The Polish ones are those that users know, letter for letter.
var (
	typeLabels = map[contact.Type]label{
		contact.OutboundCall:        {"połączenie wychodzące", "outbound call"},
		contact.InboundCall:         {"połączenie przychodzące", "inbound call"},
		contact.CampaignInboundCall: {"połączenie przychodzące w kampanii", "inbound call in a campaign"},
		contact.OutboundEmail:       {"e-mail wychodzący", "outbound e-mail"},
		contact.InboundEmail:        {"e-mail przychodzący", "inbound e-mail"},
		contact.Consultation:        {"konsultacja", "consultation"},
		contact.PostCallSurvey:      {"ankieta PCS", "post-call survey"},
		contact.ExternalTransfer:    {"transfer zewnętrzny", "external transfer"},
		contact.OutboundSMS:         {"SMS wychodzący", "outbound SMS"},
		contact.InboundSMS:          {"SMS przychodzący", "inbound SMS"},
		contact.Chat:                {"konwersacja chat", "chat"},
		contact.MessengerChat:       {"konwersacja chat (FB Messenger)", "chat (FB Messenger)"},
		contact.VoiceMailingSurvey:  {"ankieta VM", "voice mailing survey"},
		contact.SiteCallCustomerLeg: {"połączenie do klienta (SiteCall)", "call to the customer (SiteCall)"},
		contact.SiteCallAgentLeg:    {"połączenie do agenta (SiteCall)", "call to the agent (SiteCall)"},
		contact.MobileOutboundCall:  {"połączenie wychodzące (aplikacja mobilna)", "outbound call (mobile app)"},
		contact.MobileInboundCall:   {"połączenie przychodzące (aplikacja mobilna)", "inbound call (mobile app)"},
		contact.Other:               {"inny kontakt", "other contact"},
	}
	statusLabels = map[contact.Status]label{
		contact.Answered:       {"ANSWERED", "ANSWERED"},
		contact.Ringing:        {"RINGING", "RINGING"},
		contact.Failed:         {"FAILED", "FAILED"},
		contact.ClassifierOnly: {"CLASSIFIER", "CLASSIFIER"},
		contact.Busy:           {"BUSY", "BUSY"},
		contact.Pending:        {"PENDING", "PENDING"},
		contact.NoAnswer:       {"NO ANSWER", "NO ANSWER"},
	}
	outcomeLabels = map[contact.Outcome]label{
		contact.ReachedAgent:     {"rozmowa z agentem", "talked with an agent"},
		contact.HandedOver:       {"przekazane", "handed over"},
		contact.SelfServed:       {"obsłużone przez IVR", "served by the IVR"},
		contact.LostInIVR:        {"stracone: IVR", "lost: IVR"},
		contact.LostInQueue:      {"stracone: kolejka", "lost: queue"},
		contact.LostWhileRinging: {"stracone: dzwoniło u agenta", "lost: rang at the agent's"},
		contact.LostAtVoicemail:  {"stracone: poczta głosowa", "lost: voicemail"},
		contact.LostByFailure:    {"stracone: awaria", "lost: failure"},
		contact.NotReached:       {"nie dodzwoniono się", "not reached"},
		contact.UnderWay:         {"w toku", "under way"},
	}
	recoveryLabels = map[contact.RecoveryState]label{
		contact.CalledBack:    {"oddzwonione", "called back"},
		contact.CalledAgain:   {"zadzwonił ponownie", "called again"},
		contact.Tried:         {"próbowano", "tried"},
		contact.NotRecovered:  {"nic", "nothing"},
		contact.UnknownClient: {"nieznany klient", "unknown client"},
	}
	weekdayLabels = map[contact.Weekday]label{
		contact.Monday:    {"poniedziałek", "Monday"},
		contact.Tuesday:   {"wtorek", "Tuesday"},
		contact.Wednesday: {"środa", "Wednesday"},
		contact.Thursday:  {"czwartek", "Thursday"},
		contact.Friday:    {"piątek", "Friday"},
		contact.Saturday:  {"sobota", "Saturday"},
		contact.Sunday:    {"niedziela", "Sunday"},
	}
	// unfinishedLabel stands in the place of RINGING where a contact never ended.
	unfinishedLabel = label{"niezakończony", "unfinished"}
	hangupLabels    = map[contact.HangupParty]label{
		contact.HangupCustomer: {"klient", "customer"},
		contact.HangupAgent:    {"agent", "agent"},
		contact.HangupSystem:   {"system", "system"},
	}
	// What there is to see of a contact, not what it says.
	detailsLabels = map[contact.DetailsKind]label{
		contact.RecordingDetails: {"nagranie", "recording"},
		contact.EmailDetails:     {"e-mail", "e-mail"},
		contact.ChatDetails:      {"rozmowa chat", "chat"},
		contact.SMSDetails:       {"SMS", "SMS"},
	}
	stepLabels = map[contact.StepKind]label{
		contact.AnnouncementStep: {"zapowiedź", "announcement"},
		contact.MenuStep:         {"menu", "menu"},
		contact.InputStep:        {"wprowadzanie danych", "input"},
		contact.QueueStep:        {"kolejka", "queue"},
		contact.AgentStep:        {"agent", "agent"},
		contact.TransferStep:     {"przekierowanie", "transfer"},
		contact.VoicemailStep:    {"poczta głosowa", "voicemail"},
		contact.SurveyStep:       {"ankieta", "survey"},
		contact.OtherStep:        {"inny", "other"},
	}
	kindLabels = map[Kind]label{
		Simple:   {"raport prosty", "simple report"},
		Detailed: {"raport szczegółowy", "detailed report"},
	}
)

// The names that columns and conditions of a filter share.
var (
	contactLabel     = label{"ID połączenia", "Contact ID"}
	campaignLabel    = label{"Kampania", "Campaign"}
	agentLabel       = label{"Agent", "Agent"}
	sourceLabel      = label{"Numer/adres źródłowy", "Source number/address"}
	destinationLabel = label{"Numer/adres docelowy", "Destination number/address"}
	typeLabel        = label{"Typ", "Type"}
	statusLabel      = label{"Status", "Status"}
	outcomeLabel     = label{"Wynik", "Outcome"}

	queueTimeLabel    = label{"Czas w kolejce", "Time in queues"}
	timeToAnswerLabel = label{"Czas do odebrania", "Time to answer"}
	lostAfterLabel    = label{"Stracone po", "Lost after"}
	agentTalkLabel    = label{"Rozmowa z agentem", "Conversation with the agent"}

	ticketLabel     = label{"ID zgłoszenia", "Ticket ID"}
	siteCallLabel   = label{"SiteCall", "SiteCall"}
	recordLabel     = label{"ID rekordu", "Record ID"}
	classifierLabel = label{"Klasyfikator", "Classifier"}
	queueLabel      = label{"Kolejka", "Queue"}
)

// The words around the table.
var (
	reportLabel = label{"Kontakty", "Contacts"}
	notesLabel  = label{"Informacje", "Information"}
	cutLabel    = label{" … [ucięto]", " … [cut]"}

	noteReport    = label{"Raport", "Report"}
	notePeriod    = label{"Okres", "Period"}
	noteZone      = label{"Strefa czasowa", "Time zone"}
	noteFilter    = label{"Filtr", "Filter"}
	noteReach     = label{"Zakres", "Reach"}
	noteAddresses = label{"Numery i adresy", "Numbers and addresses"}
	noteBCC       = label{"Adresy UDW", "BCC addresses"}

	noteSnapshot = label{"Stan danych na", "Data as of"}
	noteOffset   = label{"Przesunięcie UTC tej chwili", "UTC offset of that moment"}
	noteContacts = label{"Liczba kontaktów", "Contacts"}
	noteLines    = label{"Liczba wierszy", "Lines"}
	noteSheets   = label{"Liczba arkuszy z danymi", "Sheets with data"}
	noteCut      = label{"Komórki ucięte do limitu Excela", "Cells cut to Excel's limit"}
	noteOrderer  = label{"Zamówił", "Ordered by"}
	noteOrdered  = label{"Zamówiono", "Ordered at"}

	reachWords     = label{"tylko kontakty dostępne dla zamawiającego", "only the contacts that whoever ordered the file may see"}
	addressesWords = label{"zamaskowane, bo brak uprawnienia contacts:addresses", "masked, for want of the scope contacts:addresses"}
	bccWords       = label{"pominięte, bo brak uprawnienia contacts:bcc", "left out, for want of the scope contacts:bcc"}

	noConditions = label{"bez dalszych warunków", "no further conditions"}
	periodWords  = label{"od %s do %s włącznie", "%s to %s, both inclusive"}
)

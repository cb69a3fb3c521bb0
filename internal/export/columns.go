package export

import (
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// line is what one line of the file is made of.
type line struct {
	locale  fault.Locale
	zone    *time.Location
	names   *names
	contact *contact.Contact
	record  contact.Summary  // zero without one
	step    *contact.IVRStep // nil without one
	offset  offset
}

// offset is the UTC offset that was told last, and how.
type offset struct {
	seconds int
	cell    xlsx.Cell
}

// column is a column of the file: its header, its width in characters, what it needs to be read, and its cell.
type column struct {
	header label
	width  float64
	needs  contact.Columns
	cell   func(l *line) xlsx.Cell
}

// contactColumns are the columns of every file, in the report's order. To add one is to add a line here.
var contactColumns = []column{
	{label{"ID połączenia", "Contact ID"}, 20, contact.ColumnExternalID, func(l *line) xlsx.Cell { return xlsx.Text(l.contact.ExternalID) }},
	{label{"Kampania", "Campaign"}, 26, contact.ColumnCampaign, func(l *line) xlsx.Cell { return named(l.names.campaigns, l.contact.CampaignID) }},
	{label{"Agent", "Agent"}, 24, contact.ColumnAgent, func(l *line) xlsx.Cell { return named(l.names.agents, l.contact.AgentID) }},
	{label{"Numer/adres źródłowy", "Source number/address"}, 24, contact.ColumnSourceAddress, func(l *line) xlsx.Cell { return text(l.contact.SourceAddress) }},
	{label{"Numer/adres docelowy", "Destination number/address"}, 24, contact.ColumnDestinationAddress, func(l *line) xlsx.Cell { return text(l.contact.DestinationAddress) }},
	{label{"Adres DW", "CC"}, 24, contact.ColumnCCAddresses, func(l *line) xlsx.Cell { return list(l.contact.CCAddresses) }},
	{label{"Adres UDW", "BCC"}, 24, contact.ColumnBCCAddresses, func(l *line) xlsx.Cell { return list(l.contact.BCCAddresses) }},
	{label{"Kiedy", "Started at"}, 20, 0, func(l *line) xlsx.Cell { return instant(l, &l.contact.StartedAt) }},
	{label{"Przesunięcie UTC", "UTC offset"}, 12, 0, func(l *line) xlsx.Cell { return l.offsetAt(l.contact.StartedAt) }},
	{label{"Czas rozmowy", "Talk time"}, 14, contact.ColumnTalkTime, func(l *line) xlsx.Cell { return seconds(l.contact.TalkTime) }},
	{label{"Czas wydzwaniania", "Ring time"}, 14, contact.ColumnRingTime, func(l *line) xlsx.Cell { return seconds(l.contact.RingTime) }},
	{label{"Rozmowa z agentem", "Agent talk time"}, 14, contact.ColumnAgentTalkTime, func(l *line) xlsx.Cell { return seconds(l.contact.AgentTalkTime) }},
	{label{"Typ", "Type"}, 34, contact.ColumnType, func(l *line) xlsx.Cell { return worded(l, typeWords, &l.contact.Type) }},
	{label{"Status", "Status"}, 14, contact.ColumnStatus, func(l *line) xlsx.Cell { return worded(l, statusWords, &l.contact.Status) }},
	{label{"ID rekordu", "Record ID"}, 18, contact.ColumnRecord, func(l *line) xlsx.Cell { return xlsx.Text(l.record.ExternalID) }},
	{label{"Pole znaczące", "Significant field"}, 26, contact.ColumnRecord, func(l *line) xlsx.Cell { return xlsx.Text(l.record.SignificantValue) }},
	{label{"Klasyfikator", "Classifier"}, 24, contact.ColumnClassifier, func(l *line) xlsx.Cell { return named(l.names.classifiers, l.contact.ClassifierID) }},
	{label{"Kolejka", "Queue"}, 22, contact.ColumnQueue, func(l *line) xlsx.Cell { return named(l.names.queues, l.contact.QueueID) }},
	{label{"Szczegóły", "Details"}, 16, contact.ColumnDetailsKind, func(l *line) xlsx.Cell { return worded(l, detailsWords, l.contact.DetailsKind) }},
	{label{"Strona rozłączenia", "Hung up by"}, 18, contact.ColumnHangupParty, func(l *line) xlsx.Cell { return worded(l, hangupWords, l.contact.HangupParty) }},
}

// stepColumns follow in the detailed file; they are blank for a contact that takes one line.
var stepColumns = []column{
	{label{"Nr kroku", "Step"}, 10, 0, func(l *line) xlsx.Cell {
		return ofStep(l, func(s *contact.IVRStep) xlsx.Cell { return xlsx.Integer(s.Position) })
	}},
	{label{"Kafelek", "Tile"}, 26, 0, func(l *line) xlsx.Cell {
		return ofStep(l, func(s *contact.IVRStep) xlsx.Cell { return xlsx.Text(s.Name) })
	}},
	{label{"Rodzaj kafelka", "Tile kind"}, 20, 0, func(l *line) xlsx.Cell {
		return ofStep(l, func(s *contact.IVRStep) xlsx.Cell { return worded(l, stepWords, &s.Kind) })
	}},
	{label{"Wybór", "Choice"}, 16, 0, func(l *line) xlsx.Cell {
		return ofStep(l, func(s *contact.IVRStep) xlsx.Cell { return text(s.Choice) })
	}},
	{label{"Wejście", "Entered at"}, 20, 0, func(l *line) xlsx.Cell {
		return ofStep(l, func(s *contact.IVRStep) xlsx.Cell { return instant(l, &s.EnteredAt) })
	}},
	{label{"Wyjście", "Left at"}, 20, 0, func(l *line) xlsx.Cell {
		return ofStep(l, func(s *contact.IVRStep) xlsx.Cell { return instant(l, s.LeftAt) })
	}},
	{label{"Czas w kafelku", "Time in the tile"}, 16, 0, func(l *line) xlsx.Cell {
		return ofStep(l, func(s *contact.IVRStep) xlsx.Cell { return seconds(s.Duration()) })
	}},
}

// columnsOf are the columns of a kind of file.
func columnsOf(kind Kind) []column {
	if kind == Detailed {
		return append(contactColumns[:len(contactColumns):len(contactColumns)], stepColumns...)
	}
	return contactColumns
}

// needsOf is what has to be read for columns. The type decides how many lines a contact takes.
func needsOf(columns []column) contact.Columns {
	needs := contact.ColumnType
	for _, column := range columns {
		needs |= column.needs
	}
	return needs
}

func text(value *string) xlsx.Cell {
	if value == nil {
		return xlsx.Blank
	}
	return xlsx.Text(*value)
}

// list are addresses in one cell, parted as mail programs part them.
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

// offsetAt tells apart the two moments that one wall clock shows when the clocks go back.
func (l *line) offsetAt(moment time.Time) xlsx.Cell {
	moment = moment.In(l.zone)
	if _, seconds := moment.Zone(); l.offset.cell == xlsx.Blank || l.offset.seconds != seconds {
		l.offset = offset{seconds, xlsx.Text(moment.Format("-07:00"))}
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
	hangupWords  = wordsOf(hangupLabels)
	detailsWords = wordsOf(detailsLabels)
	stepWords    = wordsOf(stepLabels)
)

func wordsOf[T comparable](labels map[T]label) map[T]word {
	words := make(map[T]word, len(labels))
	for value, label := range labels {
		words[value] = word{xlsx.Text(label.pl), xlsx.Text(label.en)}
	}
	return words
}

func ofStep(l *line, cell func(*contact.IVRStep) xlsx.Cell) xlsx.Cell {
	if l.step == nil {
		return xlsx.Blank
	}
	return cell(l.step)
}

package workbook

import (
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// content is what a column shows: its cell on a sheet, and its field in text.
type content struct {
	cell  func(*line) xlsx.Cell
	field func(*line, *fields)
}

// free is text that others wrote.
func free(cell func(*line) xlsx.Cell) content {
	return content{cell, func(l *line, f *fields) {
		text, _, _ := cell(l).Value()
		f.free(text)
	}}
}

// words are those of the report, and whole numbers.
func words(cell func(*line) xlsx.Cell) content {
	return content{cell, func(l *line, f *fields) {
		text, number, some := cell(l).Value()
		if some && text == "" {
			f.number(int(number))
			return
		}
		f.text(text)
	}}
}

// duration is a number of seconds, nil for none.
func duration(value func(*line) *int) content {
	return content{func(l *line) xlsx.Cell {
		if seconds := value(l); seconds != nil {
			return xlsx.Seconds(*seconds)
		}
		return xlsx.Blank
	}, func(l *line, f *fields) {
		if seconds := value(l); seconds != nil {
			f.number(*seconds)
			return
		}
		f.text("")
	}}
}

// moment is shown as the wall clock of the report, nil for none.
func moment(value func(*line) *time.Time) content {
	return content{func(l *line) xlsx.Cell {
		if moment := value(l); moment != nil {
			return xlsx.Instant(moment.In(l.zone))
		}
		return xlsx.Blank
	}, func(l *line, f *fields) {
		if moment := value(l); moment != nil {
			f.moment(moment.In(l.zone))
			return
		}
		f.text("")
	}}
}

// ofAddress is a number or an address, nil for none.
func ofAddress(value func(*line) *string) content {
	return content{func(l *line) xlsx.Cell { return text(value(l)) }, func(l *line, f *fields) {
		if address := value(l); address != nil {
			f.addresses(*address)
			return
		}
		f.text("")
	}}
}

// ofAddresses are addresses in one cell, separated as mail programs separate them.
func ofAddresses(value func(*line) []string) content {
	return content{func(l *line) xlsx.Cell { return xlsx.Text(strings.Join(value(l), ", ")) }, func(l *line, f *fields) { f.addresses(value(l)...) }}
}

func text(value *string) xlsx.Cell {
	if value == nil {
		return xlsx.Blank
	}
	return xlsx.Text(*value)
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

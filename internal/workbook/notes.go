package workbook

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// notes are the lines of the last sheet, which say what the workbook is.
func (w *writing) notes(book *xlsx.Writer) []xlsx.Note {
	of, n, taken := w.report, notes{locale: w.report.Locale}, w.takenAt.In(w.criteria.Zone())
	n.add(noteReport, xlsx.Text(reportLabel.in(n.locale)+" – "+kindLabels[of.Kind].in(n.locale)))
	n.add(notePeriod, xlsx.Text(fmt.Sprintf(periodWords.in(n.locale), of.Period.From, of.Period.To)))
	n.add(noteZone, xlsx.Text(of.Period.TimeZone))
	if len(w.conditions) == 0 {
		n.add(noteFilter, xlsx.Text(noConditions.in(n.locale)))
	}
	for _, one := range w.conditions {
		n.lines = append(n.lines, xlsx.Note{Label: noteFilter.in(n.locale) + ": " + one.name, Value: xlsx.Text(one.value)})
	}
	n.addIf(!w.config.Viewer.Unrestricted, noteReach, reachWords)
	n.addIf(!w.config.Viewer.Addresses, noteAddresses, addressesWords)
	n.addIf(!w.config.Viewer.BCC, noteBCC, bccWords)
	n.add(noteSnapshot, xlsx.Instant(taken))
	n.add(noteOffset, xlsx.Text(taken.Format(offsetFormat)))
	n.add(noteContacts, xlsx.Integer(w.done))
	n.add(noteLines, xlsx.Integer(book.Lines()))
	n.add(noteSheets, xlsx.Integer(book.Sheets()))
	n.add(noteCut, xlsx.Integer(book.Cut()))
	n.add(noteOrderer, xlsx.Text(of.OrderedBy))
	n.add(noteOrdered, xlsx.Instant(of.OrderedAt.In(taken.Location())))
	return n.lines
}

// notes collects lines of the last sheet.
type notes struct {
	locale fault.Locale
	lines  []xlsx.Note
}

func (n *notes) add(name label, value xlsx.Cell) {
	n.lines = append(n.lines, xlsx.Note{Label: name.in(n.locale), Value: value})
}

// addIf adds what of the contacts the workbook does not show.
func (n *notes) addIf(applies bool, name, value label) {
	if applies {
		n.add(name, xlsx.Text(value.in(n.locale)))
	}
}

package workbook

import (
	"context"
	"fmt"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// Preview is what a workbook would come to if it were written now.
type Preview struct {
	// Contacts is the number of contacts in it.
	Contacts int
	// Lines is the number of its data lines.
	Lines int
	// Sheets is the number of sheets that they take, 0 in a format without sheets. Where there are several it can be one more, since a contact's
	// lines are not split between sheets.
	Sheets int
	// Warnings are what to know before ordering it, nil for nothing.
	Warnings []Warning
}

// WarningCode is the machine-readable kind of a warning.
type WarningCode string

// The warnings.
const (
	// OverLimit: the workbook would hold more contacts than it may; an order would be refused.
	OverLimit WarningCode = "OVER_LIMIT"
	// SeveralSheets: the lines do not fit on one sheet and go on on further ones.
	SeveralSheets WarningCode = "SEVERAL_SHEETS"
	// LiveContacts: some of the contacts are not over, and will change after the workbook was written.
	LiveContacts WarningCode = "LIVE_CONTACTS"
	// Empty: the filter finds no contact.
	Empty WarningCode = "EMPTY"
)

// warnings are what the warnings say. The sentences of a row take the same arguments in the same order.
var warnings = map[WarningCode]label{
	OverLimit: {
		"Filtr obejmuje %d kontaktów, a plik mieści najwyżej %d. Zamów krótsze okresy jako osobne pliki.",
		"The filter finds %d contacts, and a file holds at most %d. Order shorter periods as files of their own.",
	},
	SeveralSheets: {
		"Wiersze nie mieszczą się w jednym arkuszu. Liczba arkuszy: %d, w każdym najwyżej %d wierszy.",
		"The lines do not fit on one sheet. Sheets: %d, each of at most %d lines.",
	},
	LiveContacts: {
		"Liczba kontaktów, które jeszcze trwają (RINGING lub PENDING): %d. Zmienią się po przygotowaniu pliku.",
		"Contacts that are not over yet (RINGING or PENDING): %d. They will change after the file was made.",
	},
	Empty: {
		"Żaden kontakt nie spełnia warunków: plik będzie pusty.",
		"No contact meets the filter: the file will be empty.",
	},
}

// Warning is something to know before ordering a workbook.
type Warning struct {
	// Code is the machine-readable kind.
	Code WarningCode

	arguments []any
}

// Sentence says it in a language.
func (w Warning) Sentence(locale fault.Locale) string {
	return fmt.Sprintf(warnings[w.Code].in(locale), w.arguments...)
}

// NewPreview counts in one snapshot what a file of a shape would come to that may hold at most maxContacts. Errors: those
// of the filter under "filter", those of Shape.Check.
func NewPreview(ctx context.Context, reader *report.Reader, filter contact.Filter, shape Shape, maxContacts int) (*Preview, error) {
	criteria, err := reader.Resolve(ctx, filter)
	if err != nil {
		return nil, fault.At("filter", err)
	}
	if err := shape.Check(reader.Viewer()); err != nil {
		return nil, err
	}
	changeable, someLive, err := liveOf(ctx, reader, criteria)
	if err != nil {
		return nil, err
	}
	p, changing := &Preview{}, 0
	err = reader.Snapshot(ctx, func(ctx context.Context, snapshot *report.Snapshot) (err error) {
		if p.Contacts, err = snapshot.Count(ctx, criteria); err != nil {
			return err
		}
		p.Lines = p.Contacts
		if shape.Kind == Detailed {
			if p.Lines, err = snapshot.CountLines(ctx, criteria); err != nil {
				return err
			}
		}
		if someLive {
			changing, err = snapshot.Count(ctx, changeable)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("previewing a file: %w", err)
	}
	if shape.Format == XLSX || shape.Format == "" {
		p.Sheets = max(1, (p.Lines+xlsx.MaxSheetLines-1)/xlsx.MaxSheetLines)
	}
	p.warnIf(p.Contacts > maxContacts, OverLimit, p.Contacts, maxContacts)
	p.warnIf(p.Sheets > 1, SeveralSheets, p.Sheets, xlsx.MaxSheetLines)
	p.warnIf(changing > 0, LiveContacts, changing)
	p.warnIf(p.Contacts == 0, Empty)
	return p, nil
}

func (p *Preview) warnIf(applies bool, code WarningCode, arguments ...any) {
	if applies {
		p.Warnings = append(p.Warnings, Warning{Code: code, arguments: arguments})
	}
}

// liveOf are the criteria of those contacts that are not over; false if the filter lets none of them through.
func liveOf(ctx context.Context, reader *report.Reader, criteria report.Criteria) (report.Criteria, bool, error) {
	filter := criteria.ResolvedFilter()
	wanted := filter.Statuses
	filter.Statuses = nil
	for _, status := range []contact.Status{contact.Ringing, contact.Pending} {
		if len(wanted) == 0 || slices.Contains(wanted, status) {
			filter.Statuses = append(filter.Statuses, status)
		}
	}
	if len(filter.Statuses) == 0 {
		return report.Criteria{}, false, nil
	}
	live, err := reader.Resolve(ctx, filter)
	return live, true, err
}

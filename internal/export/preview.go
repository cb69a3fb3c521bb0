package export

import (
	"context"
	"fmt"
	"slices"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// PreviewInput says what file somebody thinks of ordering.
type PreviewInput struct {
	// Filter says which contacts, as on the screen.
	Filter contact.Filter
	// Kind is how much of each; empty is Simple.
	Kind Kind
}

// Preview is what a file would come to if it were made now.
type Preview struct {
	// Contacts is the number of contacts in it.
	Contacts int
	// Lines is the number of its data lines.
	Lines int
	// Sheets is the number of sheets that they take. Where there are several it can be one more, since a contact's
	// lines are not split between sheets.
	Sheets int
	// Warnings are what to know before one orders it, nil for nothing.
	Warnings []Warning
}

// WarningCode is the machine-readable kind of a warning.
type WarningCode string

// The warnings.
const (
	// OverLimit: the file would hold more contacts than a file may; an order would be refused.
	OverLimit WarningCode = "OVER_LIMIT"
	// SeveralSheets: the lines do not fit on one sheet and go on on further ones.
	SeveralSheets WarningCode = "SEVERAL_SHEETS"
	// LiveContacts: some of the contacts are not over, and will change after the file was made.
	LiveContacts WarningCode = "LIVE_CONTACTS"
	// Empty: the filter finds no contact.
	Empty WarningCode = "EMPTY"
)

// WarningCodes are all warnings.
var WarningCodes = []WarningCode{OverLimit, SeveralSheets, LiveContacts, Empty}

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

// Warning is something to know before one orders a file.
type Warning struct {
	// Code is the machine-readable kind.
	Code WarningCode

	arguments []any
}

// Sentence says it in a language.
func (w Warning) Sentence(locale fault.Locale) string {
	return fmt.Sprintf(warnings[w.Code].in(locale), w.arguments...)
}

// Preview says what a file would come to, in one snapshot. Errors: FORBIDDEN, those of the filter under "filter".
func (d *Downloads) Preview(ctx context.Context, by access.Principal, input PreviewInput) (*Preview, error) {
	if err := mayOrder(by); err != nil {
		return nil, err
	}
	reader, err := d.reader(ctx, by)
	if err != nil {
		return nil, fmt.Errorf("previewing a file: %w", err)
	}
	criteria, err := reader.Resolve(ctx, input.Filter)
	if err != nil {
		return nil, fault.At("filter", err)
	}
	changeable, someLive, err := live(ctx, reader, criteria)
	if err != nil {
		return nil, err
	}
	preview, changing := &Preview{}, 0
	err = reader.Snapshot(ctx, func(ctx context.Context, snapshot *report.Snapshot) (err error) {
		if preview.Contacts, err = snapshot.Count(ctx, criteria); err != nil {
			return err
		}
		preview.Lines = preview.Contacts
		if input.Kind == Detailed {
			if preview.Lines, err = snapshot.CountLines(ctx, criteria); err != nil {
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
	preview.Sheets = max(1, (preview.Lines+xlsx.MostLines-1)/xlsx.MostLines)
	warn := func(applies bool, code WarningCode, arguments ...any) {
		if applies {
			preview.Warnings = append(preview.Warnings, Warning{Code: code, arguments: arguments})
		}
	}
	limit := d.settings.Limits.ContactsPerFile
	warn(preview.Contacts > limit, OverLimit, preview.Contacts, limit)
	warn(preview.Sheets > 1, SeveralSheets, preview.Sheets, xlsx.MostLines)
	warn(changing > 0, LiveContacts, changing)
	warn(preview.Contacts == 0, Empty)
	return preview, nil
}

// live are the criteria of those contacts that are not over; false if the filter lets none of them through.
func live(ctx context.Context, reader *report.Reader, criteria report.Criteria) (report.Criteria, bool, error) {
	filter := criteria.Frozen()
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

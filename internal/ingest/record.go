package ingest

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Record takes contacts in from the API, by the same rules as Import, in one transaction: all of them or none. What
// can be written in several ways is changed in place to the one that is kept.
//
// Faulty contacts give one *fault.Error each (INVALID_CONTACT), with a field such as "contacts[2].startedAt"; anything
// else is a single error of the database. Names and significant fields are those of the list, in its order.
func Record(ctx context.Context, pool *postgres.Pool, contacts []format.Contact) (Result, []error) {
	whole := chunk{entries: make([]entry, 0, len(contacts))}
	var faults []error
	for i := range contacts {
		e := entry{Line: format.Line{Kind: format.ContactKind, Contact: &contacts[i]}, number: i + 1}
		if f := e.Contact.Check(); f != nil {
			f.Line = i + 1
			faults = append(faults, contactFault(f))
			continue
		}
		e.prepared = Prepare(e.Contact)
		whole.add(e)
	}
	if faults != nil {
		return Result{}, faults
	}
	if len(whole.entries) == 0 {
		return Result{}, nil
	}

	tx, err := begin(ctx, pool)
	if err != nil {
		return Result{}, []error{err}
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	result, skipped, err := newWriter().land(ctx, tx, &whole)
	if err != nil {
		return Result{}, []error{err}
	}
	for _, f := range skipped {
		faults = append(faults, contactFault(f))
	}
	if faults != nil {
		return Result{}, faults
	}
	if err := tx.Commit(ctx); err != nil {
		return Result{}, []error{fmt.Errorf("committing contacts: %w", err)}
	}
	return result, nil
}

func contactFault(f *format.Fault) error {
	field, reason := fmt.Sprintf("contacts[%d]", f.Line-1), f.Reason
	if f.Field != "" {
		field, reason = field+"."+f.Field, f.Field+" "+reason
	}
	return fault.New(fault.ContactFaulty, field, f.Line, reason)
}

package telephony

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

// referenceKind is what contacts refer to, with its table.
type referenceKind struct {
	table string
	of    func(*Contact) *Reference
	into  func(*format.Contact) **format.Reference
}

var referenceKinds = []referenceKind{
	{"agents", func(c *Contact) *Reference { return c.Agent }, func(c *format.Contact) **format.Reference { return &c.Agent }},
	{"campaigns", func(c *Contact) *Reference { return c.Campaign }, func(c *format.Contact) **format.Reference { return &c.Campaign }},
	{"queues", func(c *Contact) *Reference { return c.Queue }, func(c *format.Contact) **format.Reference { return &c.Queue }},
	{"classifiers", func(c *Contact) *Reference { return c.Classifier }, func(c *format.Contact) **format.Reference { return &c.Classifier }},
}

// named gives contacts their references. An assumed name is used only where there is no better one, here or in the
// database, so that it replaces none.
func (s *Store) named(ctx context.Context, tx pgx.Tx, contacts []Contact) ([]format.Contact, error) {
	named := make([]format.Contact, len(contacts))
	for i := range contacts {
		named[i] = contacts[i].Contact
	}
	for _, kind := range referenceKinds {
		better := map[string]string{}
		assumed := map[string]bool{}
		for i := range contacts {
			switch reference := kind.of(&contacts[i]); {
			case reference == nil:
			case reference.Assumed:
				assumed[reference.ExternalID] = true
			default:
				better[reference.ExternalID] = reference.Name
			}
		}
		existing, err := existingAmong(ctx, tx, kind.table, assumed)
		if err != nil {
			return nil, err
		}
		for i := range contacts {
			reference := kind.of(&contacts[i])
			if reference == nil {
				continue
			}
			line := &format.Reference{ExternalID: reference.ExternalID, Name: &reference.Name}
			if name, isBetter := better[reference.ExternalID]; isBetter {
				line.Name = &name
			} else if existing[reference.ExternalID] {
				line.Name = nil
			}
			*kind.into(&named[i]) = line
		}
	}
	return named, nil
}

// existingAmong are the external ids that a table has.
func existingAmong(ctx context.Context, tx pgx.Tx, table string, externalIDs map[string]bool) (map[string]bool, error) {
	existing := map[string]bool{}
	if len(externalIDs) == 0 {
		return existing, nil
	}
	list := make([]string, 0, len(externalIDs))
	for externalID := range externalIDs {
		list = append(list, externalID)
	}
	rows, err := tx.Query(ctx, "SELECT external_id FROM "+pgx.Identifier{table}.Sanitize()+" WHERE external_id = ANY ($1::text[])", list)
	if err != nil {
		return nil, fmt.Errorf("reading names: %w", err)
	}
	var externalID string
	if _, err := pgx.ForEachRow(rows, []any{&externalID}, func() error {
		existing[externalID] = true
		return nil
	}); err != nil {
		return nil, fmt.Errorf("reading names: %w", err)
	}
	return existing, nil
}

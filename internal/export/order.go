package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/export/rights"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/workbook"
)

// OrderInput says what file is wanted.
type OrderInput struct {
	// Filter says which contacts, as on the screen.
	Filter contact.Filter
	// Kind is how much of each; empty is Simple.
	Kind workbook.Kind
	// Columns are its columns, in this order; nil or empty for the report's own.
	Columns []workbook.Column
	// Extras are what the file shows beyond them; nil for nothing.
	Extras []workbook.Extra
	// Format is how it is written; empty is XLSX.
	Format workbook.Format
	// Locale is the language of the file; empty is the one of the configuration.
	Locale fault.Locale
	// ClientMutationID is the client's own name for this order.
	ClientMutationID *string
}

const (
	// maxMutationID bounds what a client may call an order.
	maxMutationID = 200
	// sameOrderAge is for how long an unfinished order stands for a second one that asks for the same.
	sameOrderAge = 5 * time.Minute
)

// order is an OrderInput that was checked, as its row keeps it.
type order struct {
	OrderInput
	by             access.Actor
	filter, period []byte
	under          []byte
	words          string
	orderedAt      time.Time
}

// shape is how the file shows its contacts.
func (i OrderInput) shape() workbook.Shape {
	return workbook.Shape{Kind: i.Kind, Columns: i.Columns, Extras: i.Extras, Format: i.Format}
}

// Order orders a file. The row and its job are written in one transaction, so a download that was promised is made
// whatever happens next.
//
// The file will hold what its orderer may see now, as far as the orderer still may when it is made. The order is written into
// the audit log.
//
// To order again is safe. The same ClientMutationID by the same principal gives the same download, for as long as that
// is kept. Without one, the same order (filter, kind, columns, extras, format, locale) by the same principal with the same rights within five minutes
// gives the download that is still unfinished.
//
// Errors: FORBIDDEN, those of the filter under "filter", INVALID_COLUMNS under "columns", INVALID_TEXT, ORDER_CONFLICT, TOO_MANY_CONTACTS, TOO_MANY_DOWNLOADS,
// STORAGE_FULL.
func (d *Downloads) Order(ctx context.Context, by access.Actor, input OrderInput) (*Download, error) {
	if err := requireOrder(by.Principal); err != nil {
		return nil, err
	}
	reader, err := d.permissions.reader(ctx, by.Principal)
	if err != nil {
		return nil, fmt.Errorf("ordering a file: %w", err)
	}
	wanted, criteria, err := d.check(ctx, by, reader, input)
	if err != nil {
		return nil, err
	}
	// What was ordered before is given again even where it would be refused now.
	id, err := d.existing(ctx, d.pool, wanted)
	if err == nil && id == 0 {
		if err = d.config.Room(); err != nil {
			return nil, err
		}
		if err = d.checkSize(ctx, reader, criteria); err == nil {
			id, err = d.enter(ctx, wanted)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ordering a file: %w", err)
	}
	return d.get(ctx, by.Principal, id)
}

// check makes an order of what is wanted.
func (d *Downloads) check(ctx context.Context, by access.Actor, reader *report.Reader, input OrderInput) (*order, report.Criteria, error) {
	orElse(&input.Kind, workbook.Simple)
	orElse(&input.Locale, d.config.Locale)
	orElse(&input.Format, workbook.XLSX)
	input.Extras = slices.AppendSeq([]workbook.Extra{}, slices.Values(slices.Compact(slices.Sorted(slices.Values(input.Extras)))))
	if len(input.Columns) == 0 {
		input.Columns = nil
	}
	if err := checkMutationID(input.ClientMutationID); err != nil {
		return nil, report.Criteria{}, fault.At("clientMutationId", err)
	}
	criteria, err := reader.Resolve(ctx, input.Filter)
	if err != nil {
		return nil, criteria, fault.At("filter", err)
	}
	if err := input.shape().Check(reader.Viewer()); err != nil {
		return nil, criteria, err
	}
	wanted := &order{OrderInput: input, by: by, orderedAt: d.config.Now()}
	if wanted.words, err = workbook.FilterInWords(ctx, reader, d.directory, criteria.ResolvedFilter(), input.Locale); err != nil {
		return nil, criteria, fmt.Errorf("putting the filter into words: %w", err)
	}
	if wanted.filter, err = json.Marshal(criteria.ResolvedFilter()); err != nil {
		return nil, criteria, fmt.Errorf("keeping the filter: %w", err)
	}
	if wanted.under, err = json.Marshal(rights.Of(by.Principal)); err != nil {
		return nil, criteria, fmt.Errorf("keeping the rights: %w", err)
	}
	if wanted.period, err = json.Marshal(criteria.Period()); err != nil {
		return nil, criteria, fmt.Errorf("keeping the period: %w", err)
	}
	return wanted, criteria, nil
}

func checkMutationID(id *string) error {
	switch {
	case id == nil:
		return nil
	case !utf8.ValidString(*id) || strings.ContainsRune(*id, 0):
		return fault.New(fault.TextMalformed, "")
	case utf8.RuneCountInString(*id) > maxMutationID:
		return fault.New(fault.TextTooLong, "", maxMutationID)
	}
	return nil
}

// checkSize refuses a file that would be too long. Where counting takes longer than a request may, the worker, who
// has more time, will see.
func (d *Downloads) checkSize(ctx context.Context, reader *report.Reader, criteria report.Criteria) error {
	var contacts int
	err := reader.Snapshot(ctx, func(ctx context.Context, snapshot *report.Snapshot) (err error) {
		contacts, err = snapshot.Count(ctx, criteria)
		return err
	})
	if err != nil && ctx.Err() == nil && fault.CodeOf(postgres.Translate(err)) == fault.Timeout {
		return nil
	}
	if err != nil {
		return err
	}
	return d.config.Limits.accept(contacts)
}

// enter writes the order and its job, unless it was given before or too much is under way. Orders are taken one
// after another, whichever process takes them, so that two at once cannot both be the first, nor both the last.
func (d *Downloads) enter(ctx context.Context, wanted *order) (id int64, err error) {
	err = pgx.BeginFunc(ctx, d.pool.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('downloads.order'))`); err != nil {
			return err
		}
		if id, err = d.existing(ctx, tx, wanted); err != nil || id != 0 {
			return err
		}
		if err := d.refuseTooMany(ctx, tx, wanted.by.String()); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `INSERT INTO downloads
			(kind, locale, filter, resolved_period, filter_in_words, ordered_by, ordered_at, client_mutation_id, ordered_under, columns, extras, format)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
			string(wanted.Kind), string(wanted.Locale), string(wanted.filter), string(wanted.period), wanted.words,
			wanted.by.String(), wanted.orderedAt, wanted.ClientMutationID, string(wanted.under), []string(contact.Texts(wanted.Columns)), []string(contact.Texts(wanted.Extras)), string(wanted.Format)).Scan(&id)
		if err != nil {
			return err
		}
		if err := d.config.Audit.WriteIn(ctx, tx, wanted.by, access.OrderedFile, id); err != nil {
			return err
		}
		return enqueue(ctx, d.jobs, tx, id, d.config.Ordering(ctx))
	})
	return id, err
}

// rowQuerier is the pool or a transaction.
type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
}

// existing finds the download that an order means because it was given before, 0 if there is none.
func (d *Downloads) existing(ctx context.Context, from rowQuerier, wanted *order) (id int64, err error) {
	const sameOrder = `kind = $2 AND locale = $3 AND filter = $4::jsonb AND columns IS NOT DISTINCT FROM $5::text[] AND extras = $6::text[] AND format = $7`
	same := true
	if wanted.ClientMutationID != nil {
		err = from.QueryRow(ctx, `SELECT id, `+sameOrder+` FROM downloads
			WHERE ordered_by = $1 AND client_mutation_id = $8 ORDER BY id DESC LIMIT 1`,
			wanted.by.String(), string(wanted.Kind), string(wanted.Locale), string(wanted.filter), []string(contact.Texts(wanted.Columns)), []string(contact.Texts(wanted.Extras)), string(wanted.Format), *wanted.ClientMutationID).Scan(&id, &same)
	} else {
		err = from.QueryRow(ctx, `SELECT id FROM downloads
			WHERE ordered_by = $1 AND state IN ('QUEUED', 'RUNNING') AND ordered_at > $8 AND ordered_under = $9::jsonb AND `+sameOrder+`
			ORDER BY id DESC LIMIT 1`,
			wanted.by.String(), string(wanted.Kind), string(wanted.Locale), string(wanted.filter), []string(contact.Texts(wanted.Columns)), []string(contact.Texts(wanted.Extras)), string(wanted.Format),
			wanted.orderedAt.Add(-sameOrderAge), string(wanted.under)).Scan(&id)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return 0, nil
	case err == nil && !same:
		return 0, fault.New(fault.OrderDiffers, "clientMutationId")
	}
	return id, err
}

// refuseTooMany refuses an order while too many others are under way.
func (d *Downloads) refuseTooMany(ctx context.Context, tx pgx.Tx, person string) error {
	var unfinished, queued int
	if err := tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE ordered_by = $1), count(*) FILTER (WHERE state = 'QUEUED')
		FROM downloads WHERE state IN ('QUEUED', 'RUNNING')`, person).Scan(&unfinished, &queued); err != nil {
		return err
	}
	limits := d.config.Limits
	switch {
	case unfinished >= limits.UnfinishedPerPerson:
		return fault.New(fault.FilesOfPerson, "", unfinished)
	case queued >= limits.Queued:
		return fault.New(fault.FilesQueued, "", queued)
	}
	return nil
}

// PreviewInput says what file is thought of.
type PreviewInput struct {
	// Filter says which contacts, as on the screen.
	Filter contact.Filter
	// Kind is how much of each; empty is Simple.
	Kind workbook.Kind
	// Columns are its columns; nil or empty for the report's own.
	Columns []workbook.Column
	// Format is how it is written; empty is XLSX.
	Format workbook.Format
}

// Preview says what a file would come to, in one snapshot. Errors: FORBIDDEN, those of the filter under "filter",
// INVALID_COLUMNS under "columns".
func (d *Downloads) Preview(ctx context.Context, by access.Principal, input PreviewInput) (*workbook.Preview, error) {
	if err := requireOrder(by); err != nil {
		return nil, err
	}
	reader, err := d.permissions.reader(ctx, by)
	if err != nil {
		return nil, fmt.Errorf("previewing a file: %w", err)
	}
	shape := workbook.Shape{Kind: input.Kind, Columns: input.Columns, Format: input.Format}
	return workbook.NewPreview(ctx, reader, input.Filter, shape, d.config.Limits.ContactsPerFile)
}

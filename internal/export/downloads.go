package export

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/uptrace/bun"
	"gocloud.dev/blob"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// Settings of Downloads. Bucket and Now are required.
type Settings struct {
	// Bucket is where the files are kept. A local one must be opened with metadata=skip and no_tmp_dir=true: a file
	// that is being written then lies beside the finished ones, where the next attempt finds and removes it.
	Bucket *blob.Bucket
	// Now is the clock that users see; leases go by the database's clock.
	Now func() time.Time
	// PublicURL is put before the path of a file, such as https://kontakty.example.com; empty gives paths.
	PublicURL string
	// Locale is the language of a file whose order names none; empty is Polish.
	Locale fault.Locale
	// Log receives what happens in the background; nil means nowhere.
	Log *slog.Logger
}

// Downloads orders files, finds them and serves them. It is safe for use by many goroutines.
type Downloads struct {
	pool      *postgres.Pool
	store     *contact.Store
	directory *contact.Directory
	signer    *relay.Signer
	settings  Settings
	files     storage
	jobs      *river.Client[pgx.Tx]
}

// NewDownloads makes the downloads of a migrated database. The pool must be able to write and should keep prepared
// statements, as River wants it; the store may read through another one.
func NewDownloads(pool *postgres.Pool, store *contact.Store, directory *contact.Directory, signer *relay.Signer, settings Settings) (*Downloads, error) {
	if settings.Bucket == nil || settings.Now == nil {
		return nil, errors.New("downloads need a bucket and a clock")
	}
	if settings.Locale == "" {
		settings.Locale = fault.Polish
	}
	if settings.Log == nil {
		settings.Log = slog.New(slog.DiscardHandler)
	}
	settings.PublicURL = strings.TrimRight(settings.PublicURL, "/")
	jobs, err := river.NewClient(riverpgxv5.New(pool.Pool), &river.Config{Logger: settings.Log})
	if err != nil {
		return nil, fmt.Errorf("preparing to order files: %w", err)
	}
	return &Downloads{
		pool: pool, store: store, directory: directory, signer: signer, settings: settings,
		files: storage{settings.Bucket}, jobs: jobs,
	}, nil
}

// OrderInput says what file somebody wants.
type OrderInput struct {
	// Filter says which contacts, as on the screen.
	Filter contact.Filter
	// Kind is how much of each; empty is Simple.
	Kind Kind
	// Locale is the language of the file; empty is the one of the settings.
	Locale fault.Locale
	// OrderedBy is who orders it.
	OrderedBy string
	// ClientMutationID is the client's own name for this order.
	ClientMutationID *string
}

// longestMutationID bounds what a client may call an order.
const longestMutationID = 200

// Order orders a file. The row and its job are written in one transaction, so a download that was promised is made
// whatever happens next. Errors: those of the filter under "filter", INVALID_TEXT.
func (d *Downloads) Order(ctx context.Context, input OrderInput) (*Download, error) {
	if input.Kind == "" {
		input.Kind = Simple
	}
	if input.Locale == "" {
		input.Locale = d.settings.Locale
	}
	if err := checkMutationID(input.ClientMutationID); err != nil {
		return nil, fault.At("clientMutationId", err)
	}
	criteria, err := d.store.Resolve(ctx, input.Filter)
	if err != nil {
		return nil, fault.At("filter", err)
	}
	conditions, err := inWords(ctx, d.store, d.directory, criteria.Frozen(), input.Locale)
	if err != nil {
		return nil, fmt.Errorf("putting the filter into words: %w", err)
	}
	filter, err := json.Marshal(criteria.Frozen())
	if err != nil {
		return nil, fmt.Errorf("keeping the filter: %w", err)
	}
	period, err := json.Marshal(criteria.Period())
	if err != nil {
		return nil, fmt.Errorf("keeping the period: %w", err)
	}
	var id int64
	err = pgx.BeginFunc(ctx, d.pool.Pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `INSERT INTO downloads
			(kind, locale, filter, resolved_period, filter_in_words, ordered_by, ordered_at, client_mutation_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
			string(input.Kind), string(input.Locale), string(filter), string(period), asText(conditions, input.Locale),
			input.OrderedBy, d.settings.Now(), input.ClientMutationID).Scan(&id)
		if err != nil {
			return err
		}
		return enqueue(ctx, d.jobs, tx, id)
	})
	if err != nil {
		return nil, fmt.Errorf("ordering a file: %w", err)
	}
	return d.get(ctx, id)
}

func checkMutationID(id *string) error {
	switch {
	case id == nil:
		return nil
	case !utf8.ValidString(*id) || strings.ContainsRune(*id, 0):
		return fault.New(fault.TextMalformed, "")
	case utf8.RuneCountInString(*id) > longestMutationID:
		return fault.New(fault.TextTooLong, "", longestMutationID)
	}
	return nil
}

// Find finds downloads by our own numbers; what does not exist is missing in the answer.
func (d *Downloads) Find(ctx context.Context, ids []int64) (map[int64]*Download, error) {
	if len(ids) == 0 {
		return map[int64]*Download{}, nil
	}
	var rows []*Download
	if err := d.reading(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("finding downloads: %w", err)
	}
	found := make(map[int64]*Download, len(rows))
	for _, row := range d.addressed(rows) {
		found[row.ID] = row
	}
	return found, nil
}

// get finds one download. Errors: NOT_FOUND.
func (d *Downloads) get(ctx context.Context, id int64) (*Download, error) {
	found, err := d.Find(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	if found[id] == nil {
		return nil, fault.New(fault.NothingThere, "")
	}
	return found[id], nil
}

// List lists downloads, newest first; states nil or empty does not restrict. Errors: INVALID_PAGE, INVALID_CURSOR.
func (d *Downloads) List(ctx context.Context, states []State, page relay.PageArgs) (*relay.Connection[*Download], error) {
	window, err := page.Window(contact.PageSize, contact.LargestPage)
	if err != nil {
		return nil, err
	}
	scope := listScope(states)
	var rows []*Download
	reading := within(d.reading(&rows), states).Limit(int64(window.Size) + 1)
	if window.Backward {
		reading.Order("id ASC")
	} else {
		reading.Order("id DESC")
	}
	if window.Cursor != nil {
		edge, err := d.openCursor(scope, window)
		if err != nil {
			return nil, err
		}
		if window.Backward {
			reading.Where("id > ?", edge)
		} else {
			reading.Where("id < ?", edge)
		}
	}
	if err := reading.Scan(ctx); err != nil {
		return nil, fmt.Errorf("listing downloads: %w", err)
	}
	cursor := func(row *Download) string {
		return d.signer.Seal(scope, binary.BigEndian.AppendUint64(nil, uint64(row.ID)))
	}
	count := func(ctx context.Context) (int, error) {
		n, err := within(d.pool.DB.NewSelect().Table("downloads"), states).Count(ctx)
		if err != nil {
			return 0, fmt.Errorf("counting downloads: %w", err)
		}
		return int(n), nil
	}
	return relay.NewConnection(window, d.addressed(rows), cursor, count), nil
}

func (d *Downloads) reading(into any) *bun.SelectQuery {
	return d.pool.DB.NewSelect().Model(into).ColumnExpr(downloadColumns)
}

func within(reading *bun.SelectQuery, states []State) *bun.SelectQuery {
	if len(states) > 0 {
		reading.Where("state IN (?)", bun.List(states))
	}
	return reading
}

// listScope names the list that a cursor belongs to.
func listScope(states []State) relay.Scope {
	names := make([]string, len(states))
	for i, state := range states {
		names[i] = string(state)
	}
	slices.Sort(names)
	return relay.NewScope([]byte("downloads:" + strings.Join(slices.Compact(names), ",")))
}

func (d *Downloads) openCursor(scope relay.Scope, window relay.Window) (int64, error) {
	field := "after"
	if window.Backward {
		field = "before"
	}
	found, payload, err := d.signer.Open(*window.Cursor)
	if err != nil {
		return 0, fault.At(field, err)
	}
	if found != scope || len(payload) != 8 {
		return 0, fault.New(fault.CursorElsewhere, field)
	}
	return int64(binary.BigEndian.Uint64(payload)), nil
}

// addressed gives rows the address of their files.
func (d *Downloads) addressed(rows []*Download) []*Download {
	for _, row := range rows {
		row.address = d.settings.PublicURL + FilesPath + row.NodeID()
	}
	return rows
}

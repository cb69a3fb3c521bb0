package export

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// Downloads orders files, finds them and serves them. It is safe for use by many goroutines.
type Downloads struct {
	pool      *postgres.Pool
	store     *contact.Store
	directory *contact.Directory
	signer    *relay.Signer
	settings  Settings
	files     storage
	links     *links
	watchers  *watchers
	jobs      *river.Client[pgx.Tx]
}

// NewDownloads makes the downloads of a migrated database. The pool must be able to write and should keep prepared
// statements, as River wants it; the store may read through another one.
func NewDownloads(pool *postgres.Pool, store *contact.Store, directory *contact.Directory, signer *relay.Signer, settings Settings) (*Downloads, error) {
	if err := settings.complete(); err != nil {
		return nil, err
	}
	settings.PublicURL = strings.TrimRight(settings.PublicURL, "/")
	jobs, err := river.NewClient(riverpgxv5.New(pool.Pool), &river.Config{Logger: settings.Log})
	if err != nil {
		return nil, fmt.Errorf("preparing to order files: %w", err)
	}
	return &Downloads{
		pool: pool, store: store, directory: directory, signer: signer, settings: settings,
		files: storage{settings.Bucket}, links: &links{pool: pool}, watchers: &watchers{}, jobs: jobs,
	}, nil
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
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, d.addressed(ctx, rows)
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
	if err := d.addressed(ctx, rows); err != nil {
		return nil, err
	}
	return relay.NewConnection(window, rows, cursor, count), nil
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

// addressed gives the rows that are ready the address of their files, good from now on.
func (d *Downloads) addressed(ctx context.Context, rows []*Download) error {
	until := d.settings.Now().Add(LinkLife)
	for _, row := range rows {
		if row.State != Ready {
			continue
		}
		address, err := d.links.address(ctx, row, until)
		if err != nil {
			return err
		}
		row.address = d.settings.PublicURL + address
	}
	return nil
}

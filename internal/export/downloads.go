package export

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// Downloads orders files, finds them and serves them. It is safe for use by many goroutines.
type Downloads struct {
	pool      *postgres.Pool
	store     *report.Store
	directory *directory.Directory
	signer    *relay.Signer
	settings  Settings
	files     storage
	links     *links
	watchers  *watchers
	jobs      *river.Client[pgx.Tx]
}

// NewDownloads makes the downloads of a migrated database. The pool must be able to write and should keep prepared
// statements, as River wants it; the store may read through another one.
func NewDownloads(pool *postgres.Pool, store *report.Store, directory *directory.Directory, signer *relay.Signer, settings Settings) (*Downloads, error) {
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

// Find finds downloads by our own numbers; what does not exist for who asks is missing in the answer. Errors: FORBIDDEN.
func (d *Downloads) Find(ctx context.Context, by access.Principal, ids []int64) (map[int64]*Download, error) {
	if err := by.Require(access.ScopeExports); err != nil {
		return nil, err
	}
	found, err := d.read(ctx, ownerFor(by), ids)
	if err != nil {
		return nil, err
	}
	return found, d.show(ctx, by, slices.Collect(maps.Values(found))...)
}

// get finds one download. Errors: FORBIDDEN, NOT_FOUND.
func (d *Downloads) get(ctx context.Context, by access.Principal, id int64) (*Download, error) {
	found, err := d.Find(ctx, by, []int64{id})
	if err != nil {
		return nil, err
	}
	if found[id] == nil {
		return nil, fault.New(fault.NothingThere, "")
	}
	return found[id], nil
}

// one reads one download, whosever it is. Errors: NOT_FOUND.
func (d *Downloads) one(ctx context.Context, id int64) (*Download, error) {
	found, err := d.read(ctx, nil, []int64{id})
	if err != nil {
		return nil, err
	}
	if found[id] == nil {
		return nil, fault.New(fault.NothingThere, "")
	}
	return found[id], nil
}

// read reads the downloads of an owner, or of everybody, as their rows are.
func (d *Downloads) read(ctx context.Context, owner *string, ids []int64) (map[int64]*Download, error) {
	if len(ids) == 0 {
		return map[int64]*Download{}, nil
	}
	var rows []*Download
	if err := owned(d.reading(&rows), owner).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("finding downloads: %w", err)
	}
	found := make(map[int64]*Download, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, nil
}

// List lists downloads, newest first; states nil or empty does not restrict. Errors: FORBIDDEN, INVALID_PAGE,
// INVALID_CURSOR.
func (d *Downloads) List(ctx context.Context, by access.Principal, states []State, page relay.PageArgs) (*relay.Connection[*Download], error) {
	if err := by.Require(access.ScopeExports); err != nil {
		return nil, err
	}
	owner := ownerFor(by)
	window, err := page.Window()
	if err != nil {
		return nil, err
	}
	scope := listScope(owner, states)
	var rows []*Download
	reading := within(owned(d.reading(&rows), owner), states).Limit(int64(window.Size) + 1)
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
		n, err := within(owned(d.pool.DB.NewSelect().Table("downloads"), owner), states).Count(ctx)
		if err != nil {
			return 0, fmt.Errorf("counting downloads: %w", err)
		}
		return int(n), nil
	}
	if err := d.show(ctx, by, rows...); err != nil {
		return nil, err
	}
	return relay.NewConnection(window, rows, cursor, count), nil
}

func (d *Downloads) reading(into any) *bun.SelectQuery {
	return d.pool.DB.NewSelect().Model(into).ColumnExpr(downloadColumns)
}

func owned(reading *bun.SelectQuery, owner *string) *bun.SelectQuery {
	if owner != nil {
		reading.Where("ordered_by = ?", *owner)
	}
	return reading
}

func within(reading *bun.SelectQuery, states []State) *bun.SelectQuery {
	if len(states) > 0 {
		reading.Where("state IN (?)", bun.List(states))
	}
	return reading
}

// listScope names the list that a cursor belongs to.
func listScope(owner *string, states []State) relay.Scope {
	whose := "everybody"
	if owner != nil {
		whose = strconv.Quote(*owner)
	}
	names := make([]string, len(states))
	for i, state := range states {
		names[i] = string(state)
	}
	slices.Sort(names)
	return relay.NewScope([]byte("downloads of " + whose + ":" + strings.Join(slices.Compact(names), ",")))
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

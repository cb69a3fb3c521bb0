package export

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// Downloads orders files, finds them and serves them. It is safe for use by many goroutines.
type Downloads struct {
	pool        *postgres.Pool
	store       *report.Store
	directory   *directory.Directory
	config      Config
	rows        rows
	permissions permissions
	presenter   presenter
	links       *link.Links
	watchers    *watchers
	jobs        *river.Client[pgx.Tx]
}

// NewDownloads makes the downloads of a migrated database. The pool must be able to write and should keep prepared
// statements, as River wants it; the store may read through another one.
func NewDownloads(pool *postgres.Pool, store *report.Store, directory *directory.Directory, signer *relay.Signer, config Config) (*Downloads, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	config.PublicURL = strings.TrimRight(config.PublicURL, "/")
	jobs, err := river.NewClient(riverpgxv5.New(pool.Pool), &river.Config{Logger: config.Log})
	if err != nil {
		return nil, fmt.Errorf("preparing to order files: %w", err)
	}
	d := &Downloads{
		pool: pool, store: store, directory: directory, config: config, jobs: jobs,
		rows:        rows{pool: pool, signer: signer},
		permissions: permissions{pool: pool, store: store, numbers: config.Numbers, current: config.Rights},
		links:       link.New(pool, link.Files{Path: FilesPath, Kind: relay.DownloadKind, Stale: fault.LinkStale}),
	}
	d.presenter = presenter{permissions: d.permissions, directory: directory, links: d.links, publicURL: config.PublicURL, now: config.Now}
	d.watchers = &watchers{rows: d.rows, presenter: d.presenter, current: config.Rights}
	return d, nil
}

// Find finds downloads by our own numbers; what does not exist for who asks is missing in the answer. Errors: FORBIDDEN.
func (d *Downloads) Find(ctx context.Context, by access.Principal, ids []int64) (map[int64]*Download, error) {
	if err := by.Require(access.ScopeExports); err != nil {
		return nil, err
	}
	found, err := d.rows.find(ctx, ownerFor(by), ids)
	if err != nil {
		return nil, err
	}
	return found, d.presenter.present(ctx, by, slices.Collect(maps.Values(found))...)
}

// get finds one download. Errors: FORBIDDEN, NOT_FOUND.
func (d *Downloads) get(ctx context.Context, by access.Principal, id int64) (*Download, error) {
	if err := by.Require(access.ScopeExports); err != nil {
		return nil, err
	}
	found, err := d.rows.one(ctx, ownerFor(by), id)
	if err != nil {
		return nil, err
	}
	return found, d.presenter.present(ctx, by, found)
}

// List lists downloads, newest first; states nil or empty does not restrict. Errors: FORBIDDEN, INVALID_PAGE,
// INVALID_CURSOR.
func (d *Downloads) List(ctx context.Context, by access.Principal, states []State, page relay.PageArgs) (*relay.Connection[*Download], error) {
	if err := by.Require(access.ScopeExports); err != nil {
		return nil, err
	}
	list, err := d.rows.list(ctx, ownerFor(by), states, page)
	if err != nil {
		return nil, err
	}
	return list, d.presenter.present(ctx, by, list.Nodes()...)
}

// Watch gives the present state of a download at once and then every change of it. Who reads slowly misses states in
// between, never the latest one. The channel is closed after a final state, when the download is deleted, when a change
// comes that who watches may no longer see, and when the context ends. Changes are heard while Follow runs. Errors:
// FORBIDDEN, NOT_FOUND.
func (d *Downloads) Watch(ctx context.Context, by access.Principal, id int64) (<-chan *Download, error) {
	return d.watchers.watch(ctx, by, id, d.get)
}

// Follow listens for changes of downloads and tells the watchers, until the context ends; it returns the context's
// error. One a process is enough, and without one Watch hears nothing.
func (d *Downloads) Follow(ctx context.Context) error {
	// A notification can be lost with its connection, so each is taken to say only that something changed.
	return postgres.Listen(ctx, d.pool, updatedChannel, d.watchers.tellAll)
}

package report

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/statement"
)

// Config of a Store.
type Config struct {
	// Zone is the platform's time zone, in which a report is read unless its filter says otherwise.
	Zone *time.Location
	// Now is the clock that presets are resolved by.
	Now func() time.Time
	// Unprepared has no statement kept in its session: for a pooler that gives each transaction another one.
	Unprepared bool
	// MaxStatements is how many statements and views of one principal run at the same time, the others waiting in the order in
	// which they came: a third of the connections leaves room for others. Zero is no bound.
	MaxStatements int
	// MaxStatementsAlone is how many they are where nobody else has read for a minute: all connections but some that are
	// free at once for whoever comes.
	MaxStatementsAlone int
}

// Store is where contacts are. Whoever wants to read them says for whom: For. It is safe for use by many goroutines.
type Store struct {
	source
	slots *slots
}

// source is what readings are made from.
type source struct {
	db        *bun.DB
	directory *directory.Directory
	signer    *relay.Signer
	config    Config
}

// mode is how a statement is executed whose text comes again: kept in its session, or described once and planned each time.
func (s source) mode() pgx.QueryExecMode {
	if s.config.Unprepared {
		return pgx.QueryExecModeCacheDescribe
	}
	return pgx.QueryExecModeCacheStatement
}

// Reader reads contacts for a viewer: what lies outside its reach does not exist, and what it may not see is not given. It
// is safe for use by many goroutines.
type Reader struct {
	source
	viewer contact.Viewer
	// pool is the database, where a statement may wait for a slot.
	pool querier
}

// NewStore makes a store over a migrated database. Everyone who serves the same data needs a signer with the same key.
func NewStore(db *bun.DB, directory *directory.Directory, signer *relay.Signer, config Config) *Store {
	return &Store{source{db: db, directory: directory, signer: signer, config: config}, newSlots(config.MaxStatements, config.MaxStatementsAlone, config.Now)}
}

// For reads for a viewer that waits for nobody.
func (s *Store) For(viewer contact.Viewer) *Reader {
	return &Reader{source: s.source, viewer: viewer, pool: s.db.DB}
}

// ForPrincipal reads for a viewer in the slots of a principal, whom all readers of one name share.
func (s *Store) ForPrincipal(name string, viewer contact.Viewer) *Reader {
	reader := s.For(viewer)
	if s.config.MaxStatements > 0 {
		reader.pool = limitedDB{s.db.DB, s.slots, name}
	}
	return reader
}

// Probe reads a page of today's contacts, as requests do, and says why that fails.
func (s *Store) Probe(ctx context.Context) error {
	today, one := contact.Today, 1
	_, err := s.For(contact.Unlimited).List(ctx, ListQuery{
		Filter: contact.Filter{Period: contact.Period{Preset: &today}}, Order: contact.NewestFirst, Page: relay.PageArgs{First: &one},
	})
	return err
}

// Visibility is what the viewer's reach comes to now.
func (s *Reader) Visibility() *directory.Visibility { return s.directory.Visibility(s.viewer.Reach) }

// Viewer is who the reader reads for.
func (s *Reader) Viewer() contact.Viewer { return s.viewer }

// Contacts finds contacts by our own numbers; what does not exist is missing in the answer.
func (s *Reader) Contacts(ctx context.Context, ids []int64, columns contact.Columns) (map[int64]*contact.Contact, error) {
	visibility := s.Visibility()
	if visibility.Nothing() {
		return nil, nil
	}
	keys, err := s.keysOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("finding the starts of contacts: %w", err)
	}
	found := make(map[int64]*contact.Contact, len(ids))
	for _, some := range byMonths(keys) {
		rows, err := newContactRows(columns, len(some)).
			read(ctx, s.mode(), s.pool, plan.Contacts(some, visible(visibility), columns))
		if err != nil {
			return nil, fmt.Errorf("finding contacts: %w", err)
		}
		s.viewer.Show(rows)
		for _, one := range rows {
			found[one.ID] = one
		}
	}
	return found, nil
}

// Records finds records that contacts point at, by our own numbers. A number that somebody gave goes through Existing first.
func (s *Reader) Records(ctx context.Context, ids []int64) (map[int64]*contact.Record, error) {
	return findRecords(ctx, s.mode(), s.pool, ids)
}

// IVRSteps finds the way through the IVR of many contacts, by the contact's number, in the order walked.
func (s *Reader) IVRSteps(ctx context.Context, keys []contact.Key) (map[int64][]*contact.IVRStep, error) {
	return findIVRSteps(ctx, s.mode(), s.pool, keys)
}

// Details finds what there is to see of many contacts, by the contact's number, and how many bytes that has in the database.
// A contact without is missing. PostgreSQL gives none of what would make it more than maxBytes: then only the bytes are told.
// Errors: FORBIDDEN for who may not see any.
func (s *Reader) Details(ctx context.Context, keys []contact.Key, maxBytes int) (map[int64]*contact.DetailsContent, int, error) {
	if err := s.viewer.SeesContent(); err != nil {
		return nil, 0, err
	}
	var found []struct {
		ContactID int64  `bun:"contact_id"`
		Content   []byte `bun:"content"`
		Bytes     int    `bun:"bytes"`
	}
	starts, ids := split(keys)
	err := s.query(statement.With(ctx, statement.Details), s.pool, &found, plan.Statement{
		SQL: "SELECT contact_id, CASE WHEN bytes <= $3 THEN content END AS content, bytes" +
			"\nFROM (SELECT d.contact_id, d.content, sum(octet_length(d.content::text)) OVER (ROWS UNBOUNDED PRECEDING) AS bytes" +
			"\nFROM unnest($1::timestamptz[], $2::bigint[]) k (started_at, id)" +
			"\nJOIN contact_details d ON (d.contact_started_at, d.contact_id) = (k.started_at, k.id)" +
			"\nWHERE " + months.InSQL("d.contact_started_at", starts) + ") d",
		Arguments: []any{starts, ids, maxBytes},
	})
	if err != nil {
		return nil, 0, fmt.Errorf("finding details: %w", err)
	}
	bytes := 0
	for _, one := range found {
		bytes = max(bytes, one.Bytes)
	}
	if bytes > maxBytes {
		return nil, bytes, nil
	}
	details := make(map[int64]*contact.DetailsContent, len(found))
	for _, one := range found {
		content := &contact.DetailsContent{}
		if err := json.Unmarshal(one.Content, content); err != nil {
			return nil, 0, fmt.Errorf("reading the details of contact %d: %w", one.ContactID, err)
		}
		details[one.ContactID] = content
	}
	return details, bytes, nil
}

func findRecords(ctx context.Context, mode pgx.QueryExecMode, from querier, ids []int64) (map[int64]*contact.Record, error) {
	found, err := recordRows(statement.With(ctx, statement.Records), mode, from, ids)
	if err != nil {
		return nil, fmt.Errorf("finding records: %w", err)
	}
	return found, nil
}

func findIVRSteps(ctx context.Context, mode pgx.QueryExecMode, from querier, keys []contact.Key) (map[int64][]*contact.IVRStep, error) {
	steps, err := stepRows(statement.With(ctx, statement.Steps), mode, from, keys)
	if err != nil {
		return nil, fmt.Errorf("finding IVR steps: %w", err)
	}
	return steps, nil
}

func split(keys []contact.Key) ([]time.Time, []int64) {
	starts, ids := make([]time.Time, len(keys)), make([]int64, len(keys))
	for i, key := range keys {
		starts[i], ids[i] = key.StartedAt, key.ID
	}
	return starts, ids
}

// query runs SQL with parameters and lets Bun scan the rows. Bun's own queries carry their values in their text, so
// that PostgreSQL plans each anew; planning a page costs more than reading it, and with parameters it is done once.
func (s source) query(ctx context.Context, from querier, into any, statement plan.Statement) error {
	return queryAs(ctx, s.mode(), s.db, from, into, statement)
}

func queryAs(
	ctx context.Context, mode pgx.QueryExecMode, db *bun.DB, from querier, into any, statement plan.Statement,
) error {
	end, err := acquireSlot(ctx, from)
	if err != nil {
		return err
	}
	defer end()
	rows, err := from.QueryContext(ctx, statement.SQL, append([]any{mode}, statement.Arguments...)...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if err := db.ScanRows(ctx, rows, into); err != nil {
		return err
	}
	return rows.Err()
}

package reader

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch"
)

const (
	// pollKeys is the most keys of one statement, pollLegs the most legs: a leg is some 30 KB.
	pollKeys = 5000
	pollLegs = 200
	// overlap is how long before the latest row that was seen rows are looked for again: they may commit out of order.
	overlap = time.Hour
	// statementTimeout ends a statement that the database does not answer.
	statementTimeout = 20 * time.Second
	// unindexedEvery is how often a table without an index on insert_date is read: each time is a reading of the whole.
	unindexedEvery = time.Minute
)

// Tables reads FusionPBX's tables over one connection that cannot write.
type Tables struct {
	source   *telephony.Source
	config   *pgx.ConnConfig
	now      func() time.Time
	conn     *pgx.Conn
	shape    shape
	position Position
	pending  []insertedKey        // the legs of the batch that was given last
	seen     map[string]time.Time // the keys of legs that were landed, and when they were inserted
	asked    time.Time
}

// Position is how far v_xml_cdr was read.
type Position struct {
	InsertedAt time.Time `json:"insertedAt"`
}

// shape is which tables and columns a FusionPBX has: younger ones keep the legs in a table of their own.
type shape struct{ own, column, indexed bool }

// OpenTables prepares a connection to the database of a source; it is made when it is needed, and made again when it is lost.
func OpenTables(source *telephony.Source, now func() time.Time) (*Tables, error) {
	address, err := url.Parse(source.DatabaseURL)
	if err != nil || !strings.HasPrefix(address.Scheme, "postgres") {
		return nil, errors.New("databaseUrl: write an address such as postgres://kontakty@10.0.0.5/fusionpbx")
	}
	config, err := pgx.ParseConfig(source.DatabaseURL)
	if err != nil {
		return nil, errors.New("databaseUrl: not an address of a PostgreSQL database")
	}
	if source.PasswordFile != "" {
		password, err := os.ReadFile(source.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("passwordFile: %w", err)
		}
		config.Password = strings.TrimRight(string(password), "\r\n")
	}
	config.ConnectTimeout = statementTimeout
	config.RuntimeParams["default_transaction_read_only"] = "on"
	config.RuntimeParams["statement_timeout"] = fmt.Sprint(statementTimeout.Milliseconds())
	config.RuntimeParams["application_name"] = "kontakty"
	return &Tables{source: source, config: config, now: now, seen: map[string]time.Time{}}, nil
}

// Place names where the rows are read.
func (t *Tables) Place() string { return "v_xml_cdr" }

// Close closes the connection.
func (t *Tables) Close() error {
	if t.conn == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), statementTimeout)
	defer cancel()
	return t.conn.Close(ctx)
}

// Resume goes on from a position.
func (t *Tables) Resume(kept json.RawMessage) error { return json.Unmarshal(kept, &t.position) }

// Next reads legs that were not landed yet, from an hour before the latest one on. More is whether there may be more at once.
func (t *Tables) Next(ctx context.Context) (batch telephony.Batch, more bool, err error) {
	batch.Origin, batch.Place = telephony.Table, t.Place()
	if err := t.connect(ctx); err != nil {
		return batch, false, fmt.Errorf("reading the table v_xml_cdr: %w", err)
	}
	if !t.shape.indexed && t.now().Sub(t.asked) < unindexedEvery {
		return batch, false, nil
	}
	keys, latest, more, err := t.newKeys(ctx)
	if err != nil {
		return batch, false, fmt.Errorf("reading the table v_xml_cdr: %w", err)
	}
	if len(keys) > 0 {
		if err := t.addLegs(ctx, &batch, keys); err != nil {
			return batch, false, fmt.Errorf("reading the table v_xml_cdr: %w", err)
		}
	}
	if !more {
		t.asked = t.now()
	}
	after := t.position
	if latest.After(after.InsertedAt) {
		after.InsertedAt = latest
	}
	batch.Position, err = json.Marshal(after)
	return batch, more, err
}

// insertedKey is the key of a leg, and when it was inserted.
type insertedKey struct {
	Key        string
	InsertedAt time.Time
}

// newKeys are the keys of the earliest legs that were not landed yet.
func (t *Tables) newKeys(ctx context.Context) (keys []insertedKey, latest time.Time, more bool, err error) {
	from, key := t.position.InsertedAt.Add(-overlap), ""
	if t.position.InsertedAt.IsZero() {
		if from = time.Unix(0, 0); t.source.Since != "" {
			if from, err = time.ParseInLocation(time.DateOnly, t.source.Since, t.source.Location()); err != nil {
				return nil, latest, false, err
			}
		}
	}
	for {
		rows, err := t.conn.Query(ctx, fmt.Sprintf(`SELECT xml_cdr_uuid::text, insert_date FROM v_xml_cdr
			WHERE insert_date >= $1 AND (insert_date > $1 OR xml_cdr_uuid::text > $2) ORDER BY insert_date, xml_cdr_uuid::text LIMIT %d`, pollKeys), from, key)
		if err != nil {
			return nil, latest, false, err
		}
		some, err := pgx.CollectRows(rows, pgx.RowToStructByPos[insertedKey])
		if err != nil {
			return nil, latest, false, err
		}
		for _, one := range some {
			if _, landed := t.seen[one.Key]; landed {
				continue
			}
			if len(keys) == pollLegs {
				return keys, latest, true, nil
			}
			keys, latest = append(keys, one), one.InsertedAt
		}
		if len(some) < pollKeys {
			return keys, latest, false, nil
		}
		from, key = some[len(some)-1].InsertedAt, some[len(some)-1].Key
	}
}

// addLegs adds the legs of keys to a batch.
func (t *Tables) addLegs(ctx context.Context, batch *telephony.Batch, keys []insertedKey) error {
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = key.Key
	}
	column, join := "c.json::text", ""
	switch {
	case t.shape.own && t.shape.column:
		column, join = "coalesce(j.json::text, c.json::text)", " LEFT JOIN v_xml_cdr_json j ON j.xml_cdr_uuid = c.xml_cdr_uuid"
	case t.shape.own:
		column, join = "j.json::text", " LEFT JOIN v_xml_cdr_json j ON j.xml_cdr_uuid = c.xml_cdr_uuid"
	}
	rows, err := t.conn.Query(ctx, "SELECT DISTINCT ON (c.xml_cdr_uuid) c.xml_cdr_uuid::text, coalesce("+column+", '') FROM v_xml_cdr c"+join+
		" WHERE c.xml_cdr_uuid = ANY ($1::text[]::uuid[]) ORDER BY c.xml_cdr_uuid", ids)
	if err != nil {
		return err
	}
	contents := map[string]string{}
	var key, content string
	if _, err := pgx.ForEachRow(rows, []any{&key, &content}, func() error {
		contents[key] = content
		return nil
	}); err != nil {
		return err
	}
	for _, one := range keys {
		leg, err := freeswitch.ParseJSON([]byte(contents[one.Key]))
		if err != nil {
			batch.Bad++
			continue
		}
		row, err := leg.Row()
		if err != nil {
			batch.Bad++
			continue
		}
		batch.Rows = append(batch.Rows, row)
	}
	t.pending = keys
	return nil
}

// Landed notes that the rows of the batch that was given last were landed: they are not given again.
func (t *Tables) Landed(batch telephony.Batch) error {
	if err := t.Resume(batch.Position); err != nil {
		return err
	}
	for _, key := range t.pending {
		t.seen[key.Key] = key.InsertedAt
	}
	t.pending = nil
	for key, inserted := range t.seen {
		if inserted.Before(t.position.InsertedAt.Add(-overlap)) {
			delete(t.seen, key)
		}
	}
	return nil
}

// connect makes the connection where there is none, and looks which tables there are.
func (t *Tables) connect(ctx context.Context) error {
	if t.conn != nil && !t.conn.IsClosed() {
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, t.config)
	if err != nil {
		return err
	}
	var found shape
	if err := conn.QueryRow(ctx, `SELECT to_regclass('v_xml_cdr_json') IS NOT NULL,
		EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'v_xml_cdr'::regclass AND attname = 'json' AND NOT attisdropped),
		EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = 'v_xml_cdr'::regclass AND a.attname = 'insert_date' AND i.indisvalid)`).Scan(&found.own, &found.column, &found.indexed); err != nil {
		return errors.Join(err, conn.Close(ctx))
	}
	if !found.own && !found.column {
		return errors.Join(errors.New("the legs are not kept as JSON: there is neither v_xml_cdr_json nor the column json"), conn.Close(ctx))
	}
	t.conn, t.shape = conn, found
	return nil
}

// recentLegs is the most legs that a check reads.
const recentLegs = 10_000

// Recent reads the legs of the last day.
func (t *Tables) Recent(ctx context.Context) ([]telephony.Row, error) {
	t.position.InsertedAt = t.now().Add(-24 * time.Hour)
	var rows []telephony.Row
	for more := true; more && len(rows) < recentLegs; {
		var batch telephony.Batch
		var err error
		if batch, more, err = t.Next(ctx); err != nil {
			return nil, err
		}
		if err := t.Landed(batch); err != nil {
			return nil, err
		}
		rows = append(rows, batch.Rows...)
	}
	return rows, nil
}

// Notes say what a person should know of the tables, a sentence each.
func (t *Tables) Notes() []string {
	if t.shape.indexed {
		return nil
	}
	return []string{"v_xml_cdr has no index on insert_date, so it is read whole, once a minute: CREATE INDEX CONCURRENTLY ON v_xml_cdr (insert_date) makes that once a second."}
}

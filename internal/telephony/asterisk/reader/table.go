package reader

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
)

const (
	// pollRows is the most rows of one statement, overlapRows how many are read again each time: ids may commit out of order.
	pollRows    = 5000
	overlapRows = 500
	// statementTimeout ends a statement that the exchange's database does not answer.
	statementTimeout = 20 * time.Second
)

// Tables reads FreePBX's tables over one connection that cannot write.
type Tables struct {
	source *telephony.Source
	db     *sql.DB
	seen   map[int64]time.Time // the instants of the latest rows of cel
	cdr    cdrTable
	// position is how far cel was read, begin an id before all rows that are taken of it.
	position Position
	begin    int64
}

// OpenTables prepares a connection to the database of a source; it is made when it is needed, and made again when it is lost.
func OpenTables(source *telephony.Source) (*Tables, error) {
	config, err := driverConfig(source)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, errors.New("databaseUrl: not an address of a MySQL or MariaDB database")
	}
	db := sql.OpenDB(readOnly{connector})
	db.SetMaxOpenConns(1)
	return &Tables{source: source, db: db, seen: map[int64]time.Time{}}, nil
}

// readOnly makes connections that cannot write.
type readOnly struct{ driver.Connector }

// Connect makes a connection.
func (r readOnly) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if execer, able := conn.(driver.ExecerContext); able {
		if _, err := execer.ExecContext(ctx, "SET SESSION TRANSACTION READ ONLY", nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}

// driverConfig makes the driver's settings of an address such as mysql://kontakty@10.0.0.5/asteriskcdrdb?tls=preferred.
func driverConfig(source *telephony.Source) (*mysql.Config, error) {
	address, err := url.Parse(source.DatabaseURL)
	if err != nil || address.Scheme != "mysql" {
		return nil, errors.New("databaseUrl: write an address such as mysql://kontakty@10.0.0.5/asteriskcdrdb")
	}
	config := mysql.NewConfig()
	config.Net, config.Addr, config.DBName = "tcp", address.Host, strings.TrimPrefix(address.Path, "/")
	if address.Port() == "" {
		config.Addr = net.JoinHostPort(address.Hostname(), "3306")
	}
	config.User = address.User.Username()
	config.Passwd, _ = address.User.Password()
	if source.PasswordFile != "" {
		password, err := os.ReadFile(source.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("passwordFile: %w", err)
		}
		config.Passwd = strings.TrimRight(string(password), "\r\n")
	}
	config.TLSConfig = address.Query().Get("tls")
	config.Timeout, config.ReadTimeout, config.WriteTimeout = statementTimeout, 2*statementTimeout, statementTimeout
	config.Logger = &mysql.NopLogger{}
	return config, nil
}

// Close closes the connection.
func (t *Tables) Close() error { return t.db.Close() }

// Position is how far the table cel was read.
type Position struct {
	ID int64 `json:"id"`
}

// query runs a bounded statement and gives its rows as texts, by the columns of the table.
func (t *Tables) query(ctx context.Context, statement string, arguments ...any) (columns []string, values [][]string, err error) {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	rows, err := t.db.QueryContext(ctx, statement, arguments...)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	raw := make([]sql.NullString, len(columns))
	into := make([]any, len(columns))
	for i := range raw {
		into[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		row := make([]string, len(columns))
		for i := range raw {
			row[i] = telephony.Clean(raw[i].String)
		}
		values = append(values, row)
	}
	return columns, values, rows.Err()
}

// Place names where the rows that are followed are read.
func (t *Tables) Place() string { return "cel" }

// Resume goes on from a position.
func (t *Tables) Resume(kept json.RawMessage) error { return json.Unmarshal(kept, &t.position) }

// Next reads the rows of cel behind the position, and the latest ones before it again. More is whether there may be more at
// once.
func (t *Tables) Next(ctx context.Context) (batch telephony.Batch, more bool, err error) {
	position, since := t.position, ""
	arguments := []any{max(0, position.ID-overlapRows)}
	if position.ID == 0 && t.source.Since != "" {
		if err := t.findBegin(ctx); err != nil {
			return batch, false, fmt.Errorf("reading the table cel: %w", err)
		}
		since = " AND eventtime >= ?"
		arguments = []any{t.begin, t.source.Since}
	}
	columns, values, err := t.query(ctx, fmt.Sprintf("SELECT * FROM cel WHERE id > ?%s ORDER BY id LIMIT %d", since, pollRows+overlapRows), arguments...)
	if err != nil {
		return batch, false, fmt.Errorf("reading the table cel: %w", err)
	}
	id := slices.Index(columns, "id")
	if id < 0 {
		return batch, false, errors.New("reading the table cel: it has no column id")
	}
	batch.Origin, batch.Place = telephony.Table, t.Place()
	after := position
	lines := &Lines{zone: t.source.Location()}
	fresh := 0
	for _, value := range values {
		number, err := strconv.ParseInt(value[id], 10, 64)
		if err != nil {
			batch.Bad++
			continue
		}
		if number > after.ID {
			after.ID = number
			fresh++
		}
		if at, again := t.seen[number]; again {
			lines.last = at
			continue
		}
		row, err := t.celRow(lines, columns, value, number)
		if err != nil {
			if number > position.ID {
				batch.Bad++
			}
			continue
		}
		batch.Rows = append(batch.Rows, row)
	}
	if batch.Position, err = json.Marshal(after); err != nil {
		return batch, false, err
	}
	return batch, fresh >= pollRows, checkZone(batch.Rows, position)
}

// findBegin finds where the rows begin that are not too old. The table has no index of its times, but its ids follow them, but
// for a few rows.
func (t *Tables) findBegin(ctx context.Context) error {
	if t.begin > 0 {
		return nil
	}
	_, latest, err := t.query(ctx, "SELECT id FROM cel ORDER BY id DESC LIMIT 1")
	if err != nil || len(latest) == 0 {
		return err
	}
	after, err := strconv.ParseInt(latest[0][0], 10, 64)
	if err != nil {
		return err
	}
	before := int64(0)
	for after-before > overlapRows {
		middle := before + (after-before)/2
		_, found, err := t.query(ctx, "SELECT id, eventtime < ? FROM cel WHERE id > ? ORDER BY id LIMIT 1", t.source.Since, middle)
		if err != nil {
			return err
		}
		if len(found) == 0 || found[0][1] != "1" {
			after = middle
			continue
		}
		if before, err = strconv.ParseInt(found[0][0], 10, 64); err != nil {
			return err
		}
	}
	t.begin = max(0, before-pollRows)
	return nil
}

// Landed notes that the rows of a batch were landed: they are not given again.
func (t *Tables) Landed(batch telephony.Batch) error {
	if err := t.Resume(batch.Position); err != nil {
		return err
	}
	for i := range batch.Rows {
		t.seen[batch.Rows[i].Ordinal] = batch.Rows[i].At
	}
	for number := range t.seen {
		if number <= t.position.ID-2*overlapRows {
			delete(t.seen, number)
		}
	}
	return nil
}

func (t *Tables) celRow(lines *Lines, columns, value []string, number int64) (telephony.Row, error) {
	fields := make([]string, len(asterisk.CELColumns))
	for i, column := range columns {
		if place := slices.Index(asterisk.CELColumns, column); place >= 0 {
			fields[place] = value[i]
		}
	}
	row, err := lines.celRow(fields)
	row.Key, row.Ordinal = strconv.FormatInt(number, 10), number
	return row, err
}

// ZoneError says that the source's time zone is not the one in which its rows are written.
type ZoneError struct{ Offset time.Duration }

// Error says which offset fits.
func (e *ZoneError) Error() string {
	if e.Offset == 0 {
		return `timeZone: the rows do not fit it, UTC fits: write "timeZone": "UTC"`
	}
	return fmt.Sprintf("timeZone: the rows do not fit it, an offset of %s from UTC fits", e.Offset)
}

// checkZone compares the first rows with the seconds that their channels' unique ids begin with.
func checkZone(rows []telephony.Row, position Position) error {
	if position.ID != 0 {
		return nil
	}
	for i := range rows {
		row := &rows[i]
		epoch, ok := asterisk.EpochOf(row.Channel)
		if !ok || row.Fields[celType] != "CHAN_START" {
			continue
		}
		if apart := row.At.Unix() - epoch; apart > 5 || apart < -5 {
			wall, err := time.Parse(localTime, row.Fields[celTime][:min(len(localTime), len(row.Fields[celTime]))])
			if err != nil {
				return nil
			}
			return &ZoneError{Offset: time.Unix(wall.Unix()-epoch, 0).Sub(time.Unix(0, 0)).Round(15 * time.Minute)}
		}
		return nil
	}
	return nil
}

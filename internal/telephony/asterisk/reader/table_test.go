package reader_test

import (
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/exchangetest"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
)

const (
	// usualRows are many more than a poll may look at; KONTAKTY_TEST_CEL_ROWS asks for as many as an exchange of years has.
	usualRows = 60_000
	// lookedAtRows is how many rows of cel a poll may look at: its own, those before them that are read again, and at first
	// those before the instant from which on rows are taken.
	lookedAtRows = 2*5_000 + 2*500
)

// fill makes a cel of that many rows and a cdr of a tenth, as one statement of MariaDB's own.
func fill(t *testing.T, x *exchangetest.Exchange, rows int) {
	t.Helper()
	for _, statement := range []string{
		fmt.Sprintf(`INSERT INTO asteriskcdrdb.cel (eventtype, eventtime, cid_name, cid_num, cid_ani, cid_rdnis, cid_dnid, exten, context, channame, appname, appdata, accountcode, uniqueid, linkedid, peer, userdeftype, extra)
			SELECT 'CHAN_START', '2020-09-13 12:26:40' + INTERVAL seq SECOND, '', '+48500', '', '', '', '600', 'from-trunk', 'PJSIP/siptrunk-1', '', '', '', concat(1600000000 + seq, '.', seq), concat(1600000000 + seq, '.', seq), '', '', ''
			FROM asteriskcdrdb.seq_1_to_%d`, rows),
		fmt.Sprintf(`INSERT INTO asteriskcdrdb.cdr (calldate, channel, disposition, uniqueid, linkedid)
			SELECT '2020-09-13 12:26:40' + INTERVAL seq * 10 SECOND, 'PJSIP/siptrunk-1', 'ANSWERED', concat(1600000000 + seq * 10, '.', seq * 10), concat(1600000000 + seq * 10, '.', seq * 10) FROM asteriskcdrdb.seq_1_to_%d`, rows/10),
		"ANALYZE TABLE asteriskcdrdb.cel, asteriskcdrdb.cdr",
	} {
		if _, err := x.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTables_AskByIndexesWhateverThereIs takes the statements of a poll from the exchange's own log, has them explained, and
// counts the rows that it looked at.
func TestTables_AskByIndexesWhateverThereIs(t *testing.T) {
	t.Parallel()
	rows := usualRows
	if given := os.Getenv("KONTAKTY_TEST_CEL_ROWS"); given != "" {
		var err error
		if rows, err = strconv.Atoi(given); err != nil {
			t.Fatal(err)
		}
	}
	x := exchangetest.Start(t)
	fill(t, x, rows)
	since := time.Unix(int64(1_600_000_000+rows/4*3), 0).UTC().Format(time.DateOnly)
	for _, indexed := range []bool{true, false} {
		if !indexed {
			if _, err := x.ExecContext(t.Context(), "ALTER TABLE asteriskcdrdb.cdr DROP INDEX uniqueid"); err != nil {
				t.Fatal(err)
			}
		}
		for place, position := range map[string]int{"history": 0, "middle": rows / 2, "end": rows} {
			source, err := telephony.ParseSource([]byte(`{"name": "pbx1", "kind": "freepbx", "databaseUrl": "` + x.Address + `", "timeZone": "UTC", "since": "` + since + `"}`))
			if err != nil {
				t.Fatal(err)
			}
			polled := statementsOf(t, x, func() { poll(t, source, position) })
			if len(polled) > 3 && position > 0 || len(polled) > 40 {
				t.Errorf("%s: a poll has %d statements: %q", place, len(polled), polled)
			}
			for _, statement := range polled {
				explained(t, x, statement)
			}
		}
	}
}

// poll reads what is behind a position, and the CDR of calls that ended.
func poll(t *testing.T, source *telephony.Source, position int) {
	t.Helper()
	tables, err := reader.OpenTables(source)
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	if err := tables.Resume([]byte(`{"id": ` + strconv.Itoa(position) + `}`)); err != nil {
		t.Fatal(err)
	}
	batch, _, err := tables.Next(t.Context())
	if err != nil || len(batch.Rows) == 0 {
		t.Fatalf("%d rows: %v", len(batch.Rows), err)
	}
	if first := batch.Rows[0].At.UTC(); position == 0 && first.Format(time.DateTime) != source.Since+" 00:00:00" {
		t.Errorf("the first row since %s is of %s", source.Since, first)
	}
	last := batch.Rows[len(batch.Rows)-1]
	found, err := tables.CDRRows(t.Context(), []string{last.Channel, "1600000010.10"}, last.At, last.At.Add(time.Minute))
	if err != nil || len(found.Rows) == 0 {
		t.Fatalf("%d rows of cdr: %v", len(found.Rows), err)
	}
}

// statementsOf are the SELECTs that the follower's user sent meanwhile.
func statementsOf(t *testing.T, x *exchangetest.Exchange, work func()) []string {
	t.Helper()
	for _, statement := range []string{"SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log", "SET GLOBAL general_log = ON"} {
		if _, err := x.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	work()
	if _, err := x.ExecContext(t.Context(), "SET GLOBAL general_log = OFF"); err != nil {
		t.Fatal(err)
	}
	found, err := x.QueryContext(t.Context(), `SELECT argument FROM mysql.general_log WHERE user_host LIKE 'kontakty%' AND command_type IN ('Query', 'Execute')
		AND argument LIKE 'SELECT%' ORDER BY event_time`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var statements []string
	for found.Next() {
		var statement string
		if err := found.Scan(&statement); err != nil {
			t.Fatal(err)
		}
		statements = append(statements, statement)
	}
	if err := found.Err(); err != nil || len(statements) < 2 {
		t.Fatalf("%d statements were logged: %v", len(statements), err)
	}
	return statements
}

// explained fails where a statement reads a table without an index, or looks at more rows than those that it is about.
func explained(t *testing.T, x *exchangetest.Exchange, statement string) {
	t.Helper()
	conn, err := x.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "USE asteriskcdrdb"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(statement, "information_schema") {
		return // the indexes of one table, asked once
	}
	var id, kind, table, access, keys, key, length, reference, estimated, extra sql.NullString
	if err := conn.QueryRowContext(t.Context(), "EXPLAIN "+statement).Scan(&id, &kind, &table, &access, &keys, &key, &length, &reference, &estimated, &extra); err != nil {
		t.Fatal(err)
	}
	if !key.Valid || access.String == "ALL" || strings.Contains(extra.String, "filesort") {
		t.Errorf("%s: read by %q with the key %q, %s", statement, access.String, key.String, extra.String)
	}
	read := func() (count int) {
		t.Helper()
		if err := conn.QueryRowContext(t.Context(), `SELECT CAST(sum(variable_value) AS UNSIGNED) FROM information_schema.session_status
			WHERE variable_name IN ('HANDLER_READ_FIRST', 'HANDLER_READ_LAST', 'HANDLER_READ_KEY', 'HANDLER_READ_NEXT', 'HANDLER_READ_PREV', 'HANDLER_READ_RND', 'HANDLER_READ_RND_NEXT')`).Scan(&count); err != nil {
			t.Fatal(err)
		}
		return count
	}
	own := -read()
	own += read() // what the counting itself reads
	before := read()
	rows, err := conn.QueryContext(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	looked := read() - before - own
	t.Logf("%s: %s by %s, %d rows looked at", strings.SplitN(statement, " IN (", 2)[0], access.String, key.String, looked)
	if looked > lookedAtRows {
		t.Errorf("%s: looks at %d rows", statement, looked)
	}
}

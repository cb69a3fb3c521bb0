package system_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/exchangetest"
	"github.com/kontakty/kontakty/internal/telephony/system"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// recordedRows are the CEL rows of a call that a real Asterisk wrote.
func recordedRows(t *testing.T, call string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "asterisk", "testdata", "recorded", call, "cel.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// afterTheCalls is a clock that goes from half an hour after the recorded calls began, so that none of them counts as unfinished.
func afterTheCalls() func() time.Time {
	begun, recorded := time.Now(), time.Unix(1795816738, 0)
	return func() time.Time { return recorded.Add(30*time.Minute + time.Since(begun)) }
}

func followedSource(t *testing.T, address, more string) *telephony.Source {
	t.Helper()
	source, err := telephony.ParseSource([]byte(`{"name": "pbx1", "kind": "freepbx", "databaseUrl": "` + address + `", "pollEvery": "100ms", "trunks": ["~^siptrunk"],
		"recordings": "{yyyy}/{mm}/{dd}/{file}"` + more + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// start follows a source in the background; the function that it gives back ends that and gives the error.
func start(t *testing.T, source *telephony.Source, pool *postgres.Pool, notify func(string)) (stop func() error) {
	t.Helper()
	follower, err := system.NewFollower(source, pool, time.Time{}, afterTheCalls())
	if err != nil {
		t.Fatal(err)
	}
	follower.Notify = notify
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- follower.Run(ctx) }()
	done := false
	stop = func() error {
		if done {
			return nil
		}
		done = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}

// waitFor waits until a query gives a text.
func waitFor(t *testing.T, pool *postgres.Pool, query, want string) {
	t.Helper()
	got := ""
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err := pool.QueryRow(t.Context(), query).Scan(&got); err == nil && got == want {
			return
		}
	}
	t.Fatalf("%s gives %q, want %q", query, got, want)
}

const contactsQuery = `SELECT coalesce(string_agg(external_id || ' ' || status || ' ' || coalesce(agent_talk_time::text, '-'), ', ' ORDER BY external_id), '') FROM contacts`

func TestFollower_TakesHistoryThenEachCallWhileItRuns(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	source := followedSource(t, x.Address, "")
	zone := source.Location()
	x.Write(t, zone, recordedRows(t, "s02")...)
	stop := start(t, source, pool, nil)
	waitFor(t, pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -")

	call := recordedRows(t, "s04")
	talk := 0
	for i, row := range call {
		if row[0] == "BRIDGE_ENTER" {
			talk = i + 1
		}
	}
	x.Write(t, zone, call[:5]...)
	waitFor(t, pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -, pbx1:1795816810.21 RINGING -")
	x.Write(t, zone, call[5:talk]...)
	waitFor(t, pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -, pbx1:1795816810.21 ANSWERED 0")
	// The follower ends in the middle; another one goes on where it was.
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	x.Write(t, zone, call[talk:]...)
	_, err := x.ExecContext(t.Context(), `INSERT INTO asteriskcdrdb.cdr (calldate, src, dst, dcontext, channel, lastapp, duration, billsec, disposition, uniqueid, linkedid, did, recordingfile)
		VALUES ('2026-11-27 23:00:10', '+48501723894', '601', 'ext-queues', 'PJSIP/siptrunk-0000000a', 'Queue', 13, 13, 'ANSWERED', '1795816810.21', '1795816810.21', '48221000101',
		'q-601-+48501723894-20261127-230010-1795816810.21.wav')`)
	if err != nil {
		t.Fatal(err)
	}
	stop = start(t, source, pool, nil)
	waitFor(t, pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -, pbx1:1795816810.21 ANSWERED 5")
	waitFor(t, pool, "SELECT content->'recording'->>'path' FROM contact_details", "2026/11/27/q-601-+48501723894-20261127-230010-1795816810.21.wav")
	waitFor(t, pool, "SELECT count(*)::text FROM telephony_rows WHERE kind = 0", strconv.Itoa(len(call)+len(recordedRows(t, "s02"))))
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	var writes int
	if err := x.QueryRowContext(t.Context(), "SELECT count(*) FROM information_schema.user_privileges WHERE grantee LIKE '%kontakty%' AND privilege_type <> 'USAGE'").Scan(&writes); err != nil || writes != 0 {
		t.Errorf("the follower has %d more rights than to SELECT: %v", writes, err)
	}
}

func TestFollower_RefusesRowsOfAnotherTimeZone(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	x.Write(t, time.UTC, recordedRows(t, "s02")...)
	follower, err := system.NewFollower(followedSource(t, x.Address, ""), pool, time.Time{}, afterTheCalls())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := follower.Run(ctx); err == nil || !strings.Contains(err.Error(), "UTC fits") {
		t.Errorf("got %v", err)
	}
	var rows int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM telephony_rows").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows were taken: %v", rows, err)
	}
}

func TestFollower_LetsTheSecondOfASourceWait(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	source := followedSource(t, x.Address, "")
	x.Write(t, source.Location(), recordedRows(t, "s02")...)
	stop := start(t, source, pool, nil)
	waitFor(t, pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -")
	waiting := make(chan string, 4)
	stopSecond := start(t, source, pool, func(text string) { waiting <- text })
	if text := <-waiting; !strings.Contains(text, "waiting to take over") {
		t.Errorf("the second follower says %q", text)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	x.Write(t, source.Location(), recordedRows(t, "s08")...)
	waitFor(t, pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -, pbx1:1795816885.39 BUSY 0")
	if err := stopSecond(); err != nil {
		t.Fatal(err)
	}
}

func TestFollower_GoesOnAloneAfterItsDatabaseWentAway(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	database := pgtest.New(t)
	pool := database.Open(t, postgres.Config{PreparedStatements: true})
	source := followedSource(t, x.Address, "")
	x.Write(t, source.Location(), recordedRows(t, "s02")...)
	stop := start(t, source, pool, nil)
	waitFor(t, pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -")
	waiting := make(chan string, 64)
	stopSecond := start(t, source, pool, func(text string) { waiting <- text })
	<-waiting
	const followers = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
	waitFor(t, database.Pool, followers, "1")
	if _, err := database.Pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`); err != nil {
		t.Fatal(err)
	}
	x.Write(t, source.Location(), recordedRows(t, "s08")...)
	waitFor(t, database.Pool, contactsQuery, "pbx1:1795816738.10 ANSWERED -, pbx1:1795816885.39 BUSY 0")
	waitFor(t, database.Pool, followers, "1")
	for _, end := range []func() error{stop, stopSecond} {
		if err := end(); err != nil {
			t.Error(err)
		}
	}
}

func TestFollower_TriesAgainWhenTheExchangeIsAway(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	source := followedSource(t, "mysql://kontakty:secret@127.0.0.1:1/asteriskcdrdb", "")
	said := make(chan string, 64)
	stop := start(t, source, pool, func(text string) { said <- text })
	text := <-said
	if !strings.Contains(text, "trying again in") || strings.Contains(text, "secret") {
		t.Errorf("got %q", text)
	}
	waitFor(t, pool, "SELECT (errors > 0)::text FROM telephony_sources", "true")
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestDraft_FillsASourceFromFreePBXsTables(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	x.Configure(t)
	source, err := telephony.Draft("pbx1", telephony.FreePBX, x.Address, "", "Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	x.Write(t, source.Location(), recordedRows(t, "s05")...)
	notes, err := system.Draft(t.Context(), source)
	if err != nil || len(source.Agents) != 0 || !strings.Contains(strings.Join(notes, "\n"), "GRANT SELECT ON asterisk.*") {
		t.Errorf("without the right to read: %v, %v", notes, err)
	}
	if _, err := x.ExecContext(t.Context(), "GRANT SELECT ON asterisk.* TO 'kontakty'@'%'"); err != nil {
		t.Fatal(err)
	}
	if source, err = telephony.Draft("pbx1", telephony.FreePBX, x.Address, "", "Europe/Warsaw"); err != nil {
		t.Fatal(err)
	}
	if _, err := system.Draft(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	if len(source.Agents) != 1 || len(source.Queues) != 1 || len(source.Campaigns) != 1 || source.Campaigns[0].Queues[0] != "601" || len(source.Steps) != 1 ||
		len(source.Trunks) != 1 || source.Trunks[0] != "siptrunk" {
		t.Errorf("got %+v", source)
	}
	findings, err := system.Check(t.Context(), source, nil, "", nil, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if all := strings.Join(findings, "\n"); err != nil || !strings.Contains(all, "1 calls: 2 contacts recorded") || !strings.Contains(all, "CAMPAIGN_INBOUND_CALL ANSWERED: 1") {
		t.Errorf("check says\n%s\n%v", all, err)
	}
}

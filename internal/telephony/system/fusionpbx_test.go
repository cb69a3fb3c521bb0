package system_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/system"
)

// fusionPBXTables are the tables of FusionPBX that are read, as far as they are; the second keeps the legs of younger ones.
const fusionPBXTables = `CREATE TABLE v_xml_cdr (xml_cdr_uuid uuid PRIMARY KEY, domain_uuid uuid, start_epoch numeric, duration numeric, insert_date timestamptz, json jsonb);
CREATE TABLE v_xml_cdr_json (xml_cdr_json_uuid uuid PRIMARY KEY, xml_cdr_uuid uuid, start_stamp timestamptz, json jsonb, insert_date timestamptz)`

// legKey is the key of the n-th leg of a test.
func legKey(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// legJSON is a leg of a call from outside to 201, with the main leg's key or the key of the leg that it belongs to.
func legJSON(n, of int, second int64) string {
	began, direction, more := 1795816738+second, "inbound", `"call_direction": "inbound", "sip_hangup_disposition": "recv_bye"`
	if of != n {
		direction, more = "outbound", fmt.Sprintf(`"originating_leg_uuid": "%s", "dialed_user": "201"`, legKey(of))
	}
	return fmt.Sprintf(`{"channel_data": {"direction": "%s"}, "variables": {"uuid": "%s", %s, "hangup_cause": "NORMAL_CLEARING",
		"start_epoch": "%d", "answer_epoch": "%d", "bridge_epoch": "%d", "end_epoch": "%d"}, "callflow": {"caller_profile": {"caller_id_number": "48501723894",
		"destination_number": "48221000109", "context": "public"}, "times": {"profile_created_time": "%d000000"}}}`, direction, legKey(n), more, began, began+5, began+5, began+12, began)
}

func TestFollower_FollowsFusionPBX(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	owner := database.Open(t, postgres.Config{})
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	for _, statement := range strings.Split(fusionPBXTables, ";") {
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	insert := func(n, of int, second int64, younger bool) {
		t.Helper()
		column := any(legJSON(n, of, second))
		if younger {
			if _, err := owner.Exec(t.Context(), "INSERT INTO v_xml_cdr_json VALUES (gen_random_uuid(), $1, now(), $2, now())", legKey(n), column); err != nil {
				t.Fatal(err)
			}
			column = nil
		}
		if _, err := owner.Exec(t.Context(), "INSERT INTO v_xml_cdr VALUES ($1, NULL, 0, 0, now() - interval '10 minutes' + $3 * interval '1 second', $2)", legKey(n), column, second); err != nil {
			t.Fatal(err)
		}
	}
	source, err := telephony.ParseSource([]byte(`{"name": "fs1", "kind": "fusionpbx", "databaseUrl": "` + database.URL + `", "pollEvery": "50ms"}`))
	if err != nil {
		t.Fatal(err)
	}
	insert(1, 1, 0, false)
	insert(2, 1, 1, false)
	findings, err := system.Check(t.Context(), source, nil, "", nil, time.Now())
	if all := strings.Join(findings, "\n"); err != nil || !strings.Contains(all, "2 new, 0 known; 1 calls: 1 contacts recorded") || !strings.Contains(all, "no index on insert_date") {
		t.Errorf("check says\n%s\n%v", all, err)
	}
	if _, err := owner.Exec(t.Context(), "CREATE INDEX ON v_xml_cdr (insert_date)"); err != nil {
		t.Fatal(err)
	}
	stop := start(t, source, pool, func(text string) { t.Log(text) })
	first := "fs1:" + legKey(1) + " ANSWERED 7"
	waitFor(t, pool, contactsQuery, first)
	insert(3, 3, 20, true)
	waitFor(t, pool, contactsQuery, first+", fs1:"+legKey(3)+" NO_ANSWER -")
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	// A row that was inserted before the latest one that was seen, but committed after it, is found when the follower goes on.
	insert(4, 3, 15, true)
	stop = start(t, source, pool, nil)
	waitFor(t, pool, contactsQuery, first+", fs1:"+legKey(3)+" ANSWERED 7")
	insert(5, 5, -30, true)
	waitFor(t, pool, contactsQuery, first+", fs1:"+legKey(3)+" ANSWERED 7, fs1:"+legKey(5)+" NO_ANSWER -")
	waitFor(t, pool, "SELECT count(*)::text FROM telephony_rows", "5")
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

func TestFollower_CannotFollowWhatHasNoTables(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"freeswitch", "amazon-connect"} {
		source, err := telephony.ParseSource([]byte(`{"name": "x", "kind": "` + kind + `", "databaseUrl": "postgres://nobody@127.0.0.1:1/x"}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := system.NewFollower(source, nil, time.Time{}, time.Now); err == nil || !strings.Contains(err.Error(), "has no tables to follow") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestFollower_TriesAgainWhenFusionPBXIsAway(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	source, err := telephony.ParseSource([]byte(`{"name": "fs1", "kind": "fusionpbx", "databaseUrl": "postgres://kontakty:secret@127.0.0.1:1/fusionpbx"}`))
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 64)
	stop := start(t, source, pool, func(text string) { said <- text })
	select {
	case text := <-said:
		if !strings.Contains(text, "trying again in") || strings.Contains(text, "secret") {
			t.Errorf("got %q", text)
		}
	case <-time.After(time.Minute):
		t.Fatal("nothing is said")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

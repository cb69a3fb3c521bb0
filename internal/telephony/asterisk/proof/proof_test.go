//go:build telephonyproof

// Package proof_test plays calls through real Asterisks: see .ci/telephony-proof.
package proof_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/played"
)

// TestMain ends the database that the tests share.
func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var (
	trees  = flag.String("trees", "", "the directory of the trees that .ci/telephony-proof builds")
	record = flag.Bool("record", false, "keep the rows as the test data that CI replays")
	only   = flag.String("calls", "", "a pattern of the calls to play; all without it")
)

// stage is where calls are played: an exchange, its phones and its line to the outside.
type stage struct {
	x                          *exchange
	anna, jan, ewa, box, trunk *phone
}

// wrongKey is what rows tell of a key that a menu does not know: an old Asterisk writes no row of it.
func (s *stage) wrongKey(key string) string {
	if s.x.version == "16" {
		return ""
	}
	return key
}

// scene is a call to play.
type scene struct {
	name   string
	play   func(*stage) []played.Contact
	reason string
}

var scenes = []scene{
	{"ring-all, answered", ringAllAnswered, ""},
	{"abandoned in the menu", abandonedInMenu, ""},
	{"abandoned in the queue", abandonedInQueue, ""},
	{"two menus, the agent ends", twoMenus, ""},
	{"wrong keys, the exchange ends", wrongKeys, ""},
	{"nobody picks up in the queue", nobodyPicksUp, ""},
	{"announcement and queue", announcementThenQueue, ""},
	{"own number, answered", ownNumberAnswered, ""},
	{"own number, busy", ownNumberBusy, ""},
	{"own number, given up", ownNumberGivenUp, ""},
	{"own number, voicemail", ownNumberVoicemail, ""},
	{"picked up by another", pickedUpByAnother, ""},
	{"outbound, the agent ends", outboundAgentEnds, ""},
	{"outbound, the client ends", outboundClientEnds, ""},
	{"outbound, busy", outboundBusy, ""},
	{"outbound, wrong number", outboundWrongNumber, ""},
	{"outbound, not picked up", outboundNotPickedUp, ""},
	{"outbound, given up", outboundGivenUp, ""},
	{"internal", internalCall, ""},
	{"internal, busy", internalBusy, ""},
	{"feature code", featureCode, "FEATURE_CODE"},
	{"callback", callbackAnswered, ""},
	{"callback, agent not reached", callbackAgentNotReached, "AGENT_NOT_REACHED"},
	{"blind transfer by the phone", blindByPhone, ""},
	{"blind transfer by keys", blindByKeys, ""},
	{"blind transfer of an own number's call", blindOfOwnNumber, ""},
	{"blind transfer, busy", blindNotAnswered, ""},
	{"attended transfer by keys", attendedByKeys, ""},
	{"attended transfer by the phone", attendedByPhone, ""},
	{"attended transfer taken back", attendedTakenBack, ""},
	{"consultation by the phone", consultedByPhone, ""},
	{"transfer to the outside", handedOutside, ""},
	{"transfer to the outside, busy", handedOutsideBusy, ""},
	{"attended transfer to the outside", attendedOutside, ""},
	{"transfer to another queue", handedToQueue, ""},
}

// TestFollower_TellsWhatWasPlayedThroughARealAsterisk follows an exchange while calls are played through it, takes the files that
// it wrote in as another source afterwards, and compares both with what the players did.
func TestFollower_TellsWhatWasPlayedThroughARealAsterisk(t *testing.T) {
	if *trees == "" {
		t.Fatal("-trees is missing: run .ci/telephony-proof")
	}
	program := filepath.Join(t.TempDir(), "kontakty")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../../../cmd/kontakty").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, one := range []struct{ version, suite, address string }{{"22", "sid", "127.0.0.22"}, {"16", "bullseye", "127.0.0.16"}} {
		t.Run(one.version, func(t *testing.T) {
			t.Parallel()
			prove(t, program, startExchange(t, one.version, filepath.Join(*trees, one.suite), one.address))
		})
	}
}

func prove(t *testing.T, program string, x *exchange) {
	began := time.Now()
	database := pgtest.New(t)
	live, files := writeSource(t, x, "live"), writeSource(t, x, "files")
	connection, err := pgx.Connect(t.Context(), database.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(context.Background())
	follower := follow(t, program, database.URL, live)
	calls := x.play(t, func(call played.Call) {
		seen := slices.DeleteFunc(readContacts(t, connection, "live"), func(c played.Contact) bool { return c.StartedAt.Before(call.BeganAt.Add(-time.Second)) })
		if len(seen) < len(call.Contacts) {
			t.Errorf("%s: %d of %d contacts are there %s after its end", call.Name, len(seen), len(call.Contacts), time.Since(call.EndedAt))
		}
	})
	time.Sleep(15 * time.Second) // the rows of cdr are asked for once more 10 s after a call
	follower()
	for _, file := range []struct{ format, kind string }{{"asterisk-cel", "cel.csv"}, {"asterisk-cdr", "cdr.csv"}, {"asterisk-queue-log", "queue_log"}} {
		out, err := exec.CommandContext(t.Context(), program, "import", "--database-url", database.URL, "--source-file", files, "--format", file.format,
			x.file(file.kind)).CombinedOutput()
		if err != nil {
			t.Fatalf("import of %s: %v\n%s", file.kind, err, out)
		}
		t.Logf("import of %s: %s", file.kind, bytes.TrimSpace(out))
	}
	for _, source := range []string{"live", "files"} {
		found := readContacts(t, connection, source)
		comparison := played.Compare(calls, found)
		for _, fault := range comparison.Faults {
			t.Errorf("%s: %s", source, fault)
		}
		t.Logf("%s, %s: %d calls, %d contacts, differences in seconds: %v, worst %d s", x.release(), source, len(calls), len(found), comparison.Differences, comparison.Worst())
	}
	t.Logf("it took %s", time.Since(began).Round(time.Second))
	if *record && *only == "" && !t.Failed() {
		keep(t, x, calls)
	}
	if t.Failed() {
		keepForReading(t, x)
	}
}

// soon is how long after the end of a call its contacts are there, and so the silence between two calls.
const soon = 2 * time.Second

// play plays the calls one after another, and tells of each soon after its end.
func (x *exchange) play(t *testing.T, ended func(played.Call)) []played.Call {
	t.Helper()
	pattern := regexp.MustCompile(*only)
	s := &stage{
		x: x, anna: newPhone(t, "201", x.address, 5201), jan: newPhone(t, "202", x.address, 5202), ewa: newPhone(t, "203", x.address, 5203),
		box: newPhone(t, "204", x.address, 5204), trunk: newPhone(t, "siptrunk", x.address, 5091),
	}
	var calls []played.Call
	for _, scene := range scenes {
		if !pattern.MatchString(scene.name) {
			continue
		}
		call := played.Call{Name: scene.name, BeganAt: time.Now(), Reason: scene.reason}
		call.Contacts = scene.play(s)
		x.settle()
		call.EndedAt = time.Now()
		calls = append(calls, call)
		t.Logf("%s: played in %s", call.Name, call.EndedAt.Sub(call.BeganAt).Round(time.Second))
		for _, p := range []*phone{s.anna, s.jan, s.ewa, s.box, s.trunk} {
			for len(p.arrived) > 0 {
				<-p.arrived
			}
		}
		time.Sleep(time.Until(call.EndedAt.Add(soon)))
		ended(call)
	}
	return calls
}

func writeSource(t *testing.T, x *exchange, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".json")
	text := played.SourceFile(name, x.database.Address)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// follow starts a follower, and gives what ends it.
func follow(t *testing.T, program, database, source string) func() {
	t.Helper()
	out := &bytes.Buffer{}
	command := exec.Command(program, "follow", "--database-url", database, "--source-file", source)
	command.Stdout, command.Stderr = out, out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	end := func() {
		if ended {
			return
		}
		ended = true
		_ = command.Process.Signal(syscall.SIGINT)
		err := command.Wait()
		t.Logf("follow: %v\n%s", err, out)
		if err != nil {
			t.Errorf("follow ended with %v", err)
		}
	}
	t.Cleanup(end)
	return end
}

const contactsOfSource = `SELECT c.external_id, c.type::text, c.status::text, c.started_at, coalesce(c.source_address, ''), coalesce(c.destination_address, ''),
  coalesce(k.external_id, ''), coalesce(q.external_id, ''), coalesce(a.external_id, ''), coalesce(c.hangup_party::text, ''), c.ring_time, c.agent_talk_time,
  (SELECT json_agg(json_build_object('kind', s.kind, 'name', s.name, 'choice', coalesce(s.choice, ''), 'from', s.entered_at, 'to', s.left_at) ORDER BY s.position)
   FROM ivr_steps s WHERE (s.contact_started_at, s.contact_id) = (c.started_at, c.id))
 FROM contacts c LEFT JOIN campaigns k ON k.id = c.campaign_id LEFT JOIN queues q ON q.id = c.queue_id LEFT JOIN agents a ON a.id = c.agent_id
 WHERE starts_with(c.external_id, $1) ORDER BY c.started_at, c.external_id`

func readContacts(t *testing.T, connection *pgx.Conn, source string) []played.Contact {
	t.Helper()
	rows, err := connection.Query(t.Context(), contactsOfSource, source+":")
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (played.Contact, error) {
		var c played.Contact
		err := row.Scan(&c.ExternalID, &c.Type, &c.Status, &c.StartedAt, &c.From, &c.To, &c.Campaign, &c.Queue, &c.Agent, &c.HangupParty, &c.Ring, &c.Talk, &c.Steps)
		return c, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// keep writes what was recorded where CI replays it.
func keep(t *testing.T, x *exchange, calls []played.Call) {
	t.Helper()
	directory := filepath.Join("..", "testdata", "played", x.version)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	lines := &strings.Builder{}
	for _, call := range calls {
		line, err := json.Marshal(call)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	files := map[string][]byte{
		"calls.ndjson": []byte(lines.String()),
		"README.md": fmt.Appendf(nil, "%d calls that .ci/telephony-proof played through %s (Debian's package, %s) on %s.\n", len(calls), x.release(), runtime.GOARCH,
			time.Now().Format(time.DateOnly)),
	}
	for _, kind := range []string{"cel.csv", "cdr.csv", "queue_log"} {
		content, err := os.ReadFile(x.file(kind))
		if err != nil {
			t.Fatal(err)
		}
		files[kind] = content
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// keepForReading shows what Asterisk warned of.
func keepForReading(t *testing.T, x *exchange) {
	t.Helper()
	lines := slices.DeleteFunc(strings.Split(x.log(), "\n"), func(line string) bool {
		return !strings.Contains(line, "ERROR") && !strings.Contains(line, "WARNING")
	})
	t.Logf("Asterisk warned:\n%s", strings.Join(lines[max(0, len(lines)-20):], "\n"))
}

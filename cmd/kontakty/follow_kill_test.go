package main

import (
	"encoding/csv"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/exchangetest"
)

// The proof asks for more: go test ./cmd/kontakty -run FollowerIsKilled -follow-kills 200 -timeout 1h.
var followKills = flag.Int("follow-kills", 5, "how often a follower is killed at a random moment")

// callsAKill is how many calls the exchange writes for each time that the follower is killed.
const callsAKill = 25

// recordedTemplates are the calls that are replayed, each of one exchange on its own.
var recordedTemplates = []string{"s01", "s02", "s04", "s05", "s07", "s08", "s11", "s13", "s15", "s20"}

var recordedIDs = regexp.MustCompile(`\b(\d{10})\.(\d+)\b`)

// replayed are the rows of calls that begin a minute and a half apart, the last of them an hour ago.
func replayed(t *testing.T, calls int) [][]string {
	t.Helper()
	var templates [][][]string
	for _, name := range recordedTemplates {
		file, err := os.Open(filepath.Join(recordedCalls, name, "cel.csv"))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		templates = append(templates, rows)
	}
	begin := time.Now().Add(-time.Hour - time.Duration(calls)*90*time.Second).Unix()
	var all [][]string
	for n := range calls {
		template := templates[n%len(templates)]
		first, err := strconv.ParseInt(recordedIDs.FindStringSubmatch(template[0][13])[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		moved := begin + int64(n)*90 - first
		later := func(second string) string {
			value, _ := strconv.ParseInt(second, 10, 64)
			return strconv.FormatInt(value+moved, 10)
		}
		for _, row := range template {
			row = slices.Clone(row)
			for i := range row {
				if i != 1 {
					row[i] = recordedIDs.ReplaceAllStringFunc(row[i], func(id string) string {
						second, number, _ := strings.Cut(id, ".")
						counted, _ := strconv.Atoi(number)
						return later(second) + "." + strconv.Itoa(counted+n*100)
					})
				}
			}
			second, _, _ := strings.Cut(row[1], ".")
			row[1] = later(second)
			all = append(all, row)
		}
	}
	return all
}

// everyContact are all contacts of a database with their steps, a line each.
func everyContact(t *testing.T, pool *postgres.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT concat_ws('|', c.external_id, i.revision, c.type, c.status, c.started_at, c.source_address, c.destination_address, c.conversation_id,
		p.external_id, a.external_id, q.external_id, c.ivr_time, c.ring_time, c.agent_talk_time, c.hangup_party,
		(SELECT string_agg(concat_ws(' ', s.kind, s.name, coalesce(s.choice, '-'), s.entered_at, s.left_at), '; ' ORDER BY s.position)
		 FROM ivr_steps s WHERE s.contact_id = c.id AND s.contact_started_at = c.started_at))
		FROM contacts c JOIN contact_identities i ON i.contact_id = c.id LEFT JOIN campaigns p ON p.id = c.campaign_id
		LEFT JOIN agents a ON a.id = c.agent_id LEFT JOIN queues q ON q.id = c.queue_id ORDER BY c.external_id`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestFollowerIsKilled_LosesAndDoublesNothing kills followers again and again while the exchange writes calls, and compares
// what comes out with one quiet run.
func TestFollowerIsKilled_LosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	rows := replayed(t, *followKills*callsAKill)
	source := writeFile(t, "pbx1.json", `{"name": "pbx1", "kind": "freepbx", "databaseUrl": "`+x.Address+`", "trunks": ["~^siptrunk"], "pollEvery": "20ms"}`)
	caughtUp := regexp.MustCompile(`pbx1: caught up after \d+ rows; following`)
	follow := func(database *pgtest.Database) *process {
		return launch(t, nil, "follow", "--source-file", source, "--database-url", database.URL)
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	disturbed, rest := pgtest.New(t), rows
	follower := follow(disturbed)
	for killed := range *followKills {
		n := len(rest) / (*followKills - killed)
		for part := rest[:n]; len(part) > 0; {
			some := min(len(part), 1+random.IntN(400))
			x.Write(t, zone, part[:some]...)
			part = part[some:]
			time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond)
		}
		rest = rest[n:]
		time.Sleep(time.Duration(random.IntN(700)) * time.Millisecond)
		follower.stop(syscall.SIGKILL)
		follower = follow(disturbed)
	}
	follower.waitFor(caughtUp)
	if status := follower.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("the last follower ends with status %d", status)
	}
	quiet := pgtest.New(t)
	follower = follow(quiet)
	follower.waitFor(caughtUp)
	if status := follower.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("the quiet follower ends with status %d", status)
	}
	for name, database := range map[string]*pgtest.Database{"disturbed": disturbed, "quiet": quiet} {
		var contacts, logged, waiting int
		err := database.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM contacts), (SELECT count(DISTINCT contact_id) FROM contact_changes),
			(SELECT count(*) FROM contact_changes_unnumbered)`).Scan(&contacts, &logged, &waiting)
		if err != nil {
			t.Fatal(err)
		}
		if waiting > 0 || logged < contacts {
			t.Errorf("%s: changes of %d of %d contacts have their positions, and %d changes wait", name, logged, contacts, waiting)
		}
	}
	got, want := everyContact(t, disturbed.Pool), everyContact(t, quiet.Pool)
	var kept int
	if err := disturbed.Pool.QueryRow(t.Context(), "SELECT count(*) FROM telephony_rows").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if kept != len(rows) || len(want) < *followKills*callsAKill {
		t.Errorf("%d rows are kept of %d, a quiet run gives %d contacts of %d calls", kept, len(rows), len(want), *followKills*callsAKill)
	}
	if !slices.Equal(got, want) {
		t.Errorf("seed %d: %d contacts, want %d", seed, len(got), len(want))
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Fatalf("got\n%s\nwant\n%s", got[i], want[i])
			}
		}
	}
	t.Logf("seed %d: %d kills, %d rows of %d calls: %d contacts, none lost, none doubled", seed, *followKills, len(rows), *followKills*callsAKill, len(got))
}

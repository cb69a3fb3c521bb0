package server

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The nightly run asks for more: go test ./internal/server -run Kills -postgres-kills 100 -timeout 1h.
var postgresKills = flag.Int("postgres-kills", 3, "how often the private PostgreSQL is killed under load")

// How soon the private PostgreSQL is back: mostly, and however slow the machine is.
const (
	maxAwayMostly = 2 * time.Second
	maxAway       = time.Minute
)

// load asks a server without a pause, and notes what it answered.
type load struct {
	t         *testing.T
	base, key string
	client    *http.Client

	page                      string // what the readers' page holds
	pages, recorded, refusals atomic.Int64
}

// ask sends an operation and gives its data, or the code of its first error.
func (l *load) ask(query string) (data, code string, err error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return "", "", err
	}
	request, err := http.NewRequestWithContext(context.WithoutCancel(l.t.Context()), http.MethodPost, l.base+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		return "", "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+l.key)
	response, err := l.client.Do(request)
	if err != nil {
		return "", "", err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		return "", "", err
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(said, &answer); err != nil {
		return "", "", fmt.Errorf("status %d: %.200s: %w", response.StatusCode, said, err)
	}
	if len(answer.Errors) > 0 {
		return "", answer.Errors[0].Extensions.Code, nil
	}
	return string(answer.Data), "", nil
}

const loadPage = `{ contacts(filter: {period: {range: {from: "2026-03-01", to: "2026-03-31"}}}, first: 50) { totalCount nodes { externalId sourceAddress agent { name } } } }`

// contactsOf is a mutation that records contacts of March.
func contactsOf(first, count int) string {
	var contacts []string
	for i := range count {
		contacts = append(contacts, fmt.Sprintf(`{externalId: "kept-%d", type: CHAT, status: ANSWERED, startedAt: "2026-03-04T08:09:%02dZ", agent: {externalId: "anna", name: "Anna"}}`, first+i, i%60))
	}
	return "mutation { recordContacts(input: {contacts: [" + strings.Join(contacts, ", ") + "]}) { recorded } }"
}

// read reads the page until the context ends: it is right, or it is said that the database is away.
func (l *load) read(ctx context.Context) {
	for ctx.Err() == nil {
		switch data, code, err := l.ask(loadPage); {
		case err != nil || code != "" && code != "UNAVAILABLE" || code == "" && data != l.page:
			l.t.Errorf("a page is answered %.300s %s (%v)", data, code, err)
		case code == "":
			l.pages.Add(1)
		default:
			l.refusals.Add(1)
			<-time.After(20 * time.Millisecond)
		}
	}
}

// write records one contact after another of a writer until the context ends, each until that is acknowledged, and gives how
// many were.
func (l *load) write(ctx context.Context, writer int) int {
	for n := 0; ; {
		data, code, err := l.ask(fmt.Sprintf(`mutation { recordContacts(input: {contacts: [{externalId: "written-%d-%d", type: CHAT, status: ANSWERED, startedAt: "2026-04-04T08:09:16Z"}]}) { recorded } }`, writer, n))
		switch {
		case err != nil || code != "" && code != "UNAVAILABLE":
			l.t.Errorf("a contact is answered %.300s %s (%v)", data, code, err)
		case code == "":
			n++
			l.recorded.Add(1)
		default:
			l.refusals.Add(1)
			<-time.After(20 * time.Millisecond)
		}
		if ctx.Err() != nil && code != "UNAVAILABLE" {
			return n
		}
	}
}

func TestPrivatePostgreSQL_SurvivesKillsUnderLoad(t *testing.T) {
	t.Parallel()
	config := privateConfig(t)
	// Between two kills more time passes on this clock than restarts are counted in.
	var ahead atomic.Int64
	m := New(config, slog.New(slog.DiscardHandler), func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	l := &load{t: t, base: m.URL(), key: allowed(t, m.work), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}, Timeout: time.Minute}}
	defer l.client.CloseIdleConnections()
	if _, code, err := l.ask(contactsOf(0, 20)); code != "" || err != nil {
		t.Fatal(code, err)
	}
	var code string
	var err error
	if l.page, code, err = l.ask(loadPage); code != "" || err != nil || !strings.Contains(l.page, `"totalCount":20`) {
		t.Fatal(l.page, code, err)
	}

	// The month of the writers has its tables.
	if _, code, err := l.ask(`mutation { recordContacts(input: {contacts: [{externalId: "first", type: CHAT, status: ANSWERED, startedAt: "2026-04-04T08:09:16Z"}]}) { recorded } }`); code != "" || err != nil {
		t.Fatal(code, err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for range 3 {
		asking.Go(func() { l.read(ctx) })
	}
	acknowledged := make([]int, 2)
	for writer := range acknowledged {
		asking.Go(func() { acknowledged[writer] = l.write(ctx, writer) })
	}
	away := l.killAgainAndAgain(filepath.Join(config.Database.DataDir, "postgres"), &ahead)
	cancel()
	asking.Wait()

	for writer, count := range acknowledged {
		var rows, distinct int
		if err := m.work.QueryRow(t.Context(), "SELECT count(*), count(DISTINCT external_id) FROM contacts WHERE external_id LIKE $1",
			fmt.Sprintf("written-%d-%%", writer)).Scan(&rows, &distinct); err != nil {
			t.Fatal(err)
		}
		if rows != count || distinct != count {
			t.Errorf("writer %d: %d contacts were acknowledged, there are %d, of which %d differ", writer, count, rows, distinct)
		}
	}
	slices.Sort(away)
	median := away[len(away)/2]
	// The few kills beside all other tests say little of how soon it is back on a machine that has nothing else to do.
	if *postgresKills >= 100 && median > maxAwayMostly || away[len(away)-1] > maxAway {
		t.Errorf("back after %s mostly, %s at most", median, away[len(away)-1])
	}
	t.Logf("killed %d times: the first right page after %d ms (median), %d ms (90 %%), %d ms (most); %d pages, all right; %d contacts acknowledged, each there once; %d times UNAVAILABLE",
		len(away), median.Milliseconds(), away[len(away)*9/10].Milliseconds(), away[len(away)-1].Milliseconds(), l.pages.Load(), l.recorded.Load(), l.refusals.Load())
	metricsWith(t, m.URL()+"/metrics", fmt.Sprintf("kontakty_postgres_restarts_total %d", len(away)))
}

// killAgainAndAgain kills the postmaster as often as was asked for, and gives how long each time it took until the new one
// answered a page.
func (l *load) killAgainAndAgain(cluster string, ahead *atomic.Int64) []time.Duration {
	var away []time.Duration
	for range *postgresKills {
		<-time.After(200 * time.Millisecond) // of work
		ahead.Add(int64(11 * time.Minute))
		killed, begun := killPostgres(l.t, cluster), time.Now()
		until(l.t, "a page is answered again", func() bool {
			if pid := postmasterIn(cluster); pid == 0 || pid == killed {
				return false
			}
			_, code, err := l.ask(loadPage)
			return code == "" && err == nil
		})
		away = append(away, time.Since(begun))
	}
	return away
}

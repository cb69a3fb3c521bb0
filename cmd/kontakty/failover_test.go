package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/sample"
)

// failovers are the ways in which a primary goes, how long it takes until its standby takes over, and how long reads may
// fail then.
var failovers = map[string]struct {
	strike func(*pgtest.Host)
	after  time.Duration
	bound  time.Duration
}{
	"crash":   {(*pgtest.Host).Kill, 5 * time.Second, 10 * time.Second}, // Patroni takes as long to be sure
	"planned": {(*pgtest.Host).Stop, 0, 3 * time.Second},
	"freeze":  {(*pgtest.Host).Freeze, 2 * time.Second, 20 * time.Second},
}

func TestFailover_LosesNothingAndIsOverSoon(t *testing.T) {
	t.Parallel()
	for name, c := range failovers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := pgtest.NewPair(t)
			s := newPairSite(t, pair, 5_000)
			worker := s.stagedWorker("stop", export.StageMiddle)
			node, id := s.order("DETAILED")
			worker.waitUntilStopped()
			reads, writes := s.keepReading(), s.keepWriting()
			feed := s.keepImporting()
			stopping := s.api
			if name == "freeze" {
				stopping = launch(t, s.environment, append(s.arguments("serve", unhurried...), "--no-worker", "--listen", "127.0.0.1:0")...)
				stopping.waitFor(apiAddress)
				stopping.key, stopping.url = s.key, apiAddress.FindStringSubmatch(stopping.out.String())[1]
			}
			until(t, "all are at work", func() bool { return reads.good.Load() > 5 && writes.good.Load() > 5 && feed.sent.Load() > 500 })

			begun := time.Now()
			c.strike(pair.Primary)
			worker.signal(syscall.SIGCONT)
			var stopped sync.WaitGroup
			if name == "freeze" {
				stopped.Go(func() { stopsWhileFrozen(t, stopping) })
			}
			time.Sleep(c.after)
			pair.Standby.Promote()
			promoted := time.Since(begun)
			goodReads, goodWrites, sent := reads.good.Load(), writes.good.Load(), feed.sent.Load()
			until(t, "all go on", func() bool {
				return reads.good.Load() > goodReads+20 && writes.good.Load() > goodWrites+20 && feed.sent.Load() > sent+2000
			})
			stopped.Wait()
			lines, said := feed.end()
			failedReads, failedWrites := reads.end(), writes.end()
			if failedReads > c.bound {
				t.Errorf("reads fail for %.1f s, at most %s is allowed", failedReads.Seconds(), c.bound)
			}
			until(t, "the file is made", func() bool { return s.stands(id).final() })
			row := s.stands(id)
			if got := s.fetch(node); row.State != "READY" || got.lines < s.contacts {
				t.Errorf("the file is %s %s, of %d lines, want READY of %d contacts", row.State, row.ErrorCode, got.lines, s.contacts)
			}
			s.hasEach("W-", int(writes.good.Load()))
			s.hasEach("I-", lines)
			t.Logf("promoted after %.1f s; without answers: reads %.1f s, writes %.1f s; %d writes acknowledged; file READY after attempt %d; import of %d lines: %s",
				promoted.Seconds(), failedReads.Seconds(), failedWrites.Seconds(), writes.good.Load(), row.Attempt, lines, said)
		})
	}
}

// stopsWhileFrozen stops a server in the middle of a request that the database does not answer.
func stopsWhileFrozen(t *testing.T, server *process) {
	asked := make(chan error, 1)
	go func() { asked <- asks(server.url, server.key, readQuery, nil) }()
	select {
	case err := <-asked:
		t.Errorf("the primary is not frozen: %v", err)
		return
	case <-time.After(500 * time.Millisecond):
	}
	begun := time.Now()
	server.signal(syscall.SIGTERM)
	select {
	case <-server.ended:
		t.Logf("SIGTERM while the primary is frozen: status %d after %.1f s", server.command.ProcessState.ExitCode(), time.Since(begun).Seconds())
	case <-time.After(15 * time.Second):
		t.Error("SIGTERM while the primary is frozen: it does not end within 15 s")
	}
}

// newPairSite makes an installation over a pair of servers.
func newPairSite(t *testing.T, pair *pgtest.Pair, contacts int) *site {
	t.Helper()
	directory := t.TempDir()
	s := &site{
		t: t, url: pair.URL("target_session_attrs=read-write"), contacts: contacts, data: filepath.Join(directory, "data"),
		bucket: filepath.Join(directory, "bucket"), temp: filepath.Join(directory, "temp"),
	}
	for _, made := range []string{s.bucket, s.temp} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: s.url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := postgres.NewMigrator(pool).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Load(t.Context(), pool, sample.Config{Contacts: contacts, Months: 1, Seed: 5, Until: time.Now()}, nil); err != nil {
		t.Fatal(err)
	}
	s.pool, s.key = pool.Pool, allowed(t, pool)
	s.serve()
	return s
}

const readQuery = `{ contacts(filter: {period: {preset: LAST_7_DAYS}}, first: 1) { nodes { id } } }`

// asks says why an operation was not answered, nil if it was.
func asks(base, key, query string, variables map[string]any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct{ Errors []struct{ Message string } }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s", answer.Errors[0].Message)
	}
	return nil
}

// caller asks one thing after the other until it is ended.
type caller struct {
	good    atomic.Int64
	stop    chan struct{}
	running sync.WaitGroup
	longest time.Duration // between two answers of which one at least failed
}

func keepCalling(call func(number int64) error) *caller {
	c := &caller{stop: make(chan struct{})}
	c.running.Go(func() {
		answered, failed := time.Now(), false
		for {
			select {
			case <-c.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
			if call(c.good.Load()) != nil {
				failed = true
				continue
			}
			if failed {
				c.longest = max(c.longest, time.Since(answered))
			}
			answered, failed = time.Now(), false
			c.good.Add(1)
		}
	})
	return c
}

// end gives the longest time without an answer.
func (c *caller) end() time.Duration {
	close(c.stop)
	c.running.Wait()
	return c.longest
}

func (s *site) keepReading() *caller {
	return keepCalling(func(int64) error { return asks(s.api.url, s.api.key, readQuery, nil) })
}

// keepWriting records one contact a call, the same one again until that is acknowledged.
func (s *site) keepWriting() *caller {
	return keepCalling(func(number int64) error {
		return asks(s.api.url, s.api.key, recordMutation, map[string]any{"contacts": []map[string]any{{
			"externalId": fmt.Sprintf("W-%d", number), "type": "INBOUND_CALL", "status": "ANSWERED",
			"startedAt": time.Now().UTC().Format(time.RFC3339), "sourceAddress": "+48501723894",
		}}})
	})
}

// feed is an import that reads what the test writes.
type feed struct {
	t       *testing.T
	sent    atomic.Int64
	stop    chan struct{}
	writing sync.WaitGroup
	process *process
}

func (s *site) keepImporting() *feed {
	s.t.Helper()
	f := &feed{t: s.t, stop: make(chan struct{})}
	var in io.WriteCloser
	f.process = launch(s.t, func(command *exec.Cmd) {
		var err error
		if in, err = command.StdinPipe(); err != nil {
			s.t.Fatal(err)
		}
	}, "import", "--data-dir", s.data, "--database-url", s.url, "-")
	f.writing.Go(func() {
		defer in.Close()
		for {
			for range 100 {
				if _, err := fmt.Fprintf(in, `{"kind":"contact","externalId":"I-%d","type":"INBOUND_CALL","status":"ANSWERED","startedAt":"%s","sourceAddress":"+48501723894"}`+"\n",
					f.sent.Load(), time.Now().UTC().Format(time.RFC3339)); err != nil {
					return
				}
				f.sent.Add(1)
			}
			select {
			case <-f.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	return f
}

// end ends the input, and gives the number of its lines and what the import said in the end.
func (f *feed) end() (lines int, said string) {
	f.t.Helper()
	close(f.stop)
	f.writing.Wait()
	if status := f.process.wait(); status != statusOK {
		f.t.Errorf("the import ends with status %d:\n%s", status, f.process.out)
	}
	out := strings.TrimSpace(f.process.out.String())
	return int(f.sent.Load()), out[strings.LastIndex(out, "\n")+1:]
}

// hasEach checks that contacts of numbered external ids are there, each once and whole.
func (s *site) hasEach(prefix string, count int) {
	s.t.Helper()
	var identities, contacts int
	err := s.pool.QueryRow(s.t.Context(), `SELECT count(DISTINCT i.external_id), count(c.id)
		FROM contact_identities i LEFT JOIN contacts c ON c.id = i.contact_id AND c.started_at = i.started_at
		WHERE i.external_id LIKE $1 || '%' AND substr(i.external_id, 3)::int < $2`, prefix, count).Scan(&identities, &contacts)
	if err != nil || identities != count || contacts != count {
		s.t.Errorf("%s: %d identities and %d contacts, %v, want %d", prefix, identities, contacts, err, count)
	}
	var orphans int
	err = s.pool.QueryRow(s.t.Context(), `SELECT count(*) FROM contact_identities i FULL JOIN contacts c ON c.id = i.contact_id AND c.started_at = i.started_at
		WHERE i.contact_id IS NULL OR c.id IS NULL`).Scan(&orphans)
	if err != nil || orphans != 0 {
		s.t.Errorf("%d contacts without an identity or identities without a contact, %v", orphans, err)
	}
}

// until waits for something to happen.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for again := time.Tick(50 * time.Millisecond); !happened(); {
		select {
		case <-again:
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

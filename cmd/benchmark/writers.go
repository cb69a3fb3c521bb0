package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/sample"
)

// recordOne records one contact, as a source does when a call has ended.
const recordOne = `mutation Record($contacts: [ContactInput!]!) { recordContacts(input: {contacts: $contacts}) { recorded replaced unchanged } }`

// writersSeed tells the contacts recorded from those that are imported beside them.
const writersSeed = 78

// writing is a program that records contacts one a call, in a database of its own.
type writing struct {
	site     *site
	database string
	// rivals is the server that holds the database.
	rivals *site
	server *process
	// lines are the contacts that are left to record.
	lines [][]byte
}

// measureWriters records contacts one a call from many clients, in turn with an earlier program where one is given, and
// beside an import.
func measureWriters(ctx context.Context, b *bench) (err error) {
	file := filepath.Join(b.scratch, "recorded.ndjson")
	perSecond, rounds := 3000, b.scale.rounds+2
	spans := time.Duration(rounds) * b.scale.span
	if err := writeSample(file, int(2*spans.Seconds()+1)*perSecond, writersSeed); err != nil {
		return err
	}
	ours, err := b.openWriting(ctx, "benchmark_writers", b.binary, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.close(context.WithoutCancel(ctx))) }()
	measured := []*writing{ours}
	if b.before != "" {
		before, err := b.openWriting(ctx, "benchmark_writers_before", b.before, file)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, before.close(context.WithoutCancel(ctx))) }()
		measured = append(measured, before)
	}
	outcomes := make([][]outcome, len(measured))
	var alone []outcome
	for n := range b.scale.rounds + 1 {
		for i, w := range measured {
			stood, err := w.load(ctx, clients, b.scale.span)
			if err != nil {
				return err
			}
			b.results.line("  %-26s %s", w.database, stood)
			if n > 0 { // the first warms up
				outcomes[i] = append(outcomes[i], stood)
			}
		}
		stood, err := ours.load(ctx, 1, b.scale.span/2)
		if err != nil {
			return err
		}
		if n > 0 {
			alone = append(alone, stood)
		}
	}
	perSecondOf := func(o outcome) float64 { return o.perSecond }
	if b.before != "" {
		b.results.atLeast("7a", median(ratios(outcomes[0], outcomes[1], perSecondOf)), 3.5, fmt.Sprintf("contacts recorded one a call by %d clients, %%s times as many as before", clients))
	}
	b.results.line("  %s times as many from %d clients as from one", number(median(ratios(outcomes[0], alone, perSecondOf))), clients)
	beside, err := ours.besideImport(ctx, b)
	if err != nil {
		return err
	}
	b.results.line("  %-26s %s", "beside an import", beside)
	b.results.atMost("7b", milliseconds(beside.p99), 100, fmt.Sprintf("contacts recorded one a call by %d clients beside an import, p99 %%s ms", clients))
	return ours.check(ctx)
}

// writeSample writes contacts with the things that they name into a file of lines.
func writeSample(name string, contacts int, seed uint64) (err error) {
	until, err := time.Parse(time.RFC3339, seededUntil)
	if err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = sample.New(sample.Config{Contacts: contacts, Months: 3, Seed: seed, Until: until}).WriteTo(file)
	return err
}

// openWriting makes a database with the things that the contacts of a file name, and serves it.
func (b *bench) openWriting(ctx context.Context, database, binary, file string) (_ *writing, err error) {
	w := &writing{database: database, rivals: b.small(), site: &site{dir: filepath.Join(b.scratch, database), binary: binary}}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close(context.WithoutCancel(ctx)))
		}
	}()
	if err := os.MkdirAll(w.site.dir, 0o700); err != nil {
		return nil, err
	}
	if err := w.renew(ctx); err != nil {
		return nil, err
	}
	address := w.rivals.urlOf(database)
	if _, err := w.site.kontakty(ctx, "migrate", "up", "--database-url", address); err != nil {
		return nil, err
	}
	described, err := w.split(file)
	if err != nil {
		return nil, err
	}
	if _, err := w.site.kontakty(ctx, "import", "--database-url", address, described); err != nil {
		return nil, err
	}
	key, err := w.site.kontakty(ctx, "keys", "create", "--database-url", address, "--name", "Benchmark", "--scope", "contacts:read,contacts:write", "--unrestricted")
	if err != nil {
		return nil, err
	}
	w.site.key = strings.TrimSpace(key)
	w.server, err = w.site.start(ctx, b.scratch, "serve", "--data-dir", w.site.dir, "--database-url", address, "--listen", "127.0.0.1:0",
		"--rate-per-minute", ample, "--rate-burst", ample)
	return w, err
}

func (w *writing) renew(ctx context.Context) error {
	if _, err := w.rivals.pool.Exec(ctx, "DROP DATABASE IF EXISTS "+w.database+" WITH (FORCE)"); err != nil {
		return err
	}
	_, err := w.rivals.pool.Exec(ctx, "CREATE DATABASE "+w.database)
	return err
}

func (w *writing) close(ctx context.Context) error {
	var err error
	if w.server != nil {
		err = w.server.stop()
	}
	_, dropped := w.rivals.pool.Exec(ctx, "DROP DATABASE IF EXISTS "+w.database+" WITH (FORCE)")
	return errors.Join(err, dropped)
}

// split keeps the contacts of a file to record them, and writes the other lines, and a few contacts that have the
// partitions made, into another file.
func (w *writing) split(file string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var described bytes.Buffer
	for line := range bytes.Lines(content) {
		fields := map[string]json.RawMessage{}
		if err := json.Unmarshal(line, &fields); err != nil {
			return "", err
		}
		if kind, given := fields["kind"]; given && string(kind) != `"contact"` || len(w.lines) < 1000 {
			described.Write(line)
			if given && string(kind) != `"contact"` {
				continue
			}
		}
		delete(fields, "kind")
		contact, err := json.Marshal(fields)
		if err != nil {
			return "", err
		}
		w.lines = append(w.lines, contact)
	}
	w.lines = w.lines[1000:]
	name := filepath.Join(w.site.dir, "described.ndjson")
	return name, os.WriteFile(name, described.Bytes(), 0o600)
}

// load records contacts, each once.
func (w *writing) load(ctx context.Context, clients int, span time.Duration) (outcome, error) {
	t := target{name: w.database, address: w.server.address}
	most := min(len(w.lines), int(span.Seconds()*3000))
	for _, line := range w.lines[:most] {
		request, err := w.server.post(recordOne, map[string]any{"contacts": []json.RawMessage{line}})
		if err != nil {
			return outcome{}, err
		}
		t.requests = append(t.requests, request)
	}
	w.lines = w.lines[most:]
	stood, err := t.load(ctx, clients, span)
	if err == nil && stood.perSecond > 3000 {
		err = errors.New("the clients have run out of contacts")
	}
	return stood, err
}

// besideImport records contacts while a file is imported.
func (w *writing) besideImport(ctx context.Context, b *bench) (outcome, error) {
	file := filepath.Join(b.scratch, "beside.ndjson")
	if err := writeSample(file, 10*b.scale.imported, importsSeed); err != nil {
		return outcome{}, err
	}
	importing, cancel := context.WithCancel(ctx)
	defer cancel()
	command := exec.CommandContext(importing, w.site.binary, "import", "--database-url", w.rivals.urlOf(w.database), file)
	if err := command.Start(); err != nil {
		return outcome{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	stood, err := w.load(ctx, clients, b.scale.span)
	if err != nil {
		cancel()
		return outcome{}, errors.Join(err, <-ended)
	}
	select {
	case err := <-ended:
		return outcome{}, errors.Join(errors.New("the import had ended before the load did"), err)
	default:
		cancel()
		<-ended // it was killed, and says so
		return stood, nil
	}
}

// check counts what is there: every contact once, no deadlock.
func (w *writing) check(ctx context.Context) error {
	var deadlocks int
	if err := w.rivals.pool.QueryRow(ctx, "SELECT deadlocks FROM pg_stat_database WHERE datname = $1", w.database).Scan(&deadlocks); err != nil {
		return err
	}
	if deadlocks > 0 {
		return fmt.Errorf("%d deadlocks", deadlocks)
	}
	return nil
}

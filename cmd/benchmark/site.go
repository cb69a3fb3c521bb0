package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// The contacts lead up to a moment that stays, so that a database that was kept is the one that would be made today.
const (
	seededUntil  = "2026-09-30T20:00:00+02:00"
	seededMonths = 12
	lastDay      = "2026-09-30"
)

// build makes the program that is measured.
func build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "kontakty")
	command := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/kontakty/kontakty/cmd/kontakty")
	command.Stderr = os.Stderr
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("building kontakty: %w", err)
	}
	return binary, nil
}

// site is a database with its data directory, held running while the benchmark runs.
type site struct {
	contacts int
	dir      string
	binary   string
	seeded   seeding
	database *embedded.Server
	pool     *postgres.Pool
	things   *things
	key      string
}

// seeding is how a database was filled; it is kept beside it.
type seeding struct {
	Contacts int       `json:"contacts"`
	Steps    int       `json:"steps"`
	Seconds  float64   `json:"seconds"`
	At       time.Time `json:"at"`
	Machine  string    `json:"machine"`
}

// openSite opens the database of a size, and makes it if it is not there.
func openSite(ctx context.Context, b *bench, contacts int) (_ *site, err error) {
	s := &site{contacts: contacts, dir: filepath.Join(b.dir, fmt.Sprintf("contacts-%d", contacts)), binary: b.binary}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("the database of %d contacts: %w", contacts, err), s.close())
		}
	}()
	if err := s.seed(ctx, b.results); err != nil {
		return nil, err
	}
	if s.database, err = embedded.Start(ctx, embedded.Config{DataDir: s.dir}); err != nil {
		return nil, err
	}
	if _, err := s.kontakty(ctx, "migrate", "up", "--data-dir", s.dir); err != nil {
		return nil, err
	}
	if s.pool, err = postgres.Open(ctx, postgres.Config{URL: s.database.URL(), ApplicationName: "benchmark", MaxConns: 4, PreparedStatements: true}); err != nil {
		return nil, err
	}
	if s.key, err = s.openKey(ctx); err != nil {
		return nil, err
	}
	s.things, err = findThings(ctx, s.pool)
	return s, err
}

func (s *site) close() error {
	if s.pool != nil {
		s.pool.Close()
	}
	if s.database == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s.database.Stop(ctx)
}

// urlOf is how to connect to a database on the site's server.
func (s *site) urlOf(database string) string {
	address, err := url.Parse(s.database.URL())
	if err != nil {
		panic(err) // the server's own
	}
	address.Path = "/" + database
	return address.String()
}

// kontakty runs the program to its end and gives what it prints.
func (s *site) kontakty(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, s.binary, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("kontakty %s: %w: %s", strings.Join(args[:1], " "), err, tail(stderr.String()))
	}
	return string(printed), nil
}

func tail(text string) string { return text[max(0, len(text)-1000):] }

// seed fills the database once. What "kontakty seed" says of itself is kept: it is a measurement.
func (s *site) seed(ctx context.Context, r *results) error {
	name := filepath.Join(s.dir, "seeded.json")
	if content, err := os.ReadFile(name); err == nil {
		return json.Unmarshal(content, &s.seeded)
	}
	r.line("seeding %d contacts, once", s.contacts)
	printed, err := s.kontakty(ctx, "seed", "--data-dir", s.dir, "--contacts", strconv.Itoa(s.contacts), "--months", strconv.Itoa(seededMonths), "--until", seededUntil)
	if err != nil {
		return err
	}
	s.seeded = seeding{At: time.Now(), Machine: machine()}
	var records int
	if _, err := fmt.Sscanf(printed, "%d contacts, %d IVR steps, %d records, in %f s", &s.seeded.Contacts, &s.seeded.Steps, &records, &s.seeded.Seconds); err != nil {
		return fmt.Errorf("kontakty seed printed %q: %w", printed, err)
	}
	content, err := json.Marshal(s.seeded)
	if err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}

// openKey makes an API key that may see everything, and keeps it beside the data.
func (s *site) openKey(ctx context.Context) (string, error) {
	name := filepath.Join(s.dir, "benchmark.key")
	if kept, err := os.ReadFile(name); err == nil {
		return strings.TrimSpace(string(kept)), nil
	}
	key, err := s.newKey(ctx, "--unrestricted")
	if err != nil {
		return "", err
	}
	return key, os.WriteFile(name, []byte(key), 0o600)
}

// newKey makes an API key with the grants given as flags.
func (s *site) newKey(ctx context.Context, grants ...string) (string, error) {
	printed, err := s.kontakty(ctx, append([]string{
		"keys", "create", "--data-dir", s.dir, "--name", "Benchmark",
		"--scope", "contacts:read,contacts:addresses,contacts:bcc,contacts:content,exports",
	}, grants...)...)
	return strings.TrimSpace(printed), err
}

// process is a running kontakty.
type process struct {
	command *exec.Cmd
	ended   chan error
	log     *os.File
	// address is where it answers, url the same as a URL, authorization the header that it asks for.
	address, url, authorization string
	// ready is how long it took from its start to its first answer.
	ready time.Duration
}

// ample is more than the load asks for in a minute: costs are counted and charged as ever.
const ample = "1_000_000_000"

// serve starts the server on the database, and returns when it answers.
func (s *site) serve(ctx context.Context, scratch string, args ...string) (*process, error) {
	return s.start(ctx, scratch, append([]string{
		"serve", "--data-dir", s.dir, "--listen", "127.0.0.1:0", "--rate-per-minute", ample, "--rate-burst", ample,
	}, args...)...)
}

// start starts a command that runs until it is stopped, and returns when it says that it is ready.
func (s *site) start(ctx context.Context, scratch string, args ...string) (*process, error) {
	log, err := os.CreateTemp(scratch, args[0]+"-*.log")
	if err != nil {
		return nil, err
	}
	p := &process{command: exec.CommandContext(ctx, s.binary, args...), ended: make(chan error, 1), log: log, authorization: "Bearer " + s.key}
	p.command.Cancel = func() error { return p.command.Process.Signal(syscall.SIGTERM) }
	p.command.WaitDelay = 30 * time.Second
	p.command.Stderr = log
	printed, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	said := make(chan string)
	go func() {
		for lines := bufio.NewScanner(printed); lines.Scan(); {
			select {
			case said <- lines.Text():
			case <-ctx.Done():
			}
		}
		p.ended <- p.command.Wait()
	}()
	patience := time.After(2 * time.Minute)
	for {
		select {
		case text := <-said:
			if words := strings.Fields(text); len(words) == 2 && words[0] == "API" {
				p.url = strings.TrimSuffix(words[1], "/graphql")
				p.address = strings.TrimPrefix(p.url, "http://")
			}
			if strings.Contains(text, "Ctrl-C") {
				p.ready = time.Since(begun)
				go func() {
					for range said {
					}
				}()
				return p, nil
			}
		case err := <-p.ended:
			return nil, fmt.Errorf("kontakty %s ended: %w: %s", args[0], err, tail(systemFile(log.Name())))
		case <-patience:
			return nil, errors.Join(fmt.Errorf("kontakty %s does not answer: %s", args[0], tail(systemFile(log.Name()))), p.stop())
		}
	}
}

// stop ends the process in order, and waits.
func (p *process) stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.ended:
		return err
	case <-time.After(30 * time.Second):
		_ = p.command.Process.Kill()
		return errors.Join(errors.New("the process did not stop by itself"), <-p.ended)
	}
}

// memory is the process's resident memory now and at its most, in MiB.
func (p *process) memory() (now, most float64) {
	for line := range strings.Lines(systemFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))) {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kilobytes); n == 1 {
			now = kilobytes / 1024
		}
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kilobytes); n == 1 {
			most = kilobytes / 1024
		}
	}
	return now, most
}

// post is a request of the API, complete with its headers.
func (p *process) post(document string, variables any) ([]byte, error) {
	body, err := json.Marshal(struct {
		Query     string `json:"query"`
		Variables any    `json:"variables,omitempty"`
	}{document, variables})
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n%s",
		p.address, p.authorization, len(body), body), nil
}

// query asks the API once, and reads the data of its answer.
func (p *process) query(ctx context.Context, document string, variables, into any) error {
	request, err := p.post(document, variables)
	if err != nil {
		return err
	}
	line, err := dial(ctx, p.address)
	if err != nil {
		return err
	}
	defer line.close()
	var body bytes.Buffer
	if err := line.exchange(request, &body); err != nil {
		return err
	}
	answer := struct {
		Data   any
		Errors []struct{ Message string }
	}{Data: into}
	if err := json.Unmarshal(body.Bytes(), &answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return errors.New(answer.Errors[0].Message)
	}
	return nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
	"github.com/kontakty/kontakty/internal/tracing/tracingtest"
)

// What must not be found: numbers, addresses and texts that stand nowhere but in what the test sends.
var canaries = regexp.MustCompile(`(?i)601[ ./-]?987[ ./-]?123|kanarek|geheim`)

// phone, mail and text are canaries that tell which of them was found.
func phone(n int) string { return fmt.Sprintf("+49601987123%03d", n) }
func mail(n int) string  { return fmt.Sprintf("kanarek%d@geheim.example", n) }
func text(n int) string  { return fmt.Sprintf("Kanarek %d, zażółć\nPESEL 601987123%d", n, n) }

// cage is an installation through which canaries are sent: the binary with its private PostgreSQL.
type cage struct {
	t          *testing.T
	data, temp string
	recordings string // the folder of the exchange
	server     *process
	collector  *tracingtest.Collector // of traces
	url        string                 // of the database
	printed    strings.Builder        // by commands
	secrets    []string               // of keys
	sent       int
}

func newCage(t *testing.T) *cage {
	t.Helper()
	directory := t.TempDir()
	// The owner of the cluster, whose pg_ctl this test runs, must get there.
	if err := os.Chmod(filepath.Dir(directory), 0o711); err != nil {
		t.Fatal(err)
	}
	c := &cage{t: t, collector: tracingtest.New(t), data: filepath.Join(directory, "data"), temp: filepath.Join(directory, "temp"), recordings: filepath.Join(directory, "recordings")}
	for _, made := range []string{c.temp, c.recordings} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	postgres, err := embedded.Start(t.Context(), embedded.Config{DataDir: c.data, Disposable: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = postgres.Stop(context.Background()) })
	c.server = servingAs(t, func(command *exec.Cmd) { command.Env = append(command.Env, "TMPDIR="+c.temp, c.traces()) }, c.data,
		"serve", "--log-format", "json", "--statement-timeout", "1s", "--request-timeout", "5s",
		"--recordings-url", "file://"+c.recordings, "--recordings-url", "away=file://"+filepath.Join(directory, "never-mounted"))
	c.url = postgres.URL()
	c.keep(c.server.key)
	return c
}

// traces is the variable that has traces sent.
func (c *cage) traces() string { return "OTEL_EXPORTER_OTLP_ENDPOINT=" + c.collector.URL }

// keep makes the secret of a key a canary.
func (c *cage) keep(key string) { c.secrets = append(c.secrets, strings.Split(key, "_")[2]) }

// run runs a command and keeps what it prints.
func (c *cage) run(input io.Reader, want int, args ...string) {
	c.t.Helper()
	status, out, errs := commandWith(c.t, []string{c.traces()}, input, append(args, "--data-dir", c.data)...)
	if status != want {
		c.t.Errorf("%v: status %d, want %d: %s%s", args, status, want, out, errs)
	}
	c.printed.WriteString(out + errs)
}

// say sends a request whatever it looks like, with the server's key unless the header has another, and gives the
// answer.
func (c *cage) say(method, target string, header http.Header, body string) string {
	c.t.Helper()
	c.sent++
	key := c.server.key
	if header.Get("Authorization") != "" {
		key = ""
	}
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	response := send(c.t, key, method, c.server.url+target, header, strings.NewReader(body))
	defer response.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return string(answer)
}

// ask sends an operation and gives the answer, errors and all.
func (c *cage) ask(query string, variables any) string {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.say(http.MethodPost, "/graphql", nil, string(body))
}

const listQuery = `query($filter: ContactFilter!, $after: String) { contacts(filter: $filter, after: $after, first: 10) { totalCount nodes { id sourceAddress ccAddresses bccAddresses
	details { __typename } ivrSteps { name } } } }`

const recordMutation = `mutation($contacts: [ContactInput!]!) { recordContacts(input: {contacts: $contacts}) { clientMutationId } }`

// search looks for canaries in a text.
func (c *cage) search(where string, content []byte) {
	c.t.Helper()
	for _, at := range canaries.FindAllIndex(content, 3) {
		c.t.Errorf("a canary in %s: …%q…", where, content[max(0, at[0]-100):min(len(content), at[1]+30)])
	}
	for _, secret := range c.secrets {
		if bytes.Contains(content, []byte(secret)) {
			c.t.Errorf("the secret of a key in %s", where)
		}
	}
}

// files searches everything that lies about, but for what a database is made of and the files that were ordered. It
// gives how many files there were and in how many of the database's there are canaries.
func (c *cage) files(root string) (searched, tables int) {
	c.t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, _ := filepath.Rel(root, path)
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(name, "postgres/base/"), strings.HasPrefix(name, "postgres/pg_wal/"):
			if canaries.Match(content) {
				tables++
			}
		case strings.HasSuffix(name, ".xlsx"):
		default:
			searched++
			c.search(name, content)
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return searched, tables
}

// spans searches all spans, of which each kind has arrived: of a request, an operation, a statement, a file and an import.
func (c *cage) spans() {
	c.t.Helper()
	c.search("what the collector of traces was sent", c.collector.Sent())
	arrived, linked := map[string]int{}, 0
	for _, span := range c.collector.Spans() {
		arrived[span.Name]++
		linked += len(span.Links)
	}
	for _, name := range []string{
		"POST /graphql", "query contacts", "mutation recordContacts", "mutation exportContacts",
		"statement page", "statement count", "statement access", "statement write", "statement file", "file", "import", "chunk",
	} {
		if arrived[name] == 0 {
			c.t.Errorf("no span is called %q, of %v", name, arrived)
		}
	}
	if linked == 0 {
		c.t.Error("no file is linked to its order")
	}
	c.t.Logf("%d bytes of spans searched: %v", len(c.collector.Sent()), arrived)
}

// TestCanary_IsFoundNowhereOutsideTheDatabase sends numbers, addresses, texts and keys through every door, breaks the
// database meanwhile, and looks for them in all that is left behind.
func TestCanary_IsFoundNowhereOutsideTheDatabase(t *testing.T) {
	t.Parallel()
	c := newCage(t)
	for _, step := range []func(){c.imports, c.records, c.reads, c.addresses, c.strangers, c.sockets, c.orders, c.hears, c.faults} {
		step()
	}
	_, metrics := c.server.get("/metrics")
	c.search("/metrics", []byte(metrics))
	if !strings.Contains(metrics, `route="/graphql"`) {
		t.Error("the metrics tell nothing at all")
	}
	if status := c.server.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("the server ends with status %d", status)
	}
	c.spans()
	log := c.server.out.String()
	c.search("the log", []byte(log))
	c.search("what commands printed", []byte(c.printed.String()))
	if lines := strings.Count(log, `"msg":"request"`); lines < c.sent/2 {
		t.Errorf("%d requests in the log of %d", lines, c.sent)
	}
	searched, tables := c.files(c.data)
	if tables == 0 {
		t.Error("no canary in the database: the test looks for the wrong thing")
	}
	temporary, _ := c.files(c.temp)
	postgres, err := os.ReadFile(filepath.Join(c.data, "postgres.log"))
	if err != nil || !strings.Contains(string(postgres), "terminated by signal 9") {
		t.Errorf("PostgreSQL's log does not tell of the process that was killed (%v)", err)
	}
	t.Logf("%d requests; %d lines of log, %d of PostgreSQL's, %d of metrics, %d files and %d temporary ones searched; canaries in %d files of tables",
		c.sent, strings.Count(log, "\n"), strings.Count(string(postgres), "\n"), strings.Count(metrics, "\n"), searched, temporary, tables)
}

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// all counts the contacts of the last four months and of the days that follow.
func (p *process) all() int {
	p.t.Helper()
	total, now := 0, time.Now()
	for from := now.AddDate(0, 0, -140); from.Before(now.AddDate(0, 0, 28)); from = from.AddDate(0, 0, 28) {
		total += p.count(from, from.AddDate(0, 0, 27))
	}
	return total
}

func TestDemo_FillsOnceAndStartsWarm(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)

	cold := serving(t, directory, "demo")
	if n := cold.all(); n != demoContacts {
		t.Errorf("%d contacts after the first start, want %d", n, demoContacts)
	}
	for path, want := range map[string]string{
		"/healthz": "alive", "/readyz": "ready", "/graphiql": "<html", "/": "<html",
		"/schema.graphql": "type Contact implements Node", "/metrics": "kontakty_http_request_duration_seconds_bucket",
	} {
		if status, body := cold.get(path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: status %d, without %q", path, status, want)
		}
	}
	if !strings.Contains(cold.out.String(), cold.url+"/graphiql") {
		t.Error("the address of GraphiQL is not printed")
	}
	if status := cold.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("status %d after SIGTERM, want 0", status)
	}

	var traces atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { traces.Add(1) }))
	defer collector.Close()
	warm := servingAs(t, func(command *exec.Cmd) {
		command.Env = append(command.Env, "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL)
	}, directory, "demo")
	if n := warm.all(); n != demoContacts {
		t.Errorf("%d contacts after the second start, want %d", n, demoContacts)
	}
	if strings.Contains(warm.out.String(), fillingNotice) {
		t.Error("the second start fills again")
	}
	if status := warm.stop(syscall.SIGINT); status != statusOK {
		t.Errorf("status %d after SIGINT, want 0", status)
	}
	if traces.Load() == 0 {
		t.Error("the collector is sent no traces")
	}
	t.Logf("cold start %.2f s, warm start %.2f s", cold.answered.Seconds(), warm.answered.Seconds())
}

// Every recording of an invented call is heard: as long as it says, from its middle too, and nobody is silent.
func TestDemo_Speaks(t *testing.T) {
	t.Parallel()
	demo := serving(t, dataDir(t), "demo")
	now := time.Now()
	filter := rangeFilter(now.AddDate(0, 0, -7).Format(time.DateOnly), now.Format(time.DateOnly))
	filter["types"], filter["statuses"] = []string{"OUTBOUND_CALL"}, []string{"ANSWERED"}
	var answer struct {
		Contacts struct {
			Nodes []struct {
				Recordings []struct {
					State, URL string
					Seconds    *int
					SizeBytes  int64
					Peaks      []struct{ Smallest, Largest []int }
				}
			}
		}
	}
	demo.ask(`query($filter: ContactFilter!) { contacts(filter: $filter, first: 5) { nodes { recordings { state url seconds sizeBytes
		peaks(buckets: 10) { smallest largest } } } } }`,
		map[string]any{"filter": filter}, &answer)
	heard := 0
	for _, contact := range answer.Contacts.Nodes {
		for _, recording := range contact.Recordings {
			if recording.State != "AVAILABLE" || recording.Seconds != nil && recording.SizeBytes != 44+int64(*recording.Seconds)*32_000 || len(recording.Peaks) != 2 {
				t.Fatalf("a recording of the demo: %+v", recording)
			}
			if agent := recording.Peaks[0]; slices.Max(agent.Largest) < 20 || slices.Min(agent.Smallest) > -20 {
				t.Errorf("the agent of %d bytes is silent: %v", recording.SizeBytes, agent)
			}
			half := fmt.Sprintf("bytes=%d-", recording.SizeBytes/2)
			address := recording.URL
			if !strings.HasPrefix(address, "http") {
				address = demo.url + address
			}
			response := send(t, "", http.MethodGet, address, http.Header{"Range": {half}}, nil)
			n, err := io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if err != nil || response.StatusCode != http.StatusPartialContent || n != recording.SizeBytes-recording.SizeBytes/2 {
				t.Errorf("from the middle: status %d, %d bytes of %d, %v", response.StatusCode, n, recording.SizeBytes, err)
			}
			heard++
		}
	}
	if heard == 0 {
		t.Error("none of the last contacts has a recording")
	}
}

func TestDemo_IsWholeAfterAKillWhileFilling(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	for range 2 {
		killed := launch(t, nil, "demo", "--data-dir", directory, "--listen", "127.0.0.1:0")
		killed.waitFor(regexp.MustCompile(fillingNotice))
		killed.stop(syscall.SIGKILL)
	}
	demo := serving(t, directory, "demo")
	if n := demo.all(); n != demoContacts {
		t.Errorf("%d contacts, want %d", n, demoContacts)
	}
	demo.stop(syscall.SIGKILL)
	again := serving(t, directory, "demo")
	if n := again.all(); n != demoContacts {
		t.Errorf("%d contacts after a kill -9 while serving, want %d", n, demoContacts)
	}
	if strings.Contains(again.out.String(), fillingNotice) {
		t.Error("the start after a kill -9 fills again")
	}
}

func TestDemo_MixesNothingIntoOwnContacts(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	mustRun(t, "import", "--data-dir", directory, writeFile(t, "own.ndjson", ownContact(1)))
	demo := serving(t, directory, "demo")
	if n := demo.all(); n != 0 {
		t.Errorf("%d invented contacts beside one's own", n)
	}
}

// Root hands the private PostgreSQL to an ordinary user; an ordinary user keeps it. Whoever runs the tests sees one of
// the two in all others.
func TestDemo_RunsAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	directory, err := os.MkdirTemp("", "kontakty-user-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) })
	adjust := func(command *exec.Cmd) {}
	if os.Geteuid() == 0 {
		const nobody = 65534
		if err := os.Chown(directory, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		adjust = func(command *exec.Cmd) {
			command.Dir = directory
			command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
			command.Env = append(command.Env, "HOME="+directory, "TMPDIR="+os.TempDir())
		}
	}
	demo := servingAs(t, adjust, filepath.Join(directory, "data"), "demo")
	if n := demo.all(); n != demoContacts {
		t.Errorf("%d contacts, want %d", n, demoContacts)
	}
	if status := demo.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("status %d after SIGTERM, want 0", status)
	}
}

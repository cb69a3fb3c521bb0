package main

import (
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/telephony/asterisk/exchangetest"
)

// writeRecorded writes the rows of a recorded call into the table of an exchange in Warsaw.
func writeRecorded(t *testing.T, x *exchangetest.Exchange, call string) {
	t.Helper()
	file, err := os.Open(filepath.Join(recordedCalls, call, "cel.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	x.Write(t, zone, rows...)
}

// TestREADME_FollowsAFreePBXInFourLines runs the lines of the README as they stand there, but for the address and the password.
func TestREADME_FollowsAFreePBXInFourLines(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	x.Configure(t)
	writeRecorded(t, x, "s05")
	content, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(content), "### Follow your FreePBX\n")
	_, block, _ := strings.Cut(section, "```text\n")
	block, _, _ = strings.Cut(block, "```")
	lines := strings.Split(strings.TrimSpace(strings.NewReplacer("10.0.0.5", x.Host, "…", "geheim").Replace(block)), "\n")
	if len(lines) != 4 {
		t.Fatalf("the README follows a FreePBX in %d lines:\n%s", len(lines), block)
	}
	grant := regexp.MustCompile(`^mysql -e "(.*)"$`).FindStringSubmatch(lines[0])
	if grant == nil {
		t.Fatalf("the first line gives no rights: %s", lines[0])
	}
	if _, err := x.ExecContext(t.Context(), "DROP USER kontakty; "+grant[1]); err != nil {
		t.Fatal(err)
	}
	place, directory := t.TempDir(), dataDir(t)
	if err := os.WriteFile(filepath.Join(place, "pbx1.pass"), []byte("geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(line string, more ...string) *process {
		there := func(command *exec.Cmd) { command.Dir = place }
		return launch(t, there, append(strings.Fields(strings.TrimPrefix(line, "kontakty ")), more...)...)
	}
	ended := func(p *process) string {
		if status := p.wait(); status != statusOK {
			t.Errorf("status %d", status)
		}
		return p.out.String()
	}
	if out := ended(run(lines[1])); !strings.Contains(out, "agents: 1, by FreePBX's own tables") || !strings.Contains(out, "pbx1.json is written") {
		t.Errorf("draft says\n%s", out)
	}
	if out := ended(run(lines[2])); !strings.Contains(out, "1 calls: 2 contacts recorded") {
		t.Errorf("check says\n%s", out)
	}
	follower := run(lines[3], "--data-dir", directory)
	follower.waitFor(regexp.MustCompile(`pbx1: caught up after \d+ rows; following`))
	if status := follower.stop(syscall.SIGINT); status != statusOK || !strings.Contains(follower.out.String(), "1 calls: 2 contacts recorded") {
		t.Errorf("follow ends with status %d\n%s", status, follower.out)
	}
}

// TestServe_FollowsATelephoneSystem has a server take calls in while they run, and say how far behind it is.
func TestServe_FollowsATelephoneSystem(t *testing.T) {
	t.Parallel()
	x := exchangetest.Start(t)
	directory := dataDir(t)
	good := writeFile(t, "pbx1.json", `{"name": "pbx1", "kind": "freepbx", "databaseUrl": "`+x.Address+`", "trunks": ["~^siptrunk"], "pollEvery": "100ms"}`)
	bad := writeFile(t, "pbx2.json", `{"name": "pbx2", "kind": "freepbx", "databaseUrl": "`+x.Address+`", "timeZone": "UTC", "pollEvery": "100ms"}`)
	config := writeFile(t, "kontakty.json", `{"follow": true, "source-file": ["`+good+`", "`+bad+`"]}`)
	server := serving(t, directory, "serve", "--config", config)
	writeRecorded(t, x, "s02")
	day := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	for deadline := time.Now().Add(patience); server.count(day, day) != 1; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the call does not come in:\n%s", server.out)
		}
	}
	server.waitFor(regexp.MustCompile(`a telephone system is not followed any more.*pbx2.*offset of 1h0m0s`))
	for deadline := time.Now().Add(patience); !strings.Contains(metricsOf(t, server), `kontakty_source_lag_seconds{source="pbx1"}`); time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			t.Fatal("the metrics do not tell of the source")
		}
	}
	if status := server.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("it ends with status %d\n%s", status, server.out)
	}
	status, _, errs := command(t, nil, "serve", "--data-dir", directory, "--follow")
	if status != statusWrong || !strings.Contains(errs, "no source file is named") {
		t.Errorf("status %d: %s", status, errs)
	}
}

func metricsOf(t *testing.T, server *process) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.url+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+server.key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/sample"
)

// site is an installation of real processes: a server that leaves files to workers, and workers.
type site struct {
	t         *testing.T
	url, data string // of the database; empty is the private one of the data directory
	key       string // an administrator's
	pool      *pgxpool.Pool
	changes   *pgx.Conn // hears of every change of a download
	bucket    string
	temp      string
	api       *process
	contacts  int
}

// newSite makes an installation over a database of its own that holds so many invented contacts.
func newSite(t *testing.T, contacts int) *site {
	t.Helper()
	database := pgtest.New(t)
	options := sample.Config{Contacts: contacts, Months: 2, Seed: 5, Until: time.Now()}
	if _, err := sample.Load(t.Context(), database.Pool, options, nil); err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	s := &site{
		t: t, url: database.URL, key: allowed(t, database.Pool), pool: database.Pool.Pool, contacts: contacts, data: filepath.Join(directory, "data"),
		bucket: filepath.Join(directory, "bucket"), temp: filepath.Join(directory, "temp"),
	}
	for _, made := range []string{s.bucket, s.temp} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.serve()
	return s
}

// serve starts the server, which makes no files, and listens for changes.
func (s *site) serve() {
	s.t.Helper()
	s.api = launch(s.t, s.environment, append(s.arguments("serve", unhurried...), "--no-worker", "--listen", "127.0.0.1:0", "--files-per-person", "100")...)
	s.api.waitFor(apiAddress)
	s.api.key = s.key
	s.api.url = apiAddress.FindStringSubmatch(s.api.out.String())[1]
	s.listen()
}

// listen hears of changes from now on.
func (s *site) listen() {
	s.t.Helper()
	changes, err := pgx.Connect(s.t.Context(), s.pool.Config().ConnString())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = changes.Close(context.Background()) })
	if _, err := changes.Exec(s.t.Context(), "LISTEN download_updated"); err != nil {
		s.t.Fatal(err)
	}
	s.changes = changes
}

// arguments are a command on this installation.
func (s *site) arguments(command string, more ...string) []string {
	args := []string{command, "--data-dir", s.data, "--files-url", "file://" + s.bucket}
	if s.url != "" {
		args = append(args, "--database-url", s.url)
	}
	return append(args, more...)
}

func (s *site) environment(command *exec.Cmd) { command.Env = append(command.Env, "TMPDIR="+s.temp) }

var makesFiles = regexp.MustCompile(`Kontakty makes files`)

// worker starts a worker.
func (s *site) worker() *process {
	s.t.Helper()
	p := launch(s.t, s.environment, s.arguments("worker")...)
	p.waitFor(makesFiles)
	return p
}

// stagedWorker starts a worker to which something happens at a stage of a file.
func (s *site) stagedWorker(what, stage string) *process {
	s.t.Helper()
	program, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	p := launchProgram(s.t, program, func(command *exec.Cmd) {
		s.environment(command)
		command.Env = append(command.Env, stageVariable+"="+what+" "+stage)
	}, s.arguments("worker")...)
	s.t.Cleanup(func() { p.signal(syscall.SIGCONT) }) // so that it can be ended
	p.waitFor(makesFiles)
	return p
}

// stageVariable in its environment makes the test binary a worker instead of a run of tests.
const stageVariable = "KONTAKTY_TEST_STAGE"

// runStaged is the worker command with something that happens to it.
func runStaged(stage string, args []string) int {
	ctx, stop := untilSignalled(context.Background())
	defer stop()
	var wrong flags.Faults
	term := terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	selected, err := parseLine(args, term, &wrong)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return statusWrong
	}
	command := selected.(*workerCommand)
	what, where, _ := strings.Cut(stage, " ")
	happened := false
	command.stage = func(at string) {
		if happened || at != where {
			return
		}
		happened = true
		fmt.Println("stage:", at)
		// Another thread may be the one that takes the signal: this one must not go on until all are stopped.
		switch what {
		case "kill":
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		case "stop":
			_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
			time.Sleep(200 * time.Millisecond)
		}
	}
	if command.check(&wrong); len(wrong) > 0 {
		wrong.Print(term.err)
		return statusWrong
	}
	if err := command.run(ctx, term); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return statusFailed
	}
	return statusOK
}

// waitUntilStopped waits until a process does nothing any more, but is there.
func (p *process) waitUntilStopped() {
	p.t.Helper()
	late := time.After(patience)
	for again := time.Tick(20 * time.Millisecond); ; {
		if stopped(p.t, p.command.Process.Pid) {
			return
		}
		select {
		case <-again:
		case <-late:
			p.t.Fatalf("it is not stopped:\n%s", p.out)
		}
	}
}

// stopped asks the kernel where it can, and ps elsewhere.
func stopped(t *testing.T, pid int) bool {
	t.Helper()
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		_, state, _ := strings.Cut(string(stat), ") ") // the name before it can hold anything
		return strings.HasPrefix(state, "T")
	}
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		t.Fatalf("ps: %v", err)
	}
	return strings.HasPrefix(strings.TrimSpace(string(state)), "T")
}

// filter finds every contact of the installation.
func (s *site) filter() map[string]any {
	now := time.Now()
	return rangeFilter(now.AddDate(0, 0, -70).Format(time.DateOnly), now.AddDate(0, 0, 1).Format(time.DateOnly))
}

// order orders a file of every contact and gives its opaque id and its number.
func (s *site) order(kind string) (node string, id int64) {
	s.t.Helper()
	node = s.orderOf(map[string]any{"filter": s.filter(), "kind": kind})
	if err := s.pool.QueryRow(s.t.Context(), "SELECT max(id) FROM downloads").Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return node, id
}

func (s *site) orderOf(input map[string]any) (node string) {
	s.t.Helper()
	var answer struct {
		ExportContacts struct{ Download struct{ ID string } }
	}
	s.api.ask(`mutation($input: ExportContactsInput!) { exportContacts(input: $input) { download { id } } }`, map[string]any{"input": input}, &answer)
	return answer.ExportContacts.Download.ID
}

// table is what a file says of the contacts: the sheet as it is, and its lines.
type table struct {
	digest string
	lines  int
}

// fetch fetches a file as a user does, and reads all of it: its size and SHA-256 are what the API says, and every part
// of the package is sound.
func (s *site) fetch(node string) table {
	s.t.Helper()
	content := s.download(node)
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		s.t.Fatal(err)
	}
	var found table
	for _, part := range archive.File {
		opened, err := part.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		text, err := io.ReadAll(opened) // the end compares the checksum
		if err != nil {
			s.t.Fatalf("%s: %v", part.Name, err)
		}
		if part.Name == "xl/worksheets/sheet1.xml" {
			sum := sha256.Sum256(text)
			found = table{digest: hex.EncodeToString(sum[:]), lines: bytes.Count(text, []byte("<row ")) - 1}
		}
	}
	return found
}

func (s *site) download(node string) []byte {
	s.t.Helper()
	var answer struct {
		Download struct {
			State     string
			URL       *string
			SizeBytes int
			SHA256    string
		}
	}
	s.api.ask(`query($id: ID!) { download(id: $id) { state url sizeBytes sha256 } }`, map[string]any{"id": node}, &answer)
	if answer.Download.URL == nil {
		s.t.Fatalf("the download is %s and has no address", answer.Download.State)
	}
	status, body := s.api.get(*answer.Download.URL)
	sum := sha256.Sum256([]byte(body))
	if status != http.StatusOK || len(body) != answer.Download.SizeBytes || hex.EncodeToString(sum[:]) != answer.Download.SHA256 {
		s.t.Fatalf("status %d, %d bytes, SHA-256 %x, and the API says %+v", status, len(body), sum, answer.Download)
	}
	return []byte(body)
}

// reference makes a file undisturbed, which every later one must equal, and says how long that took.
func (s *site) reference() (table, time.Duration) {
	s.t.Helper()
	worker := s.worker()
	node, id := s.order("SIMPLE")
	s.await(id, "RUNNING", func(row standing) bool { return row.State != "QUEUED" })
	begun := time.Now()
	if row := s.awaitFinal(id); row.State != "READY" {
		s.t.Fatalf("undisturbed, the download ends %s", row.State)
	}
	took := time.Since(begun)
	found := s.fetch(node)
	if found.lines != s.contacts {
		s.t.Fatalf("undisturbed, the file has %d lines, want %d", found.lines, s.contacts)
	}
	if status := worker.stop(syscall.SIGTERM); status != statusOK {
		s.t.Fatalf("a worker without work ends with status %d", status)
	}
	return found, took
}

// nothingOrphaned waits until the bucket holds the files of the READY downloads and nothing else, which a running worker
// sees to, and asks fsck.
func (s *site) nothingOrphaned() {
	s.t.Helper()
	rows, err := s.pool.Query(s.t.Context(), "SELECT blob_key FROM downloads WHERE state = 'READY' ORDER BY 1")
	if err != nil {
		s.t.Fatal(err)
	}
	want, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(want)
	late := time.After(time.Minute)
	for again := time.Tick(100 * time.Millisecond); !slices.Equal(s.inBucket(), want); {
		select {
		case <-again:
		case <-late:
			s.t.Fatalf("the bucket holds\n%v\nand should\n%v", s.inBucket(), want)
		}
	}
	if left := filesBelow(s.t, s.temp); len(left) > 0 {
		s.t.Errorf("left in the temporary directory: %v", left)
	}
	if status, out, errs := s.fsck(); status != statusOK {
		s.t.Errorf("fsck: status %d\n%s%s", status, out, errs)
	}
}

// inBucket are the names of all files in the bucket, sorted.
func (s *site) inBucket() []string {
	s.t.Helper()
	return filesBelow(s.t, s.bucket)
}

func filesBelow(t *testing.T, directory string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil // removed meanwhile
		}
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(directory, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func (s *site) fsck(more ...string) (status int, out, errs string) {
	s.t.Helper()
	command := exec.CommandContext(s.t.Context(), binary(s.t), s.arguments("fsck", more...)...)
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr, command.Env = &stdout, &stderr, cleanEnvironment()
	s.environment(command)
	if err := command.Run(); err != nil && command.ProcessState == nil {
		s.t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

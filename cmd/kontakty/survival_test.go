package main

import (
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// The nightly run asks for more: go test ./cmd/kontakty -run Survive -kills 200 -filters 200 -timeout 4h.
var (
	kills   = flag.Int("kills", 10, "how often a worker is killed at a random moment")
	filters = flag.Int("filters", 40, "how many random filters are compared with their file")
)

// What the product promises of a file whose worker was killed.
const (
	maxAttempts = 3
	maxPickUp   = 20 * time.Second
)

func TestFiles_SurviveWorkersKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	s := newSite(t, 50_000)
	want, undisturbed := s.reference()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d; undisturbed, a file of %d contacts takes %.1f s", seed, s.contacts, undisturbed.Seconds())

	span := undisturbed // the moments to choose from
	killed, ready, failed := 0, 0, 0
	var slowest, sum time.Duration
	worker := s.worker()
	for killed < *kills {
		node, id := s.order("SIMPLE")
		row := s.await(id, "RUNNING", func(row standing) bool { return row.State != "QUEUED" })
		for left := 1 + random.IntN(maxAttempts); left > 0 && killed < *kills && !row.final(); left-- {
			moment := time.Duration(random.Int64N(int64(span)))
			<-time.After(moment)
			worker.stop(syscall.SIGKILL)
			at := time.Now()
			worker = s.worker()
			hit := row.Attempt
			row = s.await(id, "picked up again", func(row standing) bool { return row.final() || row.Attempt > hit })
			if row.State == "READY" && row.Attempt == hit {
				span -= span / 4 // it was finished before the worker was killed
				break
			}
			took := time.Since(at)
			killed, sum, slowest = killed+1, sum+took, max(slowest, took)
			if took > maxPickUp {
				t.Errorf("download %d, killed %.2f s into attempt %d: looked at again after %.1f s", id, moment.Seconds(), hit, took.Seconds())
			}
		}
		row = s.awaitFinal(id)
		switch {
		case row.Attempt > maxAttempts:
			t.Errorf("download %d was tried %d times", id, row.Attempt)
		case row.State == "FAILED" && row.ErrorCode != "" && row.ErrorPL != "" && row.Attempt == maxAttempts:
			failed++
		case row.State == "READY":
			ready++
			if got := s.fetch(node); got != want {
				t.Errorf("download %d after attempt %d: %+v, want %+v", id, row.Attempt, got, want)
			}
		default:
			t.Errorf("download %d ends %s after attempt %d, %q", id, row.State, row.Attempt, row.ErrorCode)
		}
	}
	s.nothingOrphaned()
	t.Logf("%d workers killed in the middle of a file: %d files READY and whole, %d FAILED after %d tries; picked up again after %.1f s on average, %.1f s at most",
		killed, ready, failed, maxAttempts, sum.Seconds()/float64(max(killed, 1)), slowest.Seconds())
}

func TestFiles_SurviveAWorkerKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	s := newSite(t, 50_000)
	want, _ := s.reference()
	for _, stage := range []string{export.StageCreate, export.StageMiddle, export.StageClose, export.StagePublish, export.StageCommit} {
		staged := s.stagedWorker("kill", stage)
		node, id := s.order("SIMPLE")
		if status := staged.wait(); status != -1 {
			t.Fatalf("%s: the worker was not killed but ended with status %d", stage, status)
		}
		at := time.Now()
		wantAttempt := 2
		if stage == export.StageCommit {
			wantAttempt = 1 // all was done
		}
		worker := s.worker()
		s.await(id, "picked up again", func(row standing) bool { return row.Attempt == wantAttempt })
		pickedUp := time.Since(at)
		row := s.awaitFinal(id)
		if row.State != "READY" || row.Attempt != wantAttempt || pickedUp > maxPickUp {
			t.Errorf("%s: %s after attempt %d, picked up again after %.1f s", stage, row.State, row.Attempt, pickedUp.Seconds())
		} else if got := s.fetch(node); got != want {
			t.Errorf("%s: %+v, want %+v", stage, got, want)
		}
		s.nothingOrphaned()
		if status := worker.stop(syscall.SIGTERM); status != statusOK {
			t.Errorf("%s: the next worker ends with status %d", stage, status)
		}
		t.Logf("killed at %s: READY after attempt %d, picked up again after %.1f s", stage, row.Attempt, pickedUp.Seconds())
	}
}

func TestFiles_SurviveAWorkerThatSleepsPastItsLease(t *testing.T) {
	t.Parallel()
	s := newSite(t, 20_000)
	want, _ := s.reference()
	for _, stage := range []string{export.StageMiddle, export.StagePublish} {
		late := s.stagedWorker("stop", stage)
		node, id := s.order("SIMPLE")
		late.waitUntilStopped()
		slept := time.Now()
		other := s.worker()
		row := s.awaitFinal(id)
		if row.State != "READY" || row.Attempt != 2 {
			t.Fatalf("%s: the other worker ends it %s after attempt %d", stage, row.State, row.Attempt)
		}
		late.signal(syscall.SIGCONT)
		if status := late.stop(syscall.SIGTERM); status != statusOK {
			t.Errorf("%s: the late worker ends with status %d", stage, status)
		}
		asleep := time.Since(slept)
		if after := s.stands(id); after.Whole != row.Whole {
			t.Errorf("%s: the late worker changed the download:\n%s\nwas\n%s", stage, after.Whole, row.Whole)
		}
		if got := s.fetch(node); got != want {
			t.Errorf("%s: %+v, want %+v", stage, got, want)
		}
		s.nothingOrphaned()
		other.stop(syscall.SIGTERM)
		t.Logf("asleep at %s for %.1f s: one file, of attempt %d; the late worker published nothing", stage, asleep.Seconds(), row.Attempt)
	}
}

func TestFiles_SurviveARestartOfPostgreSQL(t *testing.T) {
	t.Parallel()
	s := newPrivateSite(t, 50_000)
	want, _ := s.reference()

	worker := s.stagedWorker("stop", export.StageMiddle)
	node, id := s.order("SIMPLE")
	worker.waitUntilStopped()
	at := time.Now()
	restartPostgreSQL(t, filepath.Join(s.data, "postgres"))
	s.listen()
	down := time.Since(at)
	worker.signal(syscall.SIGCONT)
	row := s.awaitFinal(id)
	if row.State != "READY" || row.Attempt < 2 || row.Attempt > maxAttempts {
		t.Fatalf("%s after attempt %d, want READY after the second or third", row.State, row.Attempt)
	}
	took := time.Since(at)
	if got := s.fetch(node); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	s.nothingOrphaned()
	if status := worker.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("the worker ends with status %d", status)
	}
	t.Logf("PostgreSQL stopped at once and started again in %.1f s: READY after attempt %d, %.1f s after it was stopped", down.Seconds(), row.Attempt, took.Seconds())
}

// newPrivateSite makes an installation over a private PostgreSQL.
func newPrivateSite(t *testing.T, contacts int) *site {
	t.Helper()
	directory := t.TempDir()
	// The owner of the cluster, whose pg_ctl this test runs, must get there.
	if err := os.Chmod(filepath.Dir(directory), 0o711); err != nil {
		t.Fatal(err)
	}
	s := &site{
		t: t, contacts: contacts, data: filepath.Join(directory, "data"),
		bucket: filepath.Join(directory, "bucket"), temp: filepath.Join(directory, "temp"),
	}
	for _, made := range []string{s.bucket, s.temp} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	server, err := embedded.Start(t.Context(), embedded.Config{DataDir: s.data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
	mustRun(t, "migrate", "up", "--data-dir", s.data)
	mustRun(t, "seed", "--contacts", strconv.Itoa(contacts), "--months", "2", "--data-dir", s.data)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s.pool, s.key = pool.Pool, allowed(t, pool)
	s.serve()
	return s
}

// restartPostgreSQL does what an administrator's pg_ctl restart -m immediate does, as the user whose cluster it is.
func restartPostgreSQL(t *testing.T, cluster string) {
	t.Helper()
	options, err := os.ReadFile(filepath.Join(cluster, "postmaster.opts"))
	if err != nil {
		t.Fatal(err)
	}
	program, _, _ := strings.Cut(string(options), " ")
	info, err := os.Stat(cluster)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(program), "pg_ctl"), "restart", "-m", "immediate", "-w", "-D", cluster)
	command.Dir = "/"
	if owner := info.Sys().(*syscall.Stat_t); os.Geteuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	// A file and no pipe: the server keeps it open.
	said, err := os.Create(filepath.Join(t.TempDir(), "pg_ctl.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	command.Stdout, command.Stderr = said, said
	if err := command.Run(); err != nil {
		text, _ := os.ReadFile(said.Name())
		t.Fatalf("pg_ctl restart: %v\n%s", err, text)
	}
}

func TestFiles_SurviveAnOrderlyStopOfTheirWorker(t *testing.T) {
	t.Parallel()
	s := newSite(t, 50_000)
	want, _ := s.reference()
	next := s.worker()
	next.signal(syscall.SIGSTOP) // so that it does not take the order itself
	t.Cleanup(func() { next.signal(syscall.SIGCONT) })
	stopped := s.stagedWorker("stop", export.StageMiddle)
	node, id := s.order("SIMPLE")
	stopped.waitUntilStopped()
	next.signal(syscall.SIGCONT)

	at := time.Now()
	stopped.signal(syscall.SIGTERM)
	stopped.signal(syscall.SIGCONT)
	s.await(id, "taken over", func(row standing) bool { return row.final() || row.Attempt == 2 })
	takenOver := time.Since(at)
	if status := stopped.wait(); status != statusOK {
		t.Errorf("the stopped worker ends with status %d", status)
	}
	row := s.awaitFinal(id)
	if row.State != "READY" || row.Attempt != 2 || row.Handovers != 1 {
		t.Errorf("%s after attempt %d with %d handed over, want READY, 2, 1", row.State, row.Attempt, row.Handovers)
	}
	if got := s.fetch(node); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	s.nothingOrphaned()
	t.Logf("SIGTERM in the middle of a file: exit 0, taken over by the next worker after %.1f s", takenOver.Seconds())
}

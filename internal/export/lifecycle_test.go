package export

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestOrder_WaitsWithItsResolvedFilterAndOneJob(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	preset := contact.PreviousMonth
	download := s.order(t, contact.Filter{Period: contact.Period{Preset: &preset}, Types: []contact.Type{contact.Chat}}, "", "")
	equal(t, "state", download.State, Queued)
	equal(t, "kind", download.Kind, workbook.Simple)
	equal(t, "locale", download.Locale, fault.Polish)
	equal(t, "period", download.ResolvedPeriod, report.ResolvedPeriod{From: "2024-03-01", To: "2024-03-31", TimeZone: "Europe/Warsaw"})
	equal(t, "resolved period", *download.Filter.Period.Range, contact.Range{From: "2024-03-01", To: "2024-03-31"})
	equal(t, "resolved zone", *download.Filter.TimeZone, "Europe/Warsaw")
	equal(t, "types", download.Filter.Types[0], contact.Chat)
	equal(t, "orderer", download.OrderedBy, "local")
	equal(t, "moment", download.OrderedAt.Equal(now), true)
	if download.Filter.Period.Preset != nil || download.URL() != nil || download.FileName != nil || download.Failure() != nil || download.StartedAt != nil {
		t.Errorf("a waiting download shows more than it has: %+v", download)
	}
	equal(t, "jobs", s.number(t, `SELECT count(*) FROM river_job j JOIN downloads d ON d.job_id = j.id WHERE j.kind = 'download_file'`), 1)
}

func TestOrder_IsRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	long := strings.Repeat("x", 201)
	for _, c := range []struct {
		input OrderInput
		code  fault.Code
		field string
	}{
		{OrderInput{}, fault.InvalidPeriod, "filter.period"},
		{OrderInput{Filter: contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-01-01", To: "2024-04-01"}}}}, fault.PeriodTooLong, "filter.period"},
		{OrderInput{Filter: contact.Filter{Period: workbooktest.March().Period, AgentIDs: []string{relay.EncodeID(relay.AgentKind, 99)}}}, fault.UnknownID, "filter.agentIds"},
		{OrderInput{Filter: workbooktest.March(), ClientMutationID: &long}, fault.InvalidText, "clientMutationId"},
	} {
		_, err := s.downloads.Order(t.Context(), operator, c.input)
		equal(t, "code", fault.CodeOf(err), c.code)
		if err == nil || !strings.HasPrefix(err.Error(), c.field) {
			t.Errorf("the error is %v, want one of %s", err, c.field)
		}
	}
	equal(t, "downloads", s.number(t, `SELECT count(*) FROM downloads`), 0)
	equal(t, "jobs", s.number(t, `SELECT count(*) FROM river_job`), 0)
}

func TestWorker_LeavesNothingWhenCancelledInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 9000)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var half []string
	s.reading.set("FETCH", 3, func(context.Context) { half = s.kept(t); cancel() })
	if err := s.worker.make(ctx, download.ID); err == nil {
		t.Fatal("a worker that was stopped says it is done")
	}
	equal(t, "files while it was written", len(half), 1)
	if strings.HasSuffix(half[0], ".xlsx") {
		t.Errorf("%s can be seen before it is whole", half[0])
	}
	equal(t, "files left behind", len(s.kept(t)), 0)
	stopped := s.look(t, download)
	equal(t, "state", stopped.State, Queued)
	equal(t, "answer", s.fetch(t, download, nil).Code, http.StatusConflict)
	equal(t, "tries", s.number(t, `SELECT attempt - handovers FROM downloads`), 0)

	must(t, s.worker.make(t.Context(), download.ID))
	finished := s.look(t, download)
	equal(t, "state at last", finished.State, Ready)
	equal(t, "attempt", finished.Attempt, 2)
	equal(t, "contacts", finished.ContactsDone, 9000)
	equal(t, "files", strings.Join(s.kept(t), "|"), fmt.Sprintf("downloads/%d/2.xlsx", download.ID))
}

func TestWorker_PublishesNothingWithoutItsLease(t *testing.T) {
	t.Parallel()
	for name, takeover := range map[string]string{
		"taken over": `UPDATE downloads SET attempt = attempt + 1`,
		"called off": `UPDATE downloads SET state = 'CANCELLED', lease_until = NULL`,
		"removed":    `DELETE FROM downloads`,
		"queued":     `UPDATE downloads SET state = 'QUEUED', lease_until = NULL`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, WorkerConfig{})
			s.fill(t, 100)
			download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
			s.reading.set("FETCH", 1, func(context.Context) { s.exec(t, takeover) })
			must(t, s.worker.make(t.Context(), download.ID))
			equal(t, "ready downloads", s.number(t, `SELECT count(*) FROM downloads WHERE state = 'READY'`), 0)
			equal(t, "files", len(s.kept(t)), 0)
		})
	}
}

func TestLease_EndsTheWorkAtTheNextHeartbeatWhenLost(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	lease, err := claim(t.Context(), s.pool, s.config.Now, download.ID)
	must(t, err)
	s.exec(t, `UPDATE downloads SET attempt = attempt + 1`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lost := false
	lease.keep(ctx, func() { lost = true })
	equal(t, "lost", lost, true)
}

func TestHeartbeat_RenewsTheLeaseAndKeepsTheProgress(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	lease, err := claim(t.Context(), s.pool, s.config.Now, download.ID)
	must(t, err)
	s.exec(t, `UPDATE downloads SET lease_until = clock_timestamp() + interval '1 s'`)
	lease.note(3, 8, 5)
	must(t, lease.renew(t.Context()))
	running := s.look(t, download)
	equal(t, "state", running.State, Running)
	equal(t, "contacts", running.Progress().ContactsDone, 3)
	equal(t, "total", *running.Progress().ContactsTotal, 8)
	equal(t, "lines", running.Progress().LinesWritten, 5)
	equal(t, "seconds left", s.number(t, `SELECT extract(epoch FROM lease_until - clock_timestamp())::int FROM downloads`) > 5, true)
}

func TestClaim_TakesNothingThatIsHeldOrDone(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	held, err := claim(t.Context(), s.pool, s.config.Now, download.ID)
	must(t, err)
	must(t, s.worker.make(t.Context(), download.ID))
	equal(t, "state while held", s.look(t, download).State, Running)
	must(t, held.handOver(t.Context()))

	must(t, s.worker.make(t.Context(), download.ID))
	first := s.look(t, download)
	must(t, s.worker.make(t.Context(), download.ID))
	again := s.look(t, download)
	equal(t, "attempt", again.Attempt, first.Attempt)
	equal(t, "digest", *again.SHA256, *first.SHA256)
	must(t, s.worker.make(t.Context(), download.ID+1))
}

func TestAttempt_IsMadeThreeTimesAndEndsWithASentence(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 100)
	download := s.order(t, workbooktest.March(), workbook.Detailed, fault.Polish)
	s.exec(t, `ALTER TABLE ivr_steps RENAME TO secret_table`)
	for range 2 {
		err := s.worker.make(t.Context(), download.ID)
		if err == nil {
			t.Fatal("a failed try asks for no other")
		}
		leaksNothing(t, err.Error())
		equal(t, "state", s.look(t, download).State, Queued)
		equal(t, "files", len(s.kept(t)), 0)
	}
	must(t, s.worker.make(t.Context(), download.ID))
	failed := s.look(t, download)
	equal(t, "state at last", failed.State, Failed)
	equal(t, "code", failed.Failure().Code, fault.Internal)
	equal(t, "sentence", failed.Failure().Message, fault.New(fault.FileFailed, "").Sentence(fault.Polish))
	equal(t, "sentence in English", failed.Failure().Sentence(fault.English), fault.New(fault.FileFailed, "").Sentence(fault.English))
	leaksNothing(t, failed.Failure().Message)
	equal(t, "files", len(s.kept(t)), 0)
	equal(t, "finished", failed.FinishedAt != nil && failed.FinishedAt.Equal(now), true)

	// What failed is not made again, and what was mended works.
	s.exec(t, `ALTER TABLE secret_table RENAME TO ivr_steps`)
	must(t, s.worker.make(t.Context(), download.ID))
	equal(t, "state after all", s.look(t, download).State, Failed)
	s.made(t, workbooktest.March(), workbook.Detailed, fault.Polish)
}

func leaksNothing(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{"secret_table", "ivr_steps", "SELECT", "SQLSTATE", "/", "relation"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q tells of %q", text, secret)
		}
	}
}

func TestWorker_FailsAFilterThatNamesWhatIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	filter := workbooktest.March()
	filter.AgentIDs = []string{relay.EncodeID(relay.AgentKind, 3)}
	download := s.order(t, filter, workbook.Simple, fault.English)
	s.exec(t, `DELETE FROM agents WHERE id = 3`)
	must(t, s.directory.Refresh(t.Context()))
	must(t, s.worker.make(t.Context(), download.ID))
	failed := s.look(t, download)
	equal(t, "state", failed.State, Failed)
	equal(t, "attempt", failed.Attempt, 1)
	equal(t, "code", failed.Failure().Code, fault.UnknownID)
	equal(t, "sentence", failed.Failure().Message, fault.New(fault.IDUnknown, "").Sentence(fault.English))
}

func TestWorker_FailsTheDownloadIfTheBucketTakesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	must(t, s.downloads.config.Bucket.Close())
	for range 2 {
		if err := s.worker.make(t.Context(), download.ID); err == nil {
			t.Fatal("a failed try asks for no other")
		}
	}
	must(t, s.worker.make(t.Context(), download.ID))
	equal(t, "state", s.look(t, download).State, Failed)
}

func TestSweep_GivesSilentWorkToTheNextWorker(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	jobs := func() int { return s.number(t, `SELECT count(*) FROM river_job WHERE kind = 'download_file'`) }

	sweep := func() { must(t, s.worker.caretaker.sweep(t.Context())) }
	sweep()
	equal(t, "jobs of a download that waits with one", jobs(), 1)

	s.exec(t, `DELETE FROM river_job`)
	sweep()
	equal(t, "jobs of a download that had none", jobs(), 1)

	s.exec(t, `UPDATE river_job SET state = 'running', attempted_at = clock_timestamp()`)
	sweep()
	equal(t, "jobs while a worker is about to claim", jobs(), 1)
	s.exec(t, `UPDATE river_job SET attempted_at = clock_timestamp() - interval '1 minute'`)
	sweep()
	equal(t, "jobs after a worker died before it claimed", jobs(), 2)

	_, err := claim(t.Context(), s.pool, s.config.Now, download.ID)
	must(t, err)
	sweep()
	equal(t, "state while the lease holds", s.look(t, download).State, Running)
	s.exec(t, `UPDATE downloads SET lease_until = clock_timestamp() - interval '1 s'`)
	sweep()
	equal(t, "state after the lease", s.look(t, download).State, Queued)
	equal(t, "jobs after the lease", jobs(), 3)
	must(t, s.worker.make(t.Context(), download.ID))
	equal(t, "state at last", s.look(t, download).State, Ready)
	sweep()
	equal(t, "jobs of a finished download", jobs(), 3)
}

func TestSweep_FailsADownloadWhoseWorkersAllFellSilent(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	for try := 1; try <= 3; try++ {
		lease, err := claim(t.Context(), s.pool, s.config.Now, download.ID)
		must(t, err)
		if lease == nil {
			t.Fatalf("try %d was refused", try)
		}
		// A killed worker leaves its half of a file.
		s.put(t, storage.Key(download.ID, lease.attempt, ".xlsx")+".1.tmp", []byte("half"))
		s.exec(t, `UPDATE downloads SET lease_until = clock_timestamp() - interval '1 s'`)
		if try < 3 {
			must(t, s.worker.caretaker.sweep(t.Context()))
		}
	}
	if lease, err := claim(t.Context(), s.pool, s.config.Now, download.ID); err != nil || lease != nil {
		t.Fatalf("a fourth try was granted (%v)", err)
	}
	must(t, s.worker.caretaker.sweep(t.Context()))
	failed := s.look(t, download)
	equal(t, "state", failed.State, Failed)
	equal(t, "code", failed.Failure().Code, fault.Internal)
	equal(t, "files", len(s.kept(t)), 0)
}

// A lease may run out between two statements of one sweep: what was tried often enough never waits again, as nobody would
// claim it, and what waits so from an earlier version ends.
func TestSweep_LeavesNoDownloadWaitingThatNobodyMayTry(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	exhaust := func(state State) {
		_, err := s.pool.Exec(t.Context(), `UPDATE downloads SET state = $2::download_state, attempt = $3, handovers = 0,
			lease_until = CASE $2 WHEN 'RUNNING' THEN clock_timestamp() - interval '1 second' END WHERE id = $1`, download.ID, string(state), maxTries)
		must(t, err)
	}
	exhaust(Running)
	must(t, s.worker.caretaker.queueAgain(t.Context()))
	equal(t, "state after the last try fell silent", s.look(t, download).State, Running)
	exhaust(Queued)
	must(t, s.worker.caretaker.sweep(t.Context()))
	ended := s.look(t, download)
	equal(t, "state of what waited for nobody", ended.State, Failed)
	equal(t, "code", ended.Failure().Code, fault.Internal)
}

func TestAttempt_RemovesWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	other, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	for _, name := range []string{"1.xlsx", "1.xlsx.abc.tmp"} {
		s.put(t, fmt.Sprintf("downloads/%d/%s", download.ID, name), []byte("half"))
	}
	must(t, s.worker.make(t.Context(), download.ID))
	equal(t, "files", strings.Join(s.kept(t), "|"), fmt.Sprintf("%s|%s", storage.Key(other.ID, 1, ".xlsx"), storage.Key(download.ID, 1, ".xlsx")))
	equal(t, "answer", s.fetch(t, download, nil).Code, http.StatusOK)
}

func TestWorker_SaysNothingWhenStoppedBeforeItClaims(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	var log bytes.Buffer
	s.set(t, func(config *Config) { config.Log = slog.New(slog.NewTextHandler(&log, nil)) }, WorkerConfig{})
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.worker.make(stopped, download.ID); err == nil {
		t.Error("the job counts as done")
	}
	equal(t, "log", log.String(), "")
	equal(t, "state", s.look(t, download).State, Queued)
}

func TestWorker_TellsWhoeverWatchesWhatItMade(t *testing.T) {
	t.Parallel()
	var told []string
	s := newSite(t, WorkerConfig{
		Made: func(_ context.Context, lines int, took time.Duration) {
			if took <= 0 {
				t.Errorf("it took %s", took)
			}
			told = append(told, fmt.Sprintf("%d lines", lines))
		},
		Failed: func(_ context.Context, code fault.Code) { told = append(told, string(code)) },
	})
	s.fill(t, 10)
	s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	equal(t, "told", strings.Join(told, ", "), "10 lines")
	told = nil
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.reading.set("FETCH", 1, func(context.Context) { s.exec(t, "ALTER TABLE records RENAME TO elsewhere") })
	if err := s.worker.make(t.Context(), download.ID); err == nil {
		t.Error("the try counts as done")
	}
	equal(t, "told of a failure", strings.Join(told, ", "), "INTERNAL")
}

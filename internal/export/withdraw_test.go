package export

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestCancel_StopsAFileInWorkAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 9000)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	var stopped time.Duration
	s.reading.set("FETCH", 3, func(ctx context.Context) {
		cancelled, err := s.downloads.Cancel(t.Context(), operator.Principal, download.ID)
		must(t, err)
		equal(t, "state", cancelled.State, Cancelled)
		asked := time.Now()
		<-ctx.Done() // the heartbeat finds out
		stopped = time.Since(asked)
	})
	must(t, s.worker.make(t.Context(), download.ID))
	if stopped > 3*time.Second {
		t.Errorf("the work went on for %s", stopped)
	}
	cancelled := s.look(t, download)
	equal(t, "state at last", cancelled.State, Cancelled)
	equal(t, "finished", cancelled.FinishedAt != nil, true)
	equal(t, "files", len(s.kept(t)), 0)
	equal(t, "answer", s.fetch(t, download, nil).Code, http.StatusGone)
	must(t, s.worker.make(t.Context(), download.ID))
	equal(t, "attempts", s.look(t, download).Attempt, 1)
}

func TestCancel_TakesOnlyWhatIsUnfinished(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	waiting := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	for range 2 {
		cancelled, err := s.downloads.Cancel(t.Context(), operator.Principal, waiting.ID)
		must(t, err)
		equal(t, "state", cancelled.State, Cancelled)
	}
	must(t, s.worker.make(t.Context(), waiting.ID))
	equal(t, "state after its job came", s.look(t, waiting).State, Cancelled)
	ready, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	for _, c := range []struct {
		id   int64
		code fault.Code
	}{{ready.ID, fault.CannotCancel}, {ready.ID + 1, fault.NotFound}} {
		_, err := s.downloads.Cancel(t.Context(), operator.Principal, c.id)
		equal(t, "code", fault.CodeOf(err), c.code)
	}
	equal(t, "answer of the file", s.fetch(t, ready, nil).Code, http.StatusOK)
}

func TestDelete_RemovesTheRowAndTheFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 9000)
	ready, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	must(t, s.downloads.Delete(t.Context(), operator.Principal, ready.ID))
	equal(t, "files", len(s.kept(t)), 0)
	equal(t, "answer", s.fetch(t, ready, nil).Code, http.StatusNotFound)
	equal(t, "once more", fault.CodeOf(s.downloads.Delete(t.Context(), operator.Principal, ready.ID)), fault.NotFound)

	running := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.reading.set("FETCH", 3, func(ctx context.Context) {
		must(t, s.downloads.Delete(t.Context(), operator.Principal, running.ID))
		<-ctx.Done()
	})
	must(t, s.worker.make(t.Context(), running.ID))
	equal(t, "downloads", s.number(t, `SELECT count(*) FROM downloads`), 0)
	equal(t, "files", len(s.kept(t)), 0)
}

func TestFile_ExpiresAndItsRowStays(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	s.set(t, func(config *Config) { config.Expiry = 2 * day }, WorkerConfig{})
	download, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	equal(t, "expiry", download.ExpiresAt.Equal(now.Add(2*day)), true)
	for _, c := range []struct {
		after time.Duration
		state State
		code  int
		files int
	}{{2*day - time.Second, Ready, http.StatusOK, 1}, {2 * day, Expired, http.StatusGone, 0}} {
		moment := now.Add(c.after)
		s.now.Store(&moment)
		must(t, s.worker.caretaker.expire(t.Context()))
		equal(t, "state", s.look(t, download).State, c.state)
		equal(t, "answer", s.fetch(t, download, nil).Code, c.code)
		equal(t, "files", len(s.kept(t)), c.files)
	}
	equal(t, "its name stays", *s.look(t, download).FileName, *download.FileName)
	if s.look(t, download).URL() != nil {
		t.Error("an expired file has an address")
	}
	for _, wrong := range []time.Duration{time.Hour, 31 * day, -day} {
		config := s.config
		config.Expiry = wrong
		if _, err := NewDownloads(s.pool, s.store, s.directory, s.signer, config); err == nil {
			t.Errorf("files may be kept for %s", wrong)
		}
	}
}

func TestTidy_RemovesWhatBelongsToNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	ready, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	running := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	_, err := claim(t.Context(), s.pool, s.config.Now, running.ID)
	must(t, err)
	cancelled := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	_, err = s.downloads.Cancel(t.Context(), operator.Principal, cancelled.ID)
	must(t, err)
	for _, key := range []string{
		storage.Key(ready.ID, 2, ".xlsx"), storage.Key(running.ID, 1, ".xlsx") + ".17a.tmp", storage.Key(running.ID, 7, ".xlsx"), storage.Key(cancelled.ID, 1, ".xlsx"), storage.Key(999, 1, ".xlsx"), "downloads/strange",
	} {
		s.put(t, key, []byte("half"))
	}
	must(t, s.worker.caretaker.tidy(t.Context(), time.Hour))
	equal(t, "files that may yet find an owner", len(s.kept(t)), 7)
	orphans, err := orphansIn(t.Context(), s.config.Bucket, s.pool, 0)
	must(t, err)
	equal(t, "orphans", len(orphans), 5)
	must(t, s.worker.caretaker.tidy(t.Context(), 0))
	equal(t, "files", strings.Join(s.kept(t), "|"), storage.Key(ready.ID, 1, ".xlsx")+"|"+storage.Key(running.ID, 1, ".xlsx")+".17a.tmp")
}

func TestCheck_FindsWhatDisagrees(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	config := CheckConfig{Bucket: s.config.Bucket, TempDir: t.TempDir(), Now: s.config.Now}
	look := func() string {
		findings, err := Check(t.Context(), s.pool, config)
		must(t, err)
		var said []string
		for _, one := range findings.Wrong {
			said = append(said, one.String())
		}
		return strings.Join(said, "|")
	}
	good, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	equal(t, "a system in good health", look(), "")
	key := *good.BlobKey
	content, err := os.ReadFile(filepath.Join(s.bucket, key))
	must(t, err)
	write := func(content []byte) { s.put(t, key, content) }
	of := func(problem Problem, id int64, where string) string {
		return strings.TrimSpace(fmt.Sprintf("%s download=%d %s", problem, id, where))
	}

	content[100]++
	write(content)
	equal(t, "another byte", look(), of(DigestDiffers, good.ID, key))
	write(content[1:])
	equal(t, "a byte less", look(), of(SizeDiffers, good.ID, key))
	must(t, s.config.Bucket.Remove(t.Context(), key))
	equal(t, "no file", look(), of(FileMissing, good.ID, key))
	s.exec(t, `UPDATE downloads SET state = 'EXPIRED' WHERE id = $1`, good.ID)
	equal(t, "an expired one", look(), "")

	waiting := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.exec(t, `DELETE FROM river_job WHERE id = (SELECT job_id FROM downloads WHERE id = $1)`, waiting.ID)
	equal(t, "no job, but not for long", look(), "")
	s.exec(t, `UPDATE downloads SET ordered_at = ordered_at - interval '1 minute' WHERE id = $1`, waiting.ID)
	equal(t, "no job", look(), of(JobMissing, waiting.ID, ""))
	for sql, want := range map[string]string{
		`state = 'RUNNING', lease_until = clock_timestamp() - interval '1 s'`:              "",
		`state = 'RUNNING', lease_until = clock_timestamp() - interval '1 minute'`:         of(LeaseForgotten, waiting.ID, ""),
		`state = 'RUNNING', lease_until = clock_timestamp() + interval '1 minute'`:         of(LeaseTooLong, waiting.ID, ""),
		`state = 'RUNNING', lease_until = clock_timestamp() + interval '1 s', attempt = 4`: of(TriedTooOften, waiting.ID, ""),
	} {
		s.exec(t, `UPDATE downloads SET attempt = 1 WHERE id = $1`, waiting.ID)
		s.exec(t, `UPDATE downloads SET `+sql+` WHERE id = $1`, waiting.ID)
		equal(t, sql, look(), want)
	}
	must(t, s.downloads.Delete(t.Context(), operator.Principal, waiting.ID))
	late, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.exec(t, `UPDATE downloads SET expires_at = $2 WHERE id = $1`, late.ID, now.Add(-time.Minute))
	equal(t, "one that should have expired", look(), of(ExpiryForgotten, late.ID, ""))
}

func TestDownloads_AreWithdrawnInWorkWithoutAFalseAlarm(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 3000)
	var log bytes.Buffer
	s.set(t, func(config *Config) { config.Log = slog.New(slog.NewTextHandler(&log, nil)) }, WorkerConfig{})
	cancel := func(id int64) error {
		_, err := s.downloads.Cancel(t.Context(), operator.Principal, id)
		return err
	}
	remove := func(id int64) error { return s.downloads.Delete(t.Context(), operator.Principal, id) }
	for _, c := range []struct {
		what     string
		withdraw func(id int64) error
		taken    bool // whether the file is taken from under the worker besides, as the next attempt at a silent one's does
	}{{"cancelled", cancel, false}, {"deleted", remove, false}, {"cancelled and taken", cancel, true}, {"deleted and taken", remove, true}} {
		download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
		s.reading.set("FETCH", 2, func(context.Context) {
			must(t, c.withdraw(download.ID))
			equal(t, c.what+": files in work", len(s.kept(t)), 1)
			if c.taken {
				must(t, s.config.Bucket.Clear(t.Context(), download.ID, 0))
			}
		})
		must(t, s.worker.make(t.Context(), download.ID))
		equal(t, c.what+": log", log.String(), "")
		equal(t, c.what+": files", len(s.kept(t)), 0)
	}
}

package export

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestWatcher_HearsTheStateAtOnceAndEveryChangeUntilTheEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 3000)
	s.following(t)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	quick, slow, leaving := s.watching(t, t.Context(), download.ID), s.watching(t, t.Context(), download.ID), context.CancelFunc(nil)
	ctx, leaving := context.WithCancel(t.Context())
	gone := s.watching(t, ctx, download.ID)
	equal(t, "at once", s.next(t, quick).State, Queued)
	equal(t, "at once for the other", s.next(t, gone).State, Queued)
	leaving()
	if s.next(t, gone) != nil {
		t.Error("who left still hears")
	}

	// Another process's work is heard just so: everything comes by way of the database.
	lease, err := claim(t.Context(), s.pool, s.config.Now, download.ID)
	must(t, err)
	equal(t, "after the claim", s.next(t, quick).State, Running)
	lease.note(10, 3000, 10)
	must(t, lease.renew(t.Context()))
	progress := s.next(t, quick).Progress()
	equal(t, "contacts", progress.ContactsDone, 10)
	equal(t, "an estimate", progress.SecondsLeft != nil, true)
	must(t, lease.handOver(t.Context()))
	equal(t, "after it was handed over", s.next(t, quick).State, Queued)

	must(t, s.worker.make(t.Context(), download.ID))
	var last *Download
	for update := s.next(t, quick); update != nil; update = s.next(t, quick) {
		last = update
	}
	equal(t, "at last", last.State, Ready)
	equal(t, "with its address", last.URL() != nil, true)
	if last.Progress().SecondsLeft != nil {
		t.Error("a finished file has time left")
	}
	// Watchers are told one after another, in no certain order, while reading is held.
	s.downloads.watchers.reading.Lock()
	equal(t, "watchers left at the end", len(s.downloads.watchers.all()), 0)
	s.downloads.watchers.reading.Unlock()
	latest := s.next(t, slow)
	equal(t, "the slow one hears the latest", latest.State, Ready)
	if s.next(t, slow) != nil {
		t.Error("something follows the end")
	}
	// Who comes late hears the end at once.
	late := s.watching(t, t.Context(), download.ID)
	equal(t, "late", s.next(t, late).State, Ready)
	if s.next(t, late) != nil {
		t.Error("something follows the end")
	}
	equal(t, "watchers left", len(s.downloads.watchers.all()), 0)
}

func TestWatcher_EndsWhenADownloadIsDeletedAndNeverBeginsForNone(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.following(t)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	updates := s.watching(t, t.Context(), download.ID)
	equal(t, "at once", s.next(t, updates).State, Queued)
	must(t, s.downloads.Delete(t.Context(), operator.Principal, download.ID))
	if s.next(t, updates) != nil {
		t.Error("a deleted download has news")
	}
	_, err := s.downloads.Watch(t.Context(), operator.Principal, download.ID)
	equal(t, "code", fault.CodeOf(err), fault.NotFound)
	equal(t, "watchers left", len(s.downloads.watchers.all()), 0)
}

// following runs Follow until the test ends.
func (s *site) following(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.downloads.Follow(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("following ended with %v", err)
		}
	})
}

func (s *site) watching(t *testing.T, ctx context.Context, id int64) <-chan *Download {
	t.Helper()
	updates, err := s.downloads.Watch(ctx, operator.Principal, id)
	must(t, err)
	return updates
}

// next is the next update, nil after the last.
func (s *site) next(t *testing.T, updates <-chan *Download) *Download {
	t.Helper()
	select {
	case update := <-updates:
		return update
	case <-time.After(30 * time.Second):
		t.Fatal("nothing is heard")
		return nil
	}
}

func TestTimeLeft_GoesByTheRateSoFar(t *testing.T) {
	t.Parallel()
	if secondsLeft(0, 100, time.Second) != nil {
		t.Error("there is an estimate before there is a rate")
	}
	for _, c := range []struct {
		done, total int
		elapsed     time.Duration
		want        int
	}{{50, 100, 10 * time.Second, 10}, {100, 100, time.Minute, 0}, {1, 1_000_000, time.Millisecond, 1000}, {999, 1000, time.Second, 1}} {
		equal(t, "seconds left", *secondsLeft(c.done, c.total, c.elapsed), c.want)
	}
}

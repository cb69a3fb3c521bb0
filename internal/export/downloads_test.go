package export

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestDownloads_AreListedNewestFirstPageByPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	var ids []int64
	for range 7 {
		ids = append([]int64{s.order(t, workbooktest.March(), workbook.Simple, fault.Polish).ID}, ids...)
	}
	s.exec(t, `UPDATE downloads SET state = 'CANCELLED' WHERE id IN ($1, $2)`, ids[1], ids[4])
	for _, c := range []struct {
		states []State
		want   []int64
	}{
		{nil, ids},
		{[]State{Cancelled}, []int64{ids[1], ids[4]}},
		{[]State{Queued, Queued, Ready}, []int64{ids[0], ids[2], ids[3], ids[5], ids[6]}},
		{[]State{Expired}, nil},
	} {
		for _, backward := range []bool{false, true} {
			two := 2
			page := relay.PageArgs{First: &two}
			if backward {
				page = relay.PageArgs{Last: &two}
			}
			var got []int64
			for more := true; more; {
				list, err := s.downloads.List(t.Context(), operator.Principal, c.states, page)
				must(t, err)
				total, err := list.TotalCount(t.Context())
				must(t, err)
				equal(t, "total", total, len(c.want))
				var nodes []int64
				for _, node := range list.Nodes() {
					nodes = append(nodes, node.ID)
				}
				info := list.PageInfo()
				if backward {
					got = append(nodes, got...)
					page.Before, more = info.StartCursor, info.HasPreviousPage
				} else {
					got = append(got, nodes...)
					page.After, more = info.EndCursor, info.HasNextPage
				}
			}
			equal(t, "downloads", len(got), len(c.want))
			for i := range min(len(got), len(c.want)) {
				equal(t, "download", got[i], c.want[i])
			}
		}
	}
}

func TestDownloads_RefuseACursorOfAnotherList(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	list, err := s.downloads.List(t.Context(), operator.Principal, nil, relay.PageArgs{})
	must(t, err)
	cursor := list.Edges()[0].Cursor()
	forged := "x" + cursor
	huge := 1000
	for _, c := range []struct {
		states []State
		page   relay.PageArgs
		code   fault.Code
	}{
		{[]State{Ready}, relay.PageArgs{After: &cursor}, fault.InvalidCursor},
		{nil, relay.PageArgs{Before: &forged}, fault.InvalidCursor},
		{nil, relay.PageArgs{First: &huge}, fault.InvalidPage},
	} {
		_, err := s.downloads.List(t.Context(), operator.Principal, c.states, c.page)
		equal(t, "code", fault.CodeOf(err), c.code)
	}
}

func TestWorker_MakesWhatIsOrderedAndWhatWasOrderedBeforeItCame(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 300)
	before := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	done := s.watch(t)
	must(t, s.worker.Start(t.Context()))
	done(t, before)
	after := s.order(t, workbooktest.March(), workbook.Detailed, fault.English)
	done(t, after)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	must(t, s.worker.Stop(ctx))
	for _, download := range []*Download{before, after} {
		equal(t, "state", s.look(t, download).State, Ready)
	}
}

func TestWorker_HandsItsFileOverWhenItStops(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 9000)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	middle := make(chan struct{})
	s.reading.set("FETCH", 3, func(ctx context.Context) {
		close(middle)
		<-ctx.Done() // until the work is told to stop
	})
	must(t, s.worker.Start(t.Context()))
	<-middle
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	must(t, s.worker.Stop(ctx))
	left := s.look(t, download)
	equal(t, "state", left.State, Queued)
	equal(t, "files", len(s.kept(t)), 0)
	equal(t, "tries", s.number(t, `SELECT attempt - handovers FROM downloads`), 0)

	next, err := NewWorker(s.downloads, WorkerConfig{})
	must(t, err)
	s.worker = next
	done := s.watch(t)
	must(t, next.Start(t.Context()))
	done(t, download)
	equal(t, "state at last", s.look(t, download).State, Ready)
	must(t, next.Stop(ctx))
	equal(t, "files", strings.Join(s.kept(t), "|"), storage.Key(download.ID, 2, ".xlsx"))
}

// watch gives a function that waits until the worker is done with a download. It is called before the worker starts.
func (s *site) watch(t *testing.T) func(*testing.T, *Download) {
	t.Helper()
	events, cancel := s.worker.jobs.Subscribe(river.EventKindJobCompleted)
	t.Cleanup(cancel)
	return func(t *testing.T, download *Download) {
		t.Helper()
		deadline := time.After(30 * time.Second)
		for {
			select {
			case event := <-events:
				if state := s.look(t, download).State; event.Job.Kind == (fileArgs{}).Kind() && state != Queued && state != Running {
					return
				}
			case <-deadline:
				t.Fatalf("the download is still %s", s.look(t, download).State)
			}
		}
	}
}

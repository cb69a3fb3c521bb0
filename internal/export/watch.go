package export

import (
	"context"
	"sync"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
)

// updatedChannel is what the database notifies whenever a row of downloads changes, whoever changed it.
const updatedChannel = "download_updated"

// watchers are those in this process who want to hear of downloads.
type watchers struct {
	// reading is held while rows are read and handed out, so that nobody hears of an earlier state after a later one.
	reading sync.Mutex
	mutex   sync.Mutex
	byID    map[int64]map[*watcher]struct{}
}

// watcher is one who watches a download. Its channel holds the latest state that was not taken yet.
type watcher struct {
	updates chan *Download
	said    *told
}

// told is what of a download tells one update from the next.
type told struct {
	state              State
	counted            bool
	done, total, lines int
	left, attempt      int
}

func toldOf(d *Download) told {
	t := told{state: d.State, done: d.ContactsDone, lines: d.LinesWritten, attempt: d.Attempt}
	if d.ContactsTotal != nil {
		t.counted, t.total = true, *d.ContactsTotal
	}
	if d.SecondsLeft != nil {
		t.left = 1 + *d.SecondsLeft
	}
	return t
}

// Watch gives the present state of a download at once and then every change of it. Who reads slowly misses states in
// between, never the latest one. The channel is closed after a final state, when the download is deleted, and when
// the context ends. Changes are heard while Follow runs. Errors: NOT_FOUND.
func (d *Downloads) Watch(ctx context.Context, by access.Principal, id int64) (<-chan *Download, error) {
	w := &watcher{updates: make(chan *Download, 1)}
	if _, err := d.get(ctx, by, id); err != nil {
		return nil, err
	}
	d.watchers.add(id, w)
	found, err := d.tell(ctx, []int64{id})
	if err == nil && !found[id] {
		err = fault.New(fault.NothingThere, "")
	}
	if err != nil {
		d.watchers.remove(id, w)
		return nil, err
	}
	context.AfterFunc(ctx, func() { d.watchers.remove(id, w) })
	return w.updates, nil
}

// Follow listens for changes of downloads and tells the watchers, until the context ends; it returns the context's
// error. One a process is enough, and without one Watch hears nothing.
func (d *Downloads) Follow(ctx context.Context) error {
	// A notification can be lost with its connection, so each is taken to say only that something changed.
	return postgres.Listen(ctx, d.pool, updatedChannel, func(ctx context.Context) error {
		ids := d.watchers.watched()
		if len(ids) == 0 {
			return nil
		}
		_, err := d.tell(ctx, ids)
		return err
	})
}

// tell reads downloads, tells those who watch them, and says which exist.
func (d *Downloads) tell(ctx context.Context, ids []int64) (map[int64]bool, error) {
	d.watchers.reading.Lock()
	defer d.watchers.reading.Unlock()
	found, err := d.Find(ctx, access.Operator(), ids)
	if err != nil {
		return nil, err
	}
	exist := make(map[int64]bool, len(found))
	for _, id := range ids {
		exist[id] = found[id] != nil
		d.watchers.tell(id, found[id])
	}
	return exist, nil
}

func (w *watchers) add(id int64, one *watcher) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.byID == nil {
		w.byID = map[int64]map[*watcher]struct{}{}
	}
	if w.byID[id] == nil {
		w.byID[id] = map[*watcher]struct{}{}
	}
	w.byID[id][one] = struct{}{}
}

// remove closes the channel of a watcher, once.
func (w *watchers) remove(id int64, one *watcher) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.drop(id, one)
}

func (w *watchers) drop(id int64, one *watcher) {
	if _, watching := w.byID[id][one]; !watching {
		return
	}
	close(one.updates)
	if delete(w.byID[id], one); len(w.byID[id]) == 0 {
		delete(w.byID, id)
	}
}

// watched are the downloads that somebody watches.
func (w *watchers) watched() []int64 {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	ids := make([]int64, 0, len(w.byID))
	for id := range w.byID {
		ids = append(ids, id)
	}
	return ids
}

// tell hands a download to those who watch it; nil says that it is gone.
func (w *watchers) tell(id int64, download *Download) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for one := range w.byID[id] {
		if download == nil {
			w.drop(id, one)
			continue
		}
		if now := toldOf(download); one.said == nil || *one.said != now {
			one.said = &now
			one.put(download)
		}
		if download.State.final() {
			w.drop(id, one)
		}
	}
}

// put replaces what was not taken yet. Only the holder of the mutex puts, so there is room after the old one is out.
func (o *watcher) put(download *Download) {
	select {
	case <-o.updates:
	default:
	}
	o.updates <- download
}

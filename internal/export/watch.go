package export

import (
	"context"
	"fmt"
	"sync"

	"github.com/kontakty/kontakty/internal/access"
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
	download int64
	by       string // the reference of a principal
	updates  chan *Download
	said     *told
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
// between, never the latest one. The channel is closed after a final state, when the download is deleted, when a change
// comes that who watches may no longer see, and when the context ends. Changes are heard while Follow runs. Errors:
// FORBIDDEN, NOT_FOUND.
func (d *Downloads) Watch(ctx context.Context, by access.Principal, id int64) (<-chan *Download, error) {
	w := &watcher{download: id, by: by.String(), updates: make(chan *Download, 1)}
	d.watchers.add(w)
	if err := d.begin(ctx, w, by); err != nil {
		d.watchers.remove(w)
		return nil, err
	}
	context.AfterFunc(ctx, func() { d.watchers.remove(w) })
	return w.updates, nil
}

// begin tells a watcher the present state.
func (d *Downloads) begin(ctx context.Context, w *watcher, by access.Principal) error {
	d.watchers.reading.Lock()
	defer d.watchers.reading.Unlock()
	download, err := d.get(ctx, by, w.download)
	if err != nil {
		return err
	}
	d.watchers.tell(w, download)
	return nil
}

// Follow listens for changes of downloads and tells the watchers, until the context ends; it returns the context's
// error. One a process is enough, and without one Watch hears nothing.
func (d *Downloads) Follow(ctx context.Context) error {
	// A notification can be lost with its connection, so each is taken to say only that something changed.
	return postgres.Listen(ctx, d.pool, updatedChannel, d.tellAll)
}

// tellAll reads what is watched and tells every watcher what he may see of it now.
func (d *Downloads) tellAll(ctx context.Context) error {
	d.watchers.reading.Lock()
	defer d.watchers.reading.Unlock()
	watching := d.watchers.all()
	var ids []int64
	for _, w := range watching {
		ids = append(ids, w.download)
	}
	found, err := d.read(ctx, nil, ids)
	if err != nil {
		return err
	}
	people := map[string]access.Principal{}
	for _, w := range watching {
		download := found[w.download]
		if download != nil && w.said != nil && *w.said == toldOf(download) {
			continue
		}
		if download, err = d.seen(ctx, w.by, download, people); err != nil {
			return err
		}
		d.watchers.tell(w, download)
	}
	return nil
}

// seen is what somebody may see of a download now, nil for nothing. It remembers people.
func (d *Downloads) seen(ctx context.Context, by string, download *Download, people map[string]access.Principal) (*Download, error) {
	if download == nil {
		return nil, nil
	}
	person, known := people[by]
	if !known {
		var err error
		if person, err = d.settings.Rights(ctx, by); err != nil {
			return nil, fmt.Errorf("asking for the rights of who watches: %w", err)
		}
		people[by] = person
	}
	if owner := ownerFor(person); !person.May(access.ScopeExports) || owner != nil && *owner != download.OrderedBy {
		return nil, nil
	}
	own := *download
	return &own, d.show(ctx, person, &own)
}

func (w *watchers) add(one *watcher) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.byID == nil {
		w.byID = map[int64]map[*watcher]struct{}{}
	}
	if w.byID[one.download] == nil {
		w.byID[one.download] = map[*watcher]struct{}{}
	}
	w.byID[one.download][one] = struct{}{}
}

// remove closes the channel of a watcher, once.
func (w *watchers) remove(one *watcher) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.drop(one)
}

func (w *watchers) drop(one *watcher) {
	if _, watching := w.byID[one.download][one]; !watching {
		return
	}
	close(one.updates)
	if delete(w.byID[one.download], one); len(w.byID[one.download]) == 0 {
		delete(w.byID, one.download)
	}
}

// all are all watchers.
func (w *watchers) all() []*watcher {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	var watching []*watcher
	for _, those := range w.byID {
		for one := range those {
			watching = append(watching, one)
		}
	}
	return watching
}

// tell hands a download to one who watches it, if he still does; nil says that it is gone. Only who holds reading tells.
func (w *watchers) tell(one *watcher, download *Download) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if _, watching := w.byID[one.download][one]; !watching {
		return
	}
	if download == nil {
		w.drop(one)
		return
	}
	if now := toldOf(download); one.said == nil || *one.said != now {
		one.said = &now
		one.put(download)
	}
	if download.State.final() {
		w.drop(one)
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

package export

import (
	"context"
	"fmt"
	"sync"

	"github.com/kontakty/kontakty/internal/access"
)

// updatedChannel is what the database notifies whenever a row of downloads changes, whoever changed it.
const updatedChannel = "download_updated"

// watchers are those in this process who want to hear of downloads.
type watchers struct {
	rows      rows
	presenter presenter
	// current gives a principal with the rights that it has now.
	current func(ctx context.Context, reference string) (access.Principal, error)

	// reading is held while rows are read and handed out, so that nobody hears of an earlier state after a later one.
	reading sync.Mutex
	mu      sync.Mutex
	byID    map[int64]map[*watcher]struct{}
}

// watcher is one who watches a download. Its channel holds the latest state that was not taken yet.
type watcher struct {
	download int64
	by       string // the reference of a principal
	updates  chan *Download
	last     *update // what the channel was given last
}

// update is what of a download tells one update from the next.
type update struct {
	state              State
	counted            bool
	done, total, lines int
	left, attempt      int
}

func updateOf(d *Download) update {
	u := update{state: d.State, done: d.ContactsDone, lines: d.LinesWritten, attempt: d.Attempt}
	if d.ContactsTotal != nil {
		u.counted, u.total = true, *d.ContactsTotal
	}
	if d.SecondsLeft != nil {
		u.left = 1 + *d.SecondsLeft
	}
	return u
}

// watch gives the present state of a download as get finds it, and then what tellAll tells, until the context ends.
func (w *watchers) watch(ctx context.Context, by access.Principal, id int64,
	get func(context.Context, access.Principal, int64) (*Download, error),
) (<-chan *Download, error) {
	one := &watcher{download: id, by: by.String(), updates: make(chan *Download, 1)}
	w.add(one)
	w.reading.Lock()
	defer w.reading.Unlock()
	download, err := get(ctx, by, id)
	if err != nil {
		w.remove(one)
		return nil, err
	}
	w.tell(one, download)
	context.AfterFunc(ctx, func() { w.remove(one) })
	return one.updates, nil
}

// tellAll reads what is watched and tells every watcher what its principal may see of it now.
func (w *watchers) tellAll(ctx context.Context) error {
	w.reading.Lock()
	defer w.reading.Unlock()
	watching := w.all()
	var ids []int64
	for _, one := range watching {
		ids = append(ids, one.download)
	}
	found, err := w.rows.find(ctx, nil, ids)
	if err != nil {
		return err
	}
	people := map[string]access.Principal{}
	for _, one := range watching {
		download := found[one.download]
		if download != nil && one.last != nil && *one.last == updateOf(download) {
			continue
		}
		if download, err = w.visible(ctx, one.by, download, people); err != nil {
			return err
		}
		w.tell(one, download)
	}
	return nil
}

// visible is what a principal may see of a download now, nil for nothing. It remembers people.
func (w *watchers) visible(ctx context.Context, by string, download *Download, people map[string]access.Principal) (*Download, error) {
	if download == nil {
		return nil, nil
	}
	person, found := people[by]
	if !found {
		var err error
		if person, err = w.current(ctx, by); err != nil {
			return nil, fmt.Errorf("asking for the rights of who watches: %w", err)
		}
		people[by] = person
	}
	if owner := ownerFor(person); !person.May(access.ScopeExports) || owner != nil && *owner != download.OrderedBy {
		return nil, nil
	}
	own := *download
	return &own, w.presenter.present(ctx, person, &own)
}

func (w *watchers) add(one *watcher) {
	w.mu.Lock()
	defer w.mu.Unlock()
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
	w.mu.Lock()
	defer w.mu.Unlock()
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
	w.mu.Lock()
	defer w.mu.Unlock()
	var watching []*watcher
	for _, those := range w.byID {
		for one := range those {
			watching = append(watching, one)
		}
	}
	return watching
}

// tell hands a download to a watcher that is still there; nil says that it is gone. Only the holder of reading tells.
func (w *watchers) tell(one *watcher, download *Download) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, watching := w.byID[one.download][one]; !watching {
		return
	}
	if download == nil {
		w.drop(one)
		return
	}
	if now := updateOf(download); one.last == nil || *one.last != now {
		one.last = &now
		one.put(download)
	}
	if download.State.final() {
		w.drop(one)
	}
}

// put replaces what was not taken yet. Only the holder of mu puts, so there is room after the old one is out.
func (o *watcher) put(download *Download) {
	select {
	case <-o.updates:
	default:
	}
	o.updates <- download
}

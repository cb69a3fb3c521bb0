package media

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/storage"
)

// State says whether a file can be had.
type State string

// The states.
const (
	// Available: it is in its archive.
	Available State = "AVAILABLE"
	// Absent: it is not there.
	Absent State = "ABSENT"
	// Removed: it was removed when its time was over.
	Removed State = "REMOVED"
	// NotConfigured: nobody said where such files are.
	NotConfigured State = "NOT_CONFIGURED"
	// Unreachable: its archive does not answer, or not in time.
	Unreachable State = "UNREACHABLE"
)

// States are all states.
var States = []State{Available, Absent, Removed, NotConfigured, Unreachable}

// Recording is a recording of a call, as somebody sees it.
type Recording struct {
	// Path is where its source keeps it.
	Path string
	// Seconds is its length as the source told it, nil if unknown.
	Seconds *int

	file
}

// file is a file of a contact, as somebody sees it. What its archive knows of it is asked for once.
type file struct {
	library *Library
	to      access.Principal
	from    *storage.Collection // nil for none
	contact *contact.Contact
	part    part
	path    string
	least   Knowing // is asked for at once, so that the archive is asked no more often

	mu      sync.Mutex
	known   Knowing
	finding finding
}

// finding is what an archive knows of a file.
type finding struct {
	state State
	size  int64
	// channels is how many its sound has, 0 if unknown.
	channels int
	// trouble says why it cannot be played, nil if it can.
	trouble *fault.Error
}

// know asks the archive, once for all that is asked later.
func (f *file) know(ctx context.Context, wanted Knowing) finding {
	f.mu.Lock()
	defer f.mu.Unlock()
	if wanted = max(wanted, f.least); f.known < wanted {
		f.finding, f.known = f.library.find(ctx, f.from, f.path, wanted), wanted
	}
	return f.finding
}

// State says whether the file can be had now.
func (f *file) State(ctx context.Context) (State, error) { return f.know(ctx, Presence).state, nil }

// SizeBytes is its size, nil unless it is Available.
func (f *file) SizeBytes(ctx context.Context) (*int64, error) {
	found := f.know(ctx, Presence)
	if found.state != Available {
		return nil, nil
	}
	return &found.size, nil
}

// Channels is how many channels the sound has, nil if that is unknown.
func (f *file) Channels(ctx context.Context) (*int, error) {
	found := f.know(ctx, Content)
	if found.channels == 0 {
		return nil, nil
	}
	return &found.channels, nil
}

// Problem says why a file that is Available cannot be played, nil if it can.
func (f *file) Problem(ctx context.Context) *fault.Error { return f.know(ctx, Content).trouble }

// URL is where the file is fetched by whoever asked, for link.Life from now; nil unless it is Available.
func (f *file) URL(ctx context.Context) (*string, error) {
	if f.know(ctx, Presence).state != Available {
		return nil, nil
	}
	address, err := f.library.links.Address(ctx, link.Link{
		ID: f.contact.ID, Part: f.part.String(), By: f.to.String(), Until: f.library.config.Now().Add(link.Life),
	})
	if err != nil {
		return nil, err
	}
	address = f.library.config.PublicURL + address
	return &address, nil
}

// find asks the archive of a contact's files about one of them.
func (l *Library) find(ctx context.Context, from *storage.Collection, path string, wanted Knowing) finding {
	found, err := find(ctx, l.turns, l.config.AskTime, from, path, wanted)
	if err != nil && ctx.Err() == nil { // who asked is still there
		l.config.Log.Warn("an archive of recordings does not answer", "error", archiveError(err))
	}
	return found
}

// find asks an archive, nil for none, about the file of a path. An error says why it is Unreachable.
func find(ctx context.Context, t turns, within time.Duration, from *storage.Collection, path string, wanted Knowing) (finding, error) {
	if from == nil {
		return finding{state: NotConfigured}, nil
	}
	key, valid := from.Key(path)
	if !valid {
		return finding{state: Absent}, nil
	}
	found, err := ask(ctx, t, within, func(ctx context.Context) (finding, error) { return examine(ctx, from, key, wanted) })
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return finding{state: Absent}, nil
	case err != nil:
		return finding{state: Unreachable}, err
	default:
		return found, nil
	}
}

// examine opens a file, and hears what it holds where that is wanted.
func examine(ctx context.Context, from *storage.Collection, key string, wanted Knowing) (finding, error) {
	object, err := from.Open(ctx, key)
	if err != nil {
		return finding{}, err
	}
	defer func() { _ = object.Close() }()
	found := finding{state: Available, size: object.Size()}
	if wanted < Content {
		return found, nil
	}
	opened, err := openSound(ctx, object, key)
	switch {
	case errors.As(err, &found.trouble):
		return found, nil
	case err != nil:
		return finding{}, err
	default:
		found.channels = opened.Channels()
		return found, nil
	}
}

// archiveError is an error of an archive as a log may hold it.
func archiveError(err error) string {
	if errors.Is(err, storage.ErrAway) {
		return err.Error()
	}
	return "it failed unexpectedly"
}

package media

import (
	"context"
	"errors"
	"time"

	"github.com/kontakty/kontakty/internal/storage"
)

// readTime is how long an archive may take to give a part of a file.
const readTime = 15 * time.Second

// patientObject is an open file that is given up when its archive gives nothing of it for too long.
type patientObject struct {
	storage.Object
	ctx     context.Context
	cancel  context.CancelFunc
	within  time.Duration
	kept    []byte
	results chan readResult
	// failure is why reading failed, nil if it did not.
	failure error
	// waiting says that a reading goes on that nobody waits for.
	waiting bool
}

type readResult struct {
	n   int
	err error
}

// open opens a file of an archive, to be read and closed by one goroutine. Errors: ErrNotFound and ErrAway of package storage.
func (l *Library) open(ctx context.Context, from *storage.Collection, key string) (*patientObject, error) {
	reading, cancel := context.WithCancel(ctx)
	opened, err := ask(ctx, l.turns, l.config.AskTime, func(asking context.Context) (storage.Object, error) {
		stop := context.AfterFunc(asking, cancel)
		object, err := from.Open(reading, key)
		if !stop() && err == nil { // nobody waits any more
			_ = object.Close()
			return nil, storage.ErrAway
		}
		return object, err
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return &patientObject{Object: opened, ctx: reading, cancel: cancel, within: l.config.ReadTime, results: make(chan readResult, 1)}, nil
}

// ReadAt reads from any place. Errors: ErrAway of package storage, and io.EOF.
func (o *patientObject) ReadAt(into []byte, offset int64) (int, error) {
	if o.failure != nil {
		return 0, o.failure
	}
	if len(o.kept) < len(into) {
		o.kept = make([]byte, len(into))
	}
	kept := o.kept[:len(into)]
	go func() {
		n, err := o.Object.ReadAt(kept, offset)
		o.results <- readResult{n, err}
	}()
	timer := time.NewTimer(o.within)
	defer timer.Stop()
	select {
	case got := <-o.results:
		if errors.Is(got.err, storage.ErrAway) {
			o.failure = got.err
		}
		return copy(into, kept[:got.n]), got.err
	case <-timer.C:
	case <-o.ctx.Done():
	}
	o.waiting, o.failure = true, storage.ErrAway
	o.cancel()
	return 0, o.failure
}

// Close gives the file up, at once or when the reading ends that nobody waits for.
func (o *patientObject) Close() error {
	o.cancel()
	if !o.waiting {
		return o.Object.Close()
	}
	go func() {
		<-o.results
		_ = o.Object.Close()
	}()
	return nil
}

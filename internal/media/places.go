package media

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/storage"
)

// Places are the archives in which files lie.
type Places struct {
	// Default is that of sources without one of their own; nil if there is none.
	Default *storage.Collection
	// Sources are those of sources by their names, with which the externalId of each of their contacts begins.
	Sources map[string]*storage.Collection
}

// Addresses are the URLs of archives, as storage.OpenCollection takes them.
type Addresses struct {
	// Default is that of Places.Default; empty for none.
	Default string
	// Sources are those of Places.Sources.
	Sources map[string]string
}

// OpenPlaces opens archives.
func OpenPlaces(ctx context.Context, addresses Addresses) (places Places, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, places.Close())
		}
	}()
	if addresses.Default != "" {
		if places.Default, err = storage.OpenCollection(ctx, addresses.Default); err != nil {
			return places, err
		}
	}
	places.Sources = make(map[string]*storage.Collection, len(addresses.Sources))
	for source, address := range addresses.Sources {
		opened, err := storage.OpenCollection(ctx, address)
		if err != nil {
			return places, fmt.Errorf("the archive of %s: %w", source, err)
		}
		places.Sources[source] = opened
	}
	return places, nil
}

// Close gives the archives up.
func (p Places) Close() error {
	var errs []error
	for _, one := range p.all() {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// of is the archive of a contact's files, nil for none.
func (p Places) of(externalID string) *storage.Collection {
	source, _, _ := strings.Cut(externalID, ":")
	if own := p.Sources[source]; own != nil {
		return own
	}
	return p.Default
}

// all are the archives, each once.
func (p Places) all() []*storage.Collection {
	var all []*storage.Collection
	if p.Default != nil {
		all = append(all, p.Default)
	}
	return slices.AppendSeq(all, maps.Values(p.Sources))
}

const (
	// asksAtOnce is how many files of all archives are looked at at the same time.
	asksAtOnce = 32
	// askTime is how long an archive may take to answer about a file, waiting for a turn included.
	askTime = 3 * time.Second
)

// turns bound how many archives are asked at the same time.
type turns chan struct{}

// ask asks an archive something. What does not answer in time goes on alone, until it notices that its context has ended,
// and keeps its turn meanwhile. Errors: ErrAway of package storage, and those of do.
func ask[T any](ctx context.Context, t turns, within time.Duration, do func(context.Context) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	var none T
	ctx, cancel := context.WithTimeout(ctx, within)
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		cancel()
		return none, storage.ErrAway
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { cancel(); <-t }()
		value, err := do(ctx)
		answers <- answer{value, err}
	}()
	select {
	case got := <-answers:
		return got.value, got.err
	case <-ctx.Done():
		select {
		case got := <-answers: // which ended the context itself
			return got.value, got.err
		default:
			return none, storage.ErrAway
		}
	}
}

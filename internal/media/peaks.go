package media

import (
	"context"
	"errors"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/sound"
	"github.com/kontakty/kontakty/internal/storage"
)

// Peaks are the smallest and the largest samples of the stretches of a channel, from -128 to 127.
type Peaks struct{ Smallest, Largest []int }

const (
	// MaxBuckets is into how many stretches a recording can be cut.
	MaxBuckets = 2000
	// drawingsAtOnce is how many recordings are read from their first byte to their last at the same time.
	drawingsAtOnce = 2
	// drawTime is how long that may take, waiting for a turn included.
	drawTime = 8 * time.Second
	// maxDrawn is how many drawings are kept: those of recordings that are listened to are asked for again.
	maxDrawn = 1000
)

// drawing is a recording as it was cut into stretches.
type drawing struct {
	from     *storage.Collection
	key, tag string
	buckets  int
}

// Peaks are what a player draws of each channel, cut into so many stretches; nil where the sound cannot be read, or not in
// time. Errors: INVALID_FILTER.
func (f *file) Peaks(ctx context.Context, buckets int) ([]Peaks, error) {
	if buckets < 1 || buckets > MaxBuckets {
		return nil, fault.New(fault.NumberOutOfRange, "buckets", 1, MaxBuckets)
	}
	l, from := f.library, f.from
	if from == nil {
		return nil, nil
	}
	key, valid := from.Key(f.path)
	if !valid {
		return nil, nil
	}
	drawn, err := ask(ctx, l.drawing, l.config.DrawTime, func(ctx context.Context) ([]Peaks, error) {
		return l.draw(ctx, from, key, buckets)
	})
	var unplayable *fault.Error
	if err != nil && !errors.As(err, &unplayable) && !errors.Is(err, storage.ErrNotFound) && ctx.Err() == nil {
		l.config.Log.Warn("a recording could not be drawn", "error", archiveError(err))
	}
	return drawn, nil
}

// draw reads a recording from its first byte to its last, unless that was done before.
func (l *Library) draw(ctx context.Context, from *storage.Collection, key string, buckets int) ([]Peaks, error) {
	object, err := l.open(ctx, from, key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = object.Close() }()
	asked := drawing{from, key, object.ETag(), buckets}
	if known, found := l.drawn.Get(asked); found {
		return known, nil
	}
	opened, err := openSound(ctx, object, key)
	if err != nil {
		return nil, err
	}
	channels, err := opened.Peaks(ctx, buckets)
	if err != nil {
		return nil, err
	}
	peaks := drawnFrom(channels)
	l.drawn.Add(asked, peaks)
	return peaks, nil
}

// drawnFrom are peaks as the API gives them, nil for none.
func drawnFrom(channels []sound.Peaks) []Peaks {
	var peaks []Peaks
	for _, one := range channels {
		peaks = append(peaks, Peaks{widened(one.Smallest), widened(one.Largest)})
	}
	return peaks
}

func widened(samples []int8) []int {
	wide := make([]int, len(samples))
	for i, one := range samples {
		wide[i] = int(one)
	}
	return wide
}

package speech

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/kontakty/kontakty/internal/sound"
)

const (
	rate        = 8_000
	channels    = 2
	sampleBytes = 2 * channels // of both channels
	maxSeconds  = 24 * 3600
)

// ErrAbsent says that a path is none of an invented recording.
var ErrAbsent = errors.New("there is no such invented recording")

// invented is what the paths of package sample look like: day, key, which part of the talk, and its seconds.
var invented = regexp.MustCompile(`^\d{4}/\d{2}/\d{2}/\d+-\d{8,}(?:-\d)?-(\d{1,5})s\.wav$`)

// Recording is the WAV file of a call, spoken while it is read. It is safe for use by many goroutines.
type Recording struct {
	head    []byte
	samples int64 // of each channel
	turns   []turn
	etag    string
}

// Open opens the recording of a path. Errors: ErrAbsent.
func Open(path string) (*Recording, error) {
	match := invented.FindStringSubmatch(path)
	if match == nil {
		return nil, ErrAbsent
	}
	seconds, err := strconv.Atoi(match[1])
	if err != nil || seconds < 1 || seconds > maxSeconds {
		return nil, ErrAbsent
	}
	hash := fnv.New64a()
	_, _ = io.WriteString(hash, path)
	seed := hash.Sum64()
	samples := int64(seconds) * rate
	return &Recording{
		head: sound.WaveHead(rate, channels, samples*sampleBytes), samples: samples, turns: converse(seed, samples), etag: fmt.Sprintf("%016x", seed),
	}, nil
}

// Size is its length in bytes.
func (r *Recording) Size() int64 { return int64(len(r.head)) + r.samples*sampleBytes }

// ETag differs where the content does.
func (r *Recording) ETag() string { return r.etag }

// Close does nothing: there is nothing to give up.
func (r *Recording) Close() error { return nil }

// ReadAt speaks a stretch of the file.
func (r *Recording) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 {
		return 0, errors.New("a read from before the beginning")
	}
	n := 0
	if at < int64(len(r.head)) {
		n = copy(p, r.head[at:])
	}
	for n < len(p) {
		from := at + int64(n) - int64(len(r.head))
		if from >= r.samples*sampleBytes {
			return n, io.EOF
		}
		n += r.speak(p[n:], from)
	}
	return n, nil
}

// speak fills a stretch of the samples, of at most so many at once, from a byte of them on.
func (r *Recording) speak(p []byte, from int64) int {
	const atOnce = 4 << 10
	first, skipped := from/sampleBytes, int(from%sampleBytes)
	last := min(first+int64(skipped+len(p)+sampleBytes-1)/sampleBytes, first+atOnce, r.samples)
	pcm := make([]byte, (last-first)*sampleBytes)
	// The first turn that ends behind the beginning of the stretch.
	next, _ := slices.BinarySearchFunc(r.turns, first, func(t turn, at int64) int {
		if t.end() <= at {
			return -1
		}
		return 1
	})
	for ; next < len(r.turns) && r.turns[next].start < last; next++ {
		r.turns[next].mix(pcm, first)
	}
	return copy(p, pcm[skipped:])
}

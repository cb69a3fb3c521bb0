package sound

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// file is the file of a recording.
type file struct {
	source io.ReaderAt
	size   int64
	head   []byte // its first bytes
}

// content is what a file turned out to hold.
type content struct {
	seconds  float64 // 0 where the file does not tell
	channels int     // 0 where the file does not tell
	cut      bool    // the file ends before its head says
	original bool    // browsers play the file's own bytes
	track    *track  // how it is decoded frame by frame, nil where it cannot be
}

// maxSeconds is the longest sound that is believed, a fortnight.
const maxSeconds = 14 * 24 * 3600

// plausible is a length that a file tells, 0 if it is nonsense.
func plausible(seconds float64) float64 {
	if seconds > 0 && seconds < maxSeconds {
		return seconds
	}
	return 0
}

// readFull fills a buffer from a place of the file.
func (f file) readFull(ctx context.Context, buffer []byte, at int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n, err := f.source.ReadAt(buffer, at)
	switch {
	case n == len(buffer):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return fmt.Errorf("the recording is shorter than it was: %w", io.ErrUnexpectedEOF)
	default:
		return fmt.Errorf("reading the recording: %w", err)
	}
}

// contentOf is the content of a file that is decoded by a track.
func contentOf(t *track) (content, error) {
	if t.samples <= 0 {
		return content{}, ErrEmpty
	}
	return content{seconds: float64(t.samples) / float64(t.rate), channels: t.channels, track: t}, nil
}

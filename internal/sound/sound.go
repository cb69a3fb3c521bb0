package sound

import (
	"bytes"
	"context"
	"io"
)

// Sound is a recording of which it is known what it is. It does not read by itself: its readers do, one at a time each.
type Sound struct {
	file file
	kind kind
	content
}

// headBytes is how much of a file is read to tell its type.
const headBytes = 16 << 10

// Open tells what a file of so many bytes is. It reads its head, and its end where the type wants it; the extension of the name
// counts only where no bytes tell the type. Errors: ErrEmpty, ErrBroken, ErrUnplayable, ErrNeedsFFmpeg, and whatever the source
// fails with.
func Open(ctx context.Context, source io.ReaderAt, size int64, name string) (*Sound, error) {
	if size <= 0 {
		return nil, ErrEmpty
	}
	f := file{source: source, size: size, head: make([]byte, min(size, headBytes))}
	if err := f.readFull(ctx, f.head, 0); err != nil {
		return nil, err
	}
	if len(bytes.Trim(f.head, "\x00")) == 0 {
		return nil, ErrEmpty // a recorder reserved the room and never wrote
	}
	k, known := kindOf(f.head, name)
	if !known {
		return nil, ErrUnplayable
	}
	found, err := k.open(ctx, f)
	if err != nil {
		return nil, err
	}
	f.head = nil
	return &Sound{file: f, kind: k, content: found}, nil
}

// served is the kind of what Reader gives.
func (s *Sound) served() kind {
	if s.original {
		return s.kind
	}
	return waveKind
}

// MediaType is the media type of what Reader gives.
func (s *Sound) MediaType() string { return s.served().mediaType }

// Extension is the extension of what Reader gives, as ".wav".
func (s *Sound) Extension() string { return s.served().extension }

// Seconds is how long the sound is, 0 where the file does not tell.
func (s *Sound) Seconds() float64 { return s.seconds }

// Channels is how many channels the sound has, 0 where the file does not tell.
func (s *Sound) Channels() int { return s.channels }

// Original tells that Reader gives the file's own bytes.
func (s *Sound) Original() bool { return s.original }

// Cut tells that the file ends before its head says; what is there is played.
func (s *Sound) Cut() bool { return s.cut }

// Reader gives the bytes that a browser plays and how many there are. Nothing is read or decoded before its first Read, and no
// more than is asked for. It ends with the context.
func (s *Sound) Reader(ctx context.Context) (io.ReadSeekCloser, int64, error) {
	if s.original {
		return &originalReader{ctx: ctx, SectionReader: io.NewSectionReader(s.file.source, 0, s.file.size)}, s.file.size, nil
	}
	made := newWaveReader(ctx, s.track)
	return made, made.size, nil
}

type originalReader struct {
	*io.SectionReader
	ctx context.Context
}

// Read reads from the position on.
func (r *originalReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.SectionReader.Read(p)
}

// Close does nothing: the source is its owner's.
func (r *originalReader) Close() error { return nil }

// Peaks gives so many stretches of each channel, all of one length; nil where the sound cannot be decoded here. It reads all of
// the recording, and keeps no more of it than a chunk.
func (s *Sound) Peaks(ctx context.Context, stretches int) ([]Peaks, error) {
	switch {
	case stretches <= 0:
		return nil, nil
	case s.track != nil:
		return s.track.peaks(ctx, stretches)
	case needFFmpeg() != nil:
		return nil, nil
	default:
		return wholePeaks(ctx, s.file, max(s.channels, 1), stretches)
	}
}

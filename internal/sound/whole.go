package sound

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
)

// wholePeaks finds the extremes of a file that ffmpeg decodes from its start to its end; nil where it cannot.
func wholePeaks(ctx context.Context, f file, channels, stretches int) ([]Peaks, error) {
	const drawnRate = 8_000
	found := &envelope{channels: channels}
	c := conversion{rate: drawnRate, channels: channels, slots: wholeSlots, maxTime: maxWholeTime}
	source := &failingReader{from: io.NewSectionReader(f.source, 0, f.size)}
	err := c.run(ctx, source, found)
	switch {
	case source.err != nil:
		return nil, source.err
	case errors.Is(err, ErrBroken), err == nil && found.samples == 0:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return found.peaks(stretches), nil
}

// failingReader keeps the error of what it reads from, which a process would take for the end.
type failingReader struct {
	from io.Reader
	err  error
}

func (r *failingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// envelope finds extremes of PCM of a length that is not known before: of equal cells, which are joined two by two whenever there
// are too many.
type envelope struct {
	channels int
	cells    []extremes // the channels beside each other
	cell     int64      // samples of a cell, a power of two
	samples  int64      // of each channel, until now
	rest     []byte     // of a sample that was cut
}

const maxCells = 1 << 15

// Write takes samples of all channels.
func (e *envelope) Write(pcm []byte) (int, error) {
	taken := len(pcm)
	pcm = append(e.rest, pcm...)
	size := 2 * e.channels
	e.cell = max(e.cell, 1)
	for ; len(pcm) >= size; pcm = pcm[size:] {
		if e.samples == int64(maxCells)*e.cell {
			e.join()
		}
		if e.samples%e.cell == 0 {
			for range e.channels {
				e.cells = append(e.cells, none)
			}
		}
		last := e.cells[len(e.cells)-e.channels:]
		for channel := range last {
			last[channel].add(int16(binary.LittleEndian.Uint16(pcm[2*channel:])))
		}
		e.samples++
	}
	e.rest = append(e.rest[:0], pcm...)
	return taken, nil
}

func (e *envelope) join() {
	half := len(e.cells) / e.channels / 2
	for i := range half {
		for channel := range e.channels {
			joined := e.cells[2*i*e.channels+channel]
			joined.join(e.cells[(2*i+1)*e.channels+channel])
			e.cells[i*e.channels+channel] = joined
		}
	}
	e.cells = e.cells[:half*e.channels]
	e.cell *= 2
}

// peaks gives the extremes of so many stretches, to the nearest cell.
func (e *envelope) peaks(stretches int) []Peaks {
	p := newPeakFinder(e.channels, stretches, e.samples)
	for i := range len(e.cells) / e.channels {
		stretch := int(int64(i) * e.cell * int64(stretches) / e.samples)
		for channel := range e.channels {
			p.extremes[stretch*e.channels+channel].join(e.cells[i*e.channels+channel])
		}
	}
	return p.peaks()
}

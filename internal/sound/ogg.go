package sound

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
)

const oggHeaderBytes = 27

func isOgg(head []byte) bool { return bytes.HasPrefix(head, []byte("OggS")) }

// openOgg takes Opus, Vorbis and FLAC. The length stands in the last page.
func openOgg(ctx context.Context, f file) (content, error) {
	if len(f.head) < oggHeaderBytes || len(f.head) < oggHeaderBytes+int(f.head[26]) {
		return content{}, fmt.Errorf("%w: it ends in its first page", ErrBroken)
	}
	first := f.head[oggHeaderBytes+int(f.head[26]):]
	c := content{original: true}
	var rate, skipped int64
	switch {
	case bytes.HasPrefix(first, []byte("OpusHead")) && len(first) >= 19:
		c.channels, rate, skipped = int(first[9]), 48_000, int64(binary.LittleEndian.Uint16(first[10:]))
	case bytes.HasPrefix(first, []byte("\x01vorbis")) && len(first) >= 30:
		c.channels, rate = int(first[11]), int64(binary.LittleEndian.Uint32(first[12:]))
	case bytes.HasPrefix(first, []byte("\x7fFLAC")) && len(first) >= 13+streamInfoBytes:
		info := first[13:]
		c.channels, rate = flacChannels(info), int64(flacRate(info))
	default:
		return content{}, ErrUnplayable // Speex, or a film
	}
	last, err := lastGranule(ctx, f, f.head[14:18])
	if err == nil && rate > 0 && last > skipped {
		c.seconds = plausible(float64(last-skipped) / float64(rate))
	}
	return c, err
}

// lastGranule is the position in samples of the last page of a stream that has one, 0 where none is near the end.
func lastGranule(ctx context.Context, f file, serial []byte) (int64, error) {
	const maxPage = 65_307
	from := max(f.size-2*maxPage, 0)
	tail := make([]byte, f.size-from)
	if err := f.readFull(ctx, tail, from); err != nil {
		return 0, err
	}
	for {
		at := bytes.LastIndex(tail, []byte("OggS"))
		if at < 0 {
			return 0, nil
		}
		if page := tail[at:]; len(page) >= oggHeaderBytes && bytes.Equal(page[14:18], serial) {
			if granule := int64(binary.LittleEndian.Uint64(page[6:])); granule > 0 {
				return granule, nil
			}
		}
		tail = tail[:at]
	}
}

// streamInfoBytes is how much of FLAC's first block tells rate, channels and length.
const streamInfoBytes = 4 + 4 + 18

func isFLAC(head []byte) bool { return bytes.HasPrefix(head, []byte("fLaC")) }

func openFLAC(_ context.Context, f file) (content, error) {
	if len(f.head) < streamInfoBytes || flacRate(f.head) == 0 {
		return content{}, fmt.Errorf("%w: it ends in its first block", ErrBroken)
	}
	samples := binary.BigEndian.Uint64(f.head[18:]) & (1<<36 - 1)
	return content{original: true, channels: flacChannels(f.head), seconds: plausible(float64(samples) / float64(flacRate(f.head)))}, nil
}

func flacRate(b []byte) uint32  { return binary.BigEndian.Uint32(b[18:]) >> 12 }
func flacChannels(b []byte) int { return int(b[20]>>1&7) + 1 }

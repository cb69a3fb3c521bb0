package sound

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
)

// isWebM tells by the head of EBML that names the type; other Matroska is not played.
func isWebM(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0x1A, 0x45, 0xDF, 0xA3}) && bytes.Contains(head[:min(len(head), 64)], []byte("webm"))
}

// The elements of WebM that tell length and channels.
const (
	elementSegment  = 0x18538067
	elementInfo     = 0x1549A966
	elementScale    = 0x2AD7B1
	elementDuration = 0x4489
	elementTracks   = 0x1654AE6B
	elementTrack    = 0xAE
	elementAudio    = 0xE1
	elementChannels = 0x9F
)

// openWebM looks no further than the head of the file: what was streamed by a browser does not tell its length.
func openWebM(_ context.Context, f file) (content, error) {
	c := content{original: true}
	scale, duration := 1_000_000.0, 0.0
	walkElements(f.head, func(element uint64, inside []byte) bool {
		switch element {
		case elementSegment, elementInfo, elementTracks, elementTrack, elementAudio:
			return true
		case elementScale:
			scale = float64(elementNumber(inside))
		case elementDuration:
			duration = elementFloat(inside)
		case elementChannels:
			c.channels = int(min(elementNumber(inside), maxChannels))
		}
		return false
	})
	c.seconds = plausible(duration * scale / 1e9)
	return c, nil
}

// walkElements calls a function with each element, and goes into those for which it answers true. An element may be cut.
func walkElements(b []byte, visit func(element uint64, inside []byte) bool) {
	for len(b) > 0 {
		element, rest, ok := elementVariable(b, false)
		if !ok {
			return
		}
		length, rest, ok := elementVariable(rest, true)
		if !ok {
			return
		}
		inside := rest[:min(length, uint64(len(rest)))]
		if visit(element, inside) {
			walkElements(inside, visit)
		}
		b = rest[len(inside):]
	}
}

// elementVariable reads a number whose first byte tells how many bytes it has; a length drops that mark, a name keeps it.
func elementVariable(b []byte, isLength bool) (uint64, []byte, bool) {
	if len(b) == 0 || b[0] == 0 {
		return 0, nil, false
	}
	size := 1
	for mark := byte(0x80); b[0]&mark == 0; mark >>= 1 {
		size++
	}
	if len(b) < size {
		return 0, nil, false
	}
	number := uint64(b[0])
	if isLength {
		number &= 1<<(8-size) - 1
	}
	for _, next := range b[1:size] {
		number = number<<8 | uint64(next)
	}
	return number, b[size:], true
}

func elementNumber(b []byte) uint64 {
	var number uint64
	for _, next := range b[:min(len(b), 8)] {
		number = number<<8 | uint64(next)
	}
	return number
}

func elementFloat(b []byte) float64 {
	switch len(b) {
	case 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	case 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return 0
}

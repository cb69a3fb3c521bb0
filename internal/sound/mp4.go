package sound

import (
	"context"
	"encoding/binary"
	"fmt"
)

func isMP4(head []byte) bool { return len(head) >= 12 && string(head[4:8]) == "ftyp" }

// box is the inside of a box of an MP4 file.
type box struct{ from, to int64 }

const maxBoxes = 1 << 12

// openMP4 takes what has an index. A recorder that was killed never wrote one, and nothing plays such a file.
func openMP4(ctx context.Context, f file) (content, error) {
	reader := &boxReader{ctx: ctx, file: f}
	c := content{original: true}
	movie := reader.find(box{0, f.size}, "moov")
	if header := reader.find(movie, "mvhd"); header != (box{}) {
		c.seconds = reader.seconds(header)
	}
	if samples := reader.find(movie, "trak", "mdia", "minf", "stbl", "stsd"); samples != (box{}) {
		c.channels = reader.channels(samples)
	}
	if reader.err != nil {
		return content{}, reader.err
	}
	if movie == (box{}) {
		return content{}, fmt.Errorf("%w: it has no index, its recorder was stopped before it wrote one", ErrBroken)
	}
	return c, nil
}

// boxReader finds boxes; after an error it finds nothing more.
type boxReader struct {
	ctx   context.Context
	file  file
	boxes int
	err   error
}

// find is the inside of the first box at a path of names, nothing if there is none.
func (r *boxReader) find(in box, path ...string) box {
	for at := in.from; at+8 <= in.to && r.boxes < maxBoxes; r.boxes++ {
		var head [16]byte
		if !r.read(head[:8], at) {
			return box{}
		}
		inside := box{at + 8, at + int64(binary.BigEndian.Uint32(head[:]))}
		switch inside.to - at {
		case 0:
			inside.to = in.to
		case 1:
			if !r.read(head[8:], at+8) {
				return box{}
			}
			inside = box{at + 16, at + int64(min(binary.BigEndian.Uint64(head[8:]), 1<<62))}
		}
		if inside.to < inside.from {
			return box{}
		}
		if string(head[4:8]) == path[0] {
			inside.to = min(inside.to, in.to)
			if len(path) == 1 {
				return inside
			}
			return r.find(inside, path[1:]...)
		}
		at = inside.to
	}
	return box{}
}

func (r *boxReader) seconds(header box) float64 {
	var b [32]byte
	if !r.read(b[:20], header.from) {
		return 0
	}
	scale, duration := uint64(binary.BigEndian.Uint32(b[12:])), uint64(binary.BigEndian.Uint32(b[16:]))
	if b[0] == 1 {
		if !r.read(b[:], header.from) {
			return 0
		}
		scale, duration = uint64(binary.BigEndian.Uint32(b[20:])), binary.BigEndian.Uint64(b[24:])
	}
	if scale == 0 {
		return 0
	}
	return plausible(float64(duration) / float64(scale))
}

// channels is how many channels the first kind of samples has. AAC says it in its own description: the field of the file is 2 for
// anything.
func (r *boxReader) channels(samples box) int {
	const entryBytes, inside = 8 + 8, 8 + 28 // counts and the head of the entry; what an entry of sound has before its boxes
	var entry [8 + inside]byte
	if !r.read(entry[:], samples.from) {
		return 0
	}
	channels := int(binary.BigEndian.Uint16(entry[entryBytes+16:]))
	description := r.find(box{samples.from + 8 + inside, samples.to}, "esds")
	b := make([]byte, min(max(description.to-description.from, 0), 256))
	if len(b) > 4 && r.read(b, description.from) {
		if of := channelsOfAAC(b[4:]); of > 0 {
			channels = of
		}
	}
	return min(channels, maxChannels)
}

// channelsOfAAC finds the configuration in the descriptors of an MP4 file, 0 if it is not there.
func channelsOfAAC(b []byte) int {
	skipped := map[byte]int{3: 3, 4: 13} // bytes before the descriptors that these hold
	for len(b) > 1 {
		tag := b[0]
		b = b[1:]
		for len(b) > 0 && b[0]&0x80 != 0 {
			b = b[1:]
		}
		b = b[min(1, len(b)):]
		if tag == 5 {
			if len(b) < 2 || b[0]&7 == 7 && b[1]&0x80 != 0 {
				return 0 // a rate of its own stands before the channels
			}
			return int(b[1] >> 3 & 15)
		}
		if skipped[tag] == 0 {
			return 0
		}
		b = b[min(skipped[tag], len(b)):]
	}
	return 0
}

// read fills a buffer, if the file goes as far.
func (r *boxReader) read(b []byte, at int64) bool {
	if r.err != nil || at < 0 || at+int64(len(b)) > r.file.size {
		return false
	}
	r.err = r.file.readFull(r.ctx, b, at)
	return r.err == nil
}

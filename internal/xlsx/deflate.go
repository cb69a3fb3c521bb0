package xlsx

import (
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
)

// deflater makes a DEFLATE stream (RFC 1951) of a text that says itself where it repeats. A compressor that knows nothing of
// its text looks at every byte for what may have stood there before, and that was half of the work of a file. Nine tenths of
// a sheet are the same few tags over and over, and whoever writes them knows where they stood last: a cell costs a
// comparison or three, and no search.
//
// Whatever positions it is given, the stream says the text: what stands there is compared.
type deflater struct {
	// text is what is not yet written, appended to by whoever has some, behind as much of what is written as a repetition
	// can refer to. base is the position of its first byte in the whole.
	text []byte
	base int
	// begun is where the text begins that is not written, coded where that begins of which no part said what it repeats.
	begun, coded int
	// runs are of the text from begun on, literals are the bytes behind the last one.
	runs     []run
	literals int
	// seen are positions of values, by their hash.
	seen [1 << seenBits]uint32

	// taken is what was taken last. Its memory is used again when the next is taken.
	taken piece
}

// piece is a part of a text, ready to be encoded.
type piece struct {
	all  []byte
	text []byte // the end of all
	runs []run
}

// run is some bytes as they are, and a repetition behind them.
type run struct {
	literals uint32
	length   uint16
	distance uint16 // how far back the repeated begins, less one
}

const (
	// maxDistance is how far back a repetition may refer. One is at least minLength bytes long, for less is not worth it, and at
	// most maxLength.
	maxDistance, minLength, maxLength = 1 << 15, 4, 258
	// seenBits is the logarithm of how many values are remembered.
	seenBits = 11
)

func newDeflater() *deflater {
	const size = maxDistance + flushAt + flushAt/4
	return &deflater{text: make([]byte, 0, size), taken: piece{all: make([]byte, 0, size)}}
}

// again says that what was appended since the last call repeats what stands at a position, as far as it does. It gives its
// own position, for the next time.
func (d *deflater) again(position int) int {
	own := d.base + d.coded
	d.goOn()
	d.repeat(position + d.base + d.coded - own)
	d.literals += len(d.text) - d.coded
	d.coded = len(d.text)
	return own
}

// goOn lets the last repetition go on, as long as what stands behind the repeated comes again as well.
func (d *deflater) goOn() {
	if d.literals > 0 || len(d.runs) == 0 {
		return
	}
	last := &d.runs[len(d.runs)-1]
	from := d.coded - int(last.distance) - 1
	length := min(common(d.text[from:], d.text[d.coded:]), maxLength-int(last.length))
	last.length += uint16(length)
	d.coded += length
}

// repeat makes a repetition of what stands at a position.
func (d *deflater) repeat(position int) {
	from := position - d.base
	if from < 0 || from >= d.coded || d.coded-from > maxDistance {
		return
	}
	for same := common(d.text[from:], d.text[d.coded:]); same >= minLength; {
		length := min(same, maxLength)
		d.runs = append(d.runs, run{uint32(d.literals), uint16(length), uint16(d.coded - from - 1)})
		d.literals = 0
		d.coded, from, same = d.coded+length, from+length, same-length
	}
}

// value says that what was appended since the last call is a value. It may be the one at a position, which other things
// follow again, or have stood anywhere before; else it may begin like that one, as numbers that count do. It gives its own
// position.
func (d *deflater) value(position int) int {
	own, text := d.base+d.coded, d.text[d.coded:]
	if len(text) >= minLength {
		hash := (binary.LittleEndian.Uint32(text)*0x9E3779B1 ^ binary.LittleEndian.Uint32(text[len(text)-4:])*0x85EBCA77 + uint32(len(text))) *
			0xC2B2AE3D >> (32 - seenBits)
		if before := int(d.seen[hash]); !d.stands(text, position) && d.stands(text, before) {
			position = before
		}
		d.seen[hash] = uint32(own)
		d.repeat(position)
	}
	d.literals += len(d.text) - d.coded
	d.coded = len(d.text)
	return own
}

// stands says that a text stands at a position from where it can be repeated.
func (d *deflater) stands(text []byte, position int) bool {
	from := position - d.base
	return from >= 0 && from+len(text) <= d.coded && d.coded-from <= maxDistance && string(d.text[from:from+len(text)]) == string(text)
}

// common is how many bytes of a text are those of another one, which may be longer.
func common(other, text []byte) int {
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		if differing := binary.LittleEndian.Uint64(other[n:]) ^ binary.LittleEndian.Uint64(text[n:]); differing != 0 {
			return n + bits.TrailingZeros64(differing)/8
		}
	}
	for n < len(text) && other[n] == text[n] {
		n++
	}
	return n
}

// plain says that what was appended since the last call repeats nothing.
func (d *deflater) plain() {
	d.literals += len(d.text) - d.coded
	d.coded = len(d.text)
}

// written is how many bytes there are in the whole so far.
func (d *deflater) written() int { return d.base + len(d.text) }

// pending is how many bytes were not yet taken.
func (d *deflater) pending() int { return len(d.text) - d.begun }

// take gives what is pending, until it is called again.
func (d *deflater) take() piece {
	d.plain()
	before, next := d.taken, piece{d.text, d.text[d.begun:], d.runs}
	past := max(0, len(d.text)-maxDistance)
	d.text, d.base = append(before.all[:0], d.text[past:]...), d.base+past
	d.runs, d.literals = before.runs[:0], 0
	d.begun, d.coded = len(d.text), len(d.text)
	d.taken = next
	return next
}

// encoder is what an archive compresses a part with, whose text comes from a deflater.
type encoder struct {
	out   io.Writer
	next  piece
	block block
}

// Write writes the next piece. It is given its text once more, because that is how archives learn what is in them.
func (e *encoder) Write(text []byte) (int, error) {
	if len(text) != len(e.next.text) {
		return 0, errors.New("xlsx: a part was written past its text")
	}
	if len(text) == 0 {
		return 0, nil
	}
	if _, err := e.out.Write(e.block.encode(text, e.next.runs)); err != nil {
		return 0, err
	}
	e.next = piece{}
	return len(text), nil
}

// Close ends the stream.
func (e *encoder) Close() error {
	_, err := e.out.Write(e.block.end())
	return err
}

package xlsx

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// FuzzDeflater says of texts all that can be said, true or not: where they were before, that they are values,
// or nothing. Another's decompressor reads each, and nothing behind its end.
func FuzzDeflater(f *testing.F) {
	f.Add(uint64(1), 10, []byte(`<c r="A1" s="1"><v>5</v></c>`))
	f.Add(uint64(2), 20_000, []byte("ab"))
	f.Add(uint64(3), 1, []byte{})
	f.Add(uint64(4), 3_000, bytes.Repeat([]byte("żółć "), 100))
	f.Fuzz(func(t *testing.T, seed uint64, parts int, seedText []byte) {
		random := rand.New(rand.NewPCG(seed, 0))
		var out bytes.Buffer
		d, e := newDeflater(), &encoder{out: &out}
		var want []byte
		var known []int
		for range min(max(parts, 0), 30_000) {
			text, from := somePart(random, seedText, want)
			d.text, want = append(d.text, text...), append(want, text...)
			place := int(random.Int64N(int64(len(want)+200))) - 100
			if random.IntN(2) > 0 {
				place = from
			} else if len(known) > 0 && random.IntN(3) > 0 {
				place = known[len(known)-1-random.IntN(min(len(known), 50))]
			}
			switch random.IntN(4) {
			case 0:
				known = append(known, d.value(place))
			case 1: // nothing is said of it yet
			default:
				known = append(known, d.again(place))
			}
			if random.IntN(500) == 0 {
				writePending(t, d, e)
			}
		}
		writePending(t, d, e)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if d.written() != len(want) {
			t.Errorf("%d bytes are said to be written, should be %d", d.written(), len(want))
		}
		written := bytes.NewReader(out.Bytes())
		got, err := io.ReadAll(flate.NewReader(written))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("read back %d bytes (%v), should be the %d that were said", len(got), err, len(want))
		}
		if written.Len() > 0 {
			t.Errorf("%d bytes stand behind the end", written.Len())
		}
	})
}

// somePart is a text that is new, that was given, or that stood before, and where it did: nearer than a repetition can refer
// back, and farther.
func somePart(random *rand.Rand, given, before []byte) (part []byte, from int) {
	switch random.IntN(5) {
	case 0:
		fresh := make([]byte, random.IntN(40))
		for i := range fresh {
			fresh[i] = byte(random.ExpFloat64() * 20)
		}
		return fresh, 0
	case 1:
		if random.IntN(100) == 0 { // longer than one repetition can be, and overlapping
			return bytes.Repeat(given, 100), len(before) - len(given)
		}
		return given, 0
	default:
		from = max(0, len(before)-random.IntN(2*maxDistance))
		return bytes.Clone(before[from:min(len(before), from+random.IntN(300))]), from
	}
}

func writePending(t *testing.T, d *deflater, e *encoder) {
	t.Helper()
	pending := d.pending()
	e.next = d.take()
	if n, err := e.Write(e.next.text); err != nil || n != pending || d.pending() != 0 {
		t.Fatalf("wrote %d of %d bytes: %v", n, pending, err)
	}
}

// TestEncoder_RefusesOtherText: whoever writes a part past its deflater would get an archive whose checksum is of something
// else.
func TestEncoder_RefusesOtherText(t *testing.T) {
	t.Parallel()
	d := newDeflater()
	d.text = append(d.text, "said"...)
	e := &encoder{out: io.Discard, next: d.take()}
	if _, err := e.Write([]byte("something else")); err == nil {
		t.Error("text that was not said was written")
	}
}

// TestPrefixCodes_AreWholeAndShort builds codes for frequencies that make trees deeper than a code may be, too.
func TestPrefixCodes_AreWholeAndShort(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 5))
	var c code
	for round := range 3_000 {
		most := maxBits
		frequencies := make([]uint32, maxLengths)
		if round%3 == 0 {
			most, frequencies = maxMetaBits, make([]uint32, maxMeta)
		}
		before, last := uint32(1), uint32(1)
		for i := range frequencies {
			switch round % 4 {
			case 0: // Fibonacci's: the deepest tree there is
				if i < 40 {
					frequencies[i] = last
					before, last = last, before+last
				}
			case 1:
				frequencies[i] = uint32(random.ExpFloat64() * 10)
			default:
				frequencies[i] = random.Uint32N(1 << random.IntN(20))
			}
		}
		c.build(frequencies, most)
		sum, used := 0, 0
		for symbol, length := range c.lengths {
			if (length > 0) != (frequencies[symbol] > 0) || int(length) > most {
				t.Fatalf("symbol %d of frequency %d has %d bits of at most %d", symbol, frequencies[symbol], length, most)
			}
			if length > 0 {
				sum += 1 << (most - int(length))
				used++
			}
			for other, shorter := range c.lengths {
				if length > shorter && shorter > 0 && frequencies[other] < frequencies[symbol] {
					t.Fatalf("symbol %d is rarer than %d and has a shorter code", other, symbol)
				}
			}
		}
		if used > 1 && sum != 1<<most {
			t.Fatalf("a code for %d symbols fills %d of %d", used, sum, 1<<most)
		}
	}
}

// TestSheets_AreAsSmallAsACompressorMakesThem: what is not searched for is missed now and then, but not often.
func TestSheets_AreAsSmallAsACompressorMakesThem(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	var out, other bytes.Buffer
	e := &encoder{out: &out}
	s := newSheet(&both{e, &text}, e, 22, [styleCount]int{1, 2, 3, 4, 5, 6, 7})
	s.begin(make([]Column, 22), true, true)
	random := rand.New(rand.NewPCG(7, 7))
	names := []string{"Anna Kowalska", "Infolinia główna", "Jan Wiśniewski", "Sprzedaż – zimna baza", "połączenie przychodzące"}
	for row := range 5_000 {
		cells := make([]Cell, 22)
		for i := range cells {
			switch {
			case i < 3:
				cells[i] = Text("+48" + strings.Repeat(string(rune('0'+random.IntN(10))), 1+random.IntN(9)))
			case i < 6:
				cells[i] = Seconds(random.IntN(1000))
			case i < 8:
				cells[i] = Cell{kind: numberCell, style: instantStyle, number: 45_000 + float64(row*7)/86400}
			case i < 20 && random.IntN(3) > 0:
				cells[i] = Text(names[random.IntN(len(names))])
			}
		}
		s.row(cells)
	}
	s.end(true)
	if s.err != nil {
		t.Fatal(s.err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	compressor, err := flate.NewWriter(&other, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(compressor, text.String()); err != nil {
		t.Fatal(err)
	}
	if err := compressor.Close(); err != nil {
		t.Fatal(err)
	}
	if out.Len() > other.Len()*11/10 {
		t.Errorf("%d bytes of text came out as %d, a compressor makes %d of them", text.Len(), out.Len(), other.Len())
	}
	t.Logf("%d bytes of text came out as %d, a compressor makes %d of them", text.Len(), out.Len(), other.Len())
}

// both is a part that keeps what it is given.
type both struct {
	*encoder
	text *strings.Builder
}

func (b *both) Write(text []byte) (int, error) {
	b.text.Write(text)
	return b.encoder.Write(text)
}

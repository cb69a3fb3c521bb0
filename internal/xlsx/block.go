package xlsx

import "encoding/binary"

// block writes the blocks of a DEFLATE stream, each with codes of its own.
type block struct {
	out []byte
	bitBuffer

	literals, distances, meta code
	byLiteral                 [maxLengths]uint32
	byDistance                [maxDistances]uint32
	// plain are the bits of each byte, and lengths those of each length with what follows its symbol.
	plain   [256]coded
	lengths [maxLength - 2]coded
}

// bitBuffer holds the bits, count many, that do not yet fill 32.
type bitBuffer struct {
	held  uint64
	count uint
}

// coded are the bits of something, the first one lowest, and how many they are.
type coded struct{ bits, count uint32 }

// encode makes a block of a text: runs, and then bytes as they are. What it gives is good until the next call.
func (b *block) encode(text []byte, runs []run) []byte {
	b.weigh(text, runs)
	b.literals.build(b.byLiteral[:], maxBits)
	b.distances.build(b.byDistance[:], maxBits)
	b.out = b.out[:0]
	b.header()
	for c := range b.plain {
		b.plain[c] = coded{uint32(b.literals.bits[c]), uint32(b.literals.lengths[c])}
	}
	for i, length := range lengthCodes {
		own := uint32(b.literals.lengths[length.symbol])
		b.lengths[i] = coded{uint32(b.literals.bits[length.symbol]) | uint32(length.extra)<<own, own + uint32(length.bits)}
	}
	at := 0
	for i := range runs {
		one := &runs[i]
		b.bytes(text[at : at+int(one.literals)])
		at += int(one.literals) + int(one.length)
		b.repetition(one)
	}
	b.bytes(text[at:])
	b.put(uint64(b.literals.bits[endOfBlock]), uint(b.literals.lengths[endOfBlock]))
	return b.out
}

// bytes puts bytes as they are, two at a time: their codes have at most 30 bits.
func (b *block) bytes(text []byte) {
	held, count, out := b.held, b.count, b.out
	for len(text) >= 2 {
		one, two := b.plain[text[0]], b.plain[text[1]]
		text = text[2:]
		held |= (uint64(one.bits) | uint64(two.bits)<<one.count) << count
		if count += uint(one.count + two.count); count >= 32 {
			out = binary.LittleEndian.AppendUint32(out, uint32(held))
			held >>= 32
			count -= 32
		}
	}
	b.held, b.count, b.out = held, count, out
	if len(text) > 0 {
		b.put(uint64(b.plain[text[0]].bits), uint(b.plain[text[0]].count))
	}
}

// repetition puts how long it is and how far back it began.
func (b *block) repetition(one *run) {
	length := b.lengths[one.length-3]
	b.put(uint64(length.bits), uint(length.count))
	symbol, extra := distanceCode(one.distance)
	own := uint(b.distances.lengths[symbol])
	b.put(uint64(b.distances.bits[symbol])|uint64(one.distance)&(1<<extra-1)<<own, own+extra)
}

// weigh counts how often each symbol occurs.
func (b *block) weigh(text []byte, runs []run) {
	b.byLiteral, b.byDistance = [maxLengths]uint32{endOfBlock: 1}, [maxDistances]uint32{}
	at := 0
	for i := range runs {
		one := &runs[i]
		for _, c := range text[at : at+int(one.literals)] {
			b.byLiteral[c]++
		}
		b.byLiteral[lengthCodes[one.length-3].symbol]++
		symbol, _ := distanceCode(one.distance)
		b.byDistance[symbol]++
		at += int(one.literals) + int(one.length)
	}
	for _, c := range text[at:] {
		b.byLiteral[c]++
	}
}

// put puts up to 32 bits, the lowest first.
func (b *block) put(bits uint64, count uint) {
	b.held |= bits << b.count
	if b.count += count; b.count >= 32 {
		b.out = binary.LittleEndian.AppendUint32(b.out, uint32(b.held))
		b.held >>= 32
		b.count -= 32
	}
}

// metaOrder is the order in which the code of the codes' lengths is written: what is rare comes last and is left out.
var metaOrder = [maxMeta]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// How repetitions of a code's length are written: the last one 3 to 6 times, and zero 3 to 10 or 11 to 138 times.
const (
	lastAgain, fewZeros, manyZeros = 16, 17, 18
)

// header puts what says that a block with codes of its own follows, and which they are.
func (b *block) header() {
	lengths, distances := 257, 1
	for symbol, length := range b.literals.lengths {
		if length > 0 {
			lengths = max(lengths, symbol+1)
		}
	}
	for symbol, length := range b.distances.lengths {
		if length > 0 {
			distances = max(distances, symbol+1)
		}
	}
	var written [maxLengths + maxDistances]uint8
	n := copy(written[:], b.literals.lengths[:lengths])
	n += copy(written[n:], b.distances.lengths[:distances])

	var frequencies [maxMeta]uint32
	repetitions(written[:n], func(symbol uint8, _, _ uint) { frequencies[symbol]++ })
	b.meta.build(frequencies[:], maxMetaBits)
	last := maxMeta
	for last > 4 && b.meta.lengths[metaOrder[last-1]] == 0 {
		last--
	}
	const notLast, ownCodes = 0, 2
	b.put(notLast|ownCodes<<1, 3)
	b.put(uint64(lengths-257)|uint64(distances-1)<<5|uint64(last-4)<<10, 14)
	for _, symbol := range metaOrder[:last] {
		b.put(uint64(b.meta.lengths[symbol]), 3)
	}
	repetitions(written[:n], func(symbol uint8, extra, count uint) {
		b.put(uint64(b.meta.bits[symbol]), uint(b.meta.lengths[symbol]))
		b.put(uint64(extra), count)
	})
}

// repetitions calls each for every symbol that the lengths are written with, with the bits behind it and how many they are.
func repetitions(lengths []uint8, each func(symbol uint8, extra, count uint)) {
	for at := 0; at < len(lengths); {
		one, same := lengths[at], 1
		for at+same < len(lengths) && lengths[at+same] == one {
			same++
		}
		at += same
		if one > 0 {
			each(one, 0, 0)
			same--
		}
		for same >= 3 {
			var step int
			switch {
			case one > 0:
				step = min(same, 6)
				each(lastAgain, uint(step-3), 2)
			case same <= 10:
				step = same
				each(fewZeros, uint(step-3), 3)
			default:
				step = min(same, 138)
				each(manyZeros, uint(step-11), 7)
			}
			same -= step
		}
		for range same {
			each(one, 0, 0)
		}
	}
}

// end puts a last block with nothing in it, and the rest of the last byte.
func (b *block) end() []byte {
	b.out = b.out[:0]
	const last, fixedCodes = 1, 1
	b.put(last|fixedCodes<<1, 3)
	b.put(0, 7) // the end of a block in the fixed code
	for ; b.count > 0; b.count -= min(b.count, 8) {
		b.out = append(b.out, byte(b.held))
		b.held >>= 8
	}
	return b.out
}

package xlsx

import (
	"cmp"
	"math/bits"
	"slices"
)

// The alphabets of DEFLATE: bytes, the end of a block and the lengths of repetitions in one, how far back they begin in
// another, and the lengths of both codes in a third.
const (
	endOfBlock   = 256
	maxLengths   = 286
	maxDistances = 30
	maxMeta      = 19
	maxBits      = 15 // of a code of the first two
	maxMetaBits  = 7  // of a code of the third
)

// lengthCodes are the symbols that stand for the lengths of repetitions, from 3 on, and the bits that follow them.
var lengthCodes = func() (codes [maxLength - 2]struct {
	symbol      uint16
	extra, bits uint8
},
) {
	length := 0
	for symbol := uint16(257); symbol < 285; symbol++ {
		extra := max(0, (int(symbol)-261)/4)
		for low := range 1 << extra {
			codes[length].symbol, codes[length].extra, codes[length].bits = symbol, uint8(low), uint8(extra)
			length++
		}
	}
	codes[len(codes)-1].symbol, codes[len(codes)-1].extra, codes[len(codes)-1].bits = 285, 0, 0
	return codes
}()

// distanceCode is the symbol that stands for a distance less one, and the number of bits that follow it.
func distanceCode(distance uint16) (symbol, extra uint) {
	if distance < 4 {
		return uint(distance), 0
	}
	extra = uint(bits.Len16(distance)) - 2
	return 2*extra + uint(distance)>>extra, extra
}

// code is a prefix code: of each symbol the bits, the first one lowest, and how many they are, 0 if it does not occur.
type code struct {
	bits    []uint16
	lengths []uint8
	order   []weighed
	depths  []int
}

type weighed struct {
	symbol uint16
	weight uint32
}

// build makes the code that is shortest for the frequencies, without one of more bits than most but for few symbols.
func (c *code) build(frequencies []uint32, most int) {
	c.bits, c.lengths = slices.Grow(c.bits[:0], len(frequencies))[:len(frequencies)], slices.Grow(c.lengths[:0], len(frequencies))[:len(frequencies)]
	clear(c.lengths)
	c.order = c.order[:0]
	for symbol, frequency := range frequencies {
		if frequency > 0 {
			c.order = append(c.order, weighed{uint16(symbol), frequency})
		}
	}
	slices.SortFunc(c.order, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(a.symbol, b.symbol))
	})
	var counts [maxBits + 1]int
	c.count(counts[:most+1])
	rarest := 0
	for length := most; length > 0; length-- {
		for range counts[length] {
			c.lengths[c.order[rarest].symbol] = uint8(length)
			rarest++
		}
	}
	c.assign(counts[:])
}

// count says how many symbols get codes of each length; what would be longer than the longest is put there, and others
// give way for it.
func (c *code) count(counts []int) {
	most := len(counts) - 1
	if len(c.order) == 1 {
		counts[1] = 1
	}
	if len(c.order) < 2 {
		return
	}
	for _, depth := range c.leafDepths() {
		counts[min(depth, most)]++
	}
	// Kraft's sum, in units of the longest code, is 1 for a code that wastes nothing. One of the longest codes goes, with a
	// shorter one, to where there is room for both; that saves a unit.
	sum := 0
	for length, n := range counts {
		sum += n << (most - length)
	}
	for ; sum > 1<<most; sum-- {
		shorter := most - 1
		for counts[shorter] == 0 {
			shorter--
		}
		counts[most]--
		counts[shorter]--
		counts[shorter+1] += 2
	}
}

// leafDepths are the depths of the leaves of Huffman's tree, the rarest symbol first. Its inner nodes come into being in
// the order of their weights, so two queues do: leaves, and inner nodes.
func (c *code) leafDepths() []int {
	n := len(c.order)
	c.depths = slices.Grow(c.depths[:0], 3*n)[:3*n]
	parents, weights, depths := c.depths[:n], c.depths[n:2*n], c.depths[2*n:] // of inner nodes, and the depths of leaves
	leafParents := depths
	leaf, inner := 0, 0
	for node := range n - 1 {
		weights[node] = 0
		for range 2 {
			if inner >= node || leaf < n && int(c.order[leaf].weight) <= weights[inner] {
				weights[node] += int(c.order[leaf].weight)
				leafParents[leaf] = node
				leaf++
			} else {
				weights[node] += weights[inner]
				parents[inner] = node
				inner++
			}
		}
	}
	// From the root down, in place of the weights.
	levels := weights
	levels[n-2] = 0
	for node := n - 3; node >= 0; node-- {
		levels[node] = levels[parents[node]] + 1
	}
	for leaf := range n {
		depths[leaf] = levels[leafParents[leaf]] + 1
	}
	return depths
}

// assign gives the codes out: shorter ones first, symbols of one length in their order.
func (c *code) assign(counts []int) {
	var next [maxBits + 1]uint16
	first := uint16(0)
	for length := 1; length <= maxBits; length++ {
		if length > 1 {
			first += uint16(counts[length-1])
		}
		first <<= 1
		next[length] = first
	}
	for symbol, length := range c.lengths {
		if length > 0 {
			c.bits[symbol] = bits.Reverse16(next[length]) >> (16 - length)
			next[length]++
		}
	}
}

package gsm

// parameters is what a frame says.
type parameters struct {
	ratios    [order]byte
	subframes [subframes]subframe
}

type subframe struct {
	lag, gain, grid, maximum byte
	pulses                   [13]byte
}

// ratioBits is how many bits each log area ratio has.
var ratioBits = [order]int{6, 6, 5, 5, 4, 4, 3, 3}

type bitReader interface{ read(count int) byte }

func readParameters(bits bitReader) *parameters {
	p := &parameters{}
	for i, count := range ratioBits {
		p.ratios[i] = bits.read(count)
	}
	for i := range p.subframes {
		s := &p.subframes[i]
		s.lag, s.gain, s.grid, s.maximum = bits.read(7), bits.read(2), bits.read(2), bits.read(6)
		for j := range s.pulses {
			s.pulses[j] = bits.read(3)
		}
	}
	return p
}

// bitsFromHigh reads numbers whose highest bit comes first, from the highest bit of each byte on.
type bitsFromHigh struct {
	bytes    []byte
	position int
}

func (b *bitsFromHigh) read(count int) byte {
	var value byte
	for range count {
		value = value<<1 | b.bytes[b.position>>3]>>(7-b.position&7)&1
		b.position++
	}
	return value
}

// bitsFromLow reads numbers whose lowest bit comes first, from the lowest bit of each byte on.
type bitsFromLow struct {
	bytes    []byte
	position int
}

func (b *bitsFromLow) read(count int) byte {
	var value byte
	for i := range count {
		value |= b.bytes[b.position>>3] >> (b.position & 7) & 1 << i
		b.position++
	}
	return value
}

// The tables of the standard: 4.1 and 4.2 (quantization of the log area ratios), 4.3b (gains), 4.6 (mantissas).
var (
	ratioQuantizers = [order]struct{ offset, smallest, inverse int16 }{
		{0, -32, 13107},
		{0, -32, 13107},
		{2048, -16, 13107},
		{-2560, -16, 13107},
		{94, -8, 19223},
		{-1792, -8, 17476},
		{-341, -4, 31454},
		{-1144, -4, 29708},
	}
	lagGains  = [4]int16{3277, 11469, 21299, 32767}
	mantissas = [8]int16{18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767}
)

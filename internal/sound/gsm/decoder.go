package gsm

// The two shapes in which frames lie in files.
const (
	// FrameBytes is the length of a frame of a .gsm file: four bits of a signature, then 260 of speech.
	FrameBytes = 33
	// PairBytes is the length of a pair of frames of a WAV file.
	PairBytes = 65
	// FrameSamples is how many samples a frame makes, 20 ms at 8 kHz; a pair makes twice as many.
	FrameSamples = 160
	// Signature is the upper half of the first byte of each frame of a .gsm file.
	Signature = 0xD
)

const (
	subframes       = 4
	subframeSamples = 40
	maxLag          = 120
	minLag          = 40
	order           = 8
)

// Decoder holds what a frame takes over from those before it. The zero value begins a stream.
type Decoder struct {
	lag       int                                // of the last subframe whose lag was possible
	residual  [maxLag + FrameSamples]int16       // the last 120 reconstructed residuals, then those of the frame
	ratios    [order]int16                       // log area ratios of the frame before
	lattice   [order + 1]int16                   // state of the synthesis filter
	emphasis  int16                              // the last sample before de-emphasis was undone
	synthetic [subframes * subframeSamples]int16 // what a frame decodes to
}

// Frame decodes one frame of a .gsm file. The frame has FrameBytes bytes; the samples are good until the next call.
func (d *Decoder) Frame(frame []byte) []int16 {
	bits := bitsFromHigh{bytes: frame[:FrameBytes], position: 4}
	return d.decode(readParameters(&bits))
}

// Pair decodes one pair of frames of a WAV file into samples, of which there are 2 * FrameSamples. The pair has PairBytes bytes.
func (d *Decoder) Pair(samples []int16, pair []byte) {
	bits := bitsFromLow{bytes: pair[:PairBytes]}
	copy(samples[:FrameSamples], d.decode(readParameters(&bits)))
	copy(samples[FrameSamples:2*FrameSamples], d.decode(readParameters(&bits)))
}

func (d *Decoder) decode(p *parameters) []int16 {
	copy(d.residual[:maxLag], d.residual[FrameSamples:])
	for i := range p.subframes {
		d.addExcitation(&p.subframes[i], maxLag+i*subframeSamples)
	}
	d.synthesize(decodeRatios(&p.ratios))
	d.deemphasize()
	return d.synthetic[:]
}

// addExcitation reconstructs the residual of a subframe: what came a pitch period before, and pulses on a grid.
func (d *Decoder) addExcitation(s *subframe, at int) {
	lag := int(s.lag)
	if lag < minLag || lag > maxLag {
		lag = max(d.lag, minLag)
	}
	d.lag = lag
	gain := lagGains[s.gain]
	for k := at; k < at+subframeSamples; k++ {
		d.residual[k] = multiply(gain, d.residual[k-lag])
	}
	pulses := decodePulses(s)
	for i, pulse := range pulses {
		k := at + int(s.grid) + 3*i
		d.residual[k] = add(pulse, d.residual[k])
	}
}

// decodePulses is the inverse of the adaptive quantization of a subframe's pulses.
func decodePulses(s *subframe) (pulses [13]int16) {
	exponent, mantissa := 0, int(s.maximum)
	if s.maximum > 15 {
		exponent = int(s.maximum>>3) - 1
		mantissa = int(s.maximum) - exponent<<3
	}
	if mantissa == 0 {
		exponent, mantissa = -4, 7
	} else {
		for mantissa <= 7 {
			mantissa = mantissa<<1 | 1
			exponent--
		}
		mantissa -= 8
	}
	factor, shift := mantissas[mantissa], 6-exponent
	half := int16(0)
	if shift > 0 {
		half = 1 << (shift - 1)
	}
	for i, code := range s.pulses {
		pulse := (int16(code)<<1 - 7) << 12
		pulses[i] = add(multiply(factor, pulse), half) >> shift
	}
	return pulses
}

// decodeRatios is the inverse of the quantization of the log area ratios.
func decodeRatios(codes *[order]byte) (ratios [order]int16) {
	for i, code := range codes {
		q := &ratioQuantizers[i]
		ratio := add(int16(code), q.smallest) << 10
		ratio = multiply(q.inverse, subtract(ratio, q.offset<<1))
		ratios[i] = add(ratio, ratio)
	}
	return ratios
}

// synthesize runs the residual through the filter of the vocal tract, whose shape glides from the last frame's to this one's.
func (d *Decoder) synthesize(ratios [order]int16) {
	last := d.ratios
	d.ratios = ratios
	d.filter(0, 13, func(i int) int16 { return add(add(last[i]>>2, ratios[i]>>2), last[i]>>1) })
	d.filter(13, 27, func(i int) int16 { return add(last[i]>>1, ratios[i]>>1) })
	d.filter(27, 40, func(i int) int16 { return add(add(last[i]>>2, ratios[i]>>2), ratios[i]>>1) })
	d.filter(40, FrameSamples, func(i int) int16 { return ratios[i] })
}

func (d *Decoder) filter(from, to int, ratio func(i int) int16) {
	var reflection [order]int16
	for i := range reflection {
		reflection[i] = reflectionOf(ratio(i))
	}
	for k := from; k < to; k++ {
		sample := d.residual[maxLag+k]
		for i := order - 1; i >= 0; i-- {
			sample = subtract(sample, multiply(reflection[i], d.lattice[i]))
			d.lattice[i+1] = add(d.lattice[i], multiply(reflection[i], sample))
		}
		d.lattice[0] = sample
		d.synthetic[k] = sample
	}
}

// reflectionOf is the reflection coefficient of a log area ratio.
func reflectionOf(ratio int16) int16 {
	size := ratio
	if ratio < 0 {
		size = subtract(0, ratio)
	}
	switch {
	case size < 11059:
		size <<= 1
	case size < 20070:
		size += 11059
	default:
		size = add(size>>2, 26112)
	}
	if ratio < 0 {
		return -size
	}
	return size
}

// deemphasize undoes what the encoder did to high tones, and scales 13 bits to 16.
func (d *Decoder) deemphasize() {
	for k, sample := range d.synthetic {
		d.emphasis = add(sample, multiply(d.emphasis, 28180))
		d.synthetic[k] = add(d.emphasis, d.emphasis) &^ 7
	}
}

package sound

import (
	"encoding/binary"
	"math"
)

// Peaks is what one channel looks like: the smallest and the largest sample of each stretch, in steps of 1/128.
type Peaks struct {
	Smallest, Largest []int8
}

// peakFinder finds the extremes of stretches in the PCM that it is given piece by piece.
type peakFinder struct {
	channels  int
	stretches int
	samples   int64 // of each channel, in all
	seen      int64
	extremes  []extremes // of each stretch, the channels beside each other
}

type extremes struct{ smallest, largest int16 }

// none is the extremes of no sample.
var none = extremes{smallest: math.MaxInt16, largest: math.MinInt16}

func (e *extremes) add(sample int16) { e.join(extremes{sample, sample}) }

func (e *extremes) join(other extremes) {
	e.smallest, e.largest = min(e.smallest, other.smallest), max(e.largest, other.largest)
}

func newPeakFinder(channels, stretches int, samples int64) *peakFinder {
	p := &peakFinder{channels: channels, stretches: stretches, samples: samples, extremes: make([]extremes, stretches*channels)}
	for i := range p.extremes {
		p.extremes[i] = none
	}
	return p
}

// add takes whole samples of all channels.
func (p *peakFinder) add(pcm []byte) {
	for len(pcm) >= 2*p.channels && p.seen < p.samples {
		stretch := p.seen * int64(p.stretches) / p.samples
		end := ((stretch+1)*p.samples + int64(p.stretches) - 1) / int64(p.stretches)
		count := min(int(end-p.seen), len(pcm)/(2*p.channels))
		found := p.extremes[int(stretch)*p.channels : int(stretch+1)*p.channels]
		for i := range count * p.channels {
			found[i%p.channels].add(int16(binary.LittleEndian.Uint16(pcm[2*i:])))
		}
		pcm = pcm[2*p.channels*count:]
		p.seen += int64(count)
	}
}

// peaks gives what was found. A stretch without a sample of its own, of a sound shorter than stretches, is as the one before it.
func (p *peakFinder) peaks() []Peaks {
	found := make([]Peaks, p.channels)
	for channel := range found {
		one := Peaks{Smallest: make([]int8, p.stretches), Largest: make([]int8, p.stretches)}
		var last extremes
		for i := range p.stretches {
			if e := p.extremes[i*p.channels+channel]; e.smallest <= e.largest {
				last = e
			}
			one.Smallest[i], one.Largest[i] = int8(last.smallest>>8), int8(last.largest>>8)
		}
		found[channel] = one
	}
	return found
}

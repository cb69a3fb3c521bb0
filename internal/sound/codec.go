package sound

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/zaf/g711"

	"github.com/kontakty/kontakty/internal/sound/gsm"
)

// codec is how samples are written in frames of one length each.
type codec struct {
	// frameBytes is the length of a frame, frameSamples how many samples of each channel it makes.
	frameBytes, frameSamples int
	// chunk is how many frames are decoded at once, warmUp how many before them are decoded for the state that they leave.
	chunk, warmUp int
	// decode makes 16-bit PCM samples, lowest byte first, of whole frames. It begins without a state; what it does not fill is
	// silence.
	decode func(ctx context.Context, pcm, frames []byte) error
}

// statelessChunk is how many frames of a codec without a state are decoded at once.
const statelessChunk = 8 << 10

// stateless makes the codec of samples of so many bytes that stand for themselves.
func stateless(size int, sample func(b []byte) int16) codec {
	return codec{frameBytes: size, frameSamples: 1, chunk: statelessChunk, decode: func(_ context.Context, pcm, frames []byte) error {
		for i := range len(frames) / size {
			binary.LittleEndian.PutUint16(pcm[2*i:], uint16(sample(frames[i*size:(i+1)*size])))
		}
		return nil
	}}
}

var (
	muLaw    = stateless(1, func(b []byte) int16 { return g711.DecodeUlawFrame(b[0]) })
	aLaw     = stateless(1, func(b []byte) int16 { return g711.DecodeAlawFrame(b[0]) })
	linear8  = stateless(1, func(b []byte) int16 { return int16(b[0])<<8 ^ math.MinInt16 })
	linear16 = stateless(2, func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b)) })
	linear24 = stateless(3, func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b[1:])) })
	linear32 = stateless(4, func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b[2:])) })
	float32s = stateless(4, func(b []byte) int16 {
		return sampleOf(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	})
	float64s = stateless(8, func(b []byte) int16 { return sampleOf(math.Float64frombits(binary.LittleEndian.Uint64(b))) })
)

// sampleOf makes a sample of a fraction of 1.
func sampleOf(fraction float64) int16 {
	if math.IsNaN(fraction) {
		return 0
	}
	return int16(math.Round(min(max(fraction, -1), 1) * math.MaxInt16))
}

// Two seconds of frames before a chunk leave the state that all frames before it would have left.
var (
	gsmFrames = codec{frameBytes: gsm.FrameBytes, frameSamples: gsm.FrameSamples, chunk: 200, warmUp: 100, decode: func(_ context.Context, pcm, frames []byte) error {
		var decoder gsm.Decoder
		for i := range len(frames) / gsm.FrameBytes {
			putSamples(pcm[i*2*gsm.FrameSamples:], decoder.Frame(frames[i*gsm.FrameBytes:]))
		}
		return nil
	}}
	gsmPairs = codec{frameBytes: gsm.PairBytes, frameSamples: 2 * gsm.FrameSamples, chunk: 100, warmUp: 50, decode: func(_ context.Context, pcm, pairs []byte) error {
		var decoder gsm.Decoder
		var samples [2 * gsm.FrameSamples]int16
		for i := range len(pairs) / gsm.PairBytes {
			decoder.Pair(samples[:], pairs[i*gsm.PairBytes:])
			putSamples(pcm[i*2*len(samples):], samples[:])
		}
		return nil
	}}
)

func putSamples(pcm []byte, samples []int16) {
	for i, sample := range samples {
		binary.LittleEndian.PutUint16(pcm[2*i:], uint16(sample))
	}
}

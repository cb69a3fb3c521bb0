package sound

import "context"

// encoding is how the samples of a track are written.
type encoding struct {
	codec
	rate, channels int
}

// track is sound in frames of one length, so that the place of any sample follows by arithmetic.
type track struct {
	encoding
	file   file
	offset int64 // of the first frame in the file
	frames int64
	// index is where every indexStep-th frame lies and where the last one ends, if frames have different lengths.
	index []int64
	// samples is how many samples each channel has.
	samples int64
}

// newTrack is the track that lies in a stretch of a file.
func newTrack(f file, e encoding, offset, length int64) *track {
	f.head = nil
	t := &track{encoding: e, file: f, offset: offset, frames: length / int64(e.frameBytes)}
	t.frames = min(t.frames, maxWaveBytes/int64(t.framePCM()))
	t.samples = t.frames * int64(t.frameSamples)
	return t
}

// indexStep divides the chunk and the warming up of every codec whose frames are indexed.
const indexStep = 50

// byteAt is where a frame begins; one behind the last begins where that ends.
func (t *track) byteAt(frame int64) int64 {
	if t.index == nil {
		return t.offset + frame*int64(t.frameBytes)
	}
	return t.index[(frame+indexStep-1)/indexStep]
}

// framePCM is how many bytes of PCM a frame of all channels makes.
func (t *track) framePCM() int { return 2 * t.frameSamples * t.channels }

// pcmBytes is how many bytes of PCM the track makes.
func (t *track) pcmBytes() int64 { return 2 * t.samples * int64(t.channels) }

// chunkPCM is how many bytes of PCM a chunk makes, but for the last one.
func (t *track) chunkPCM() int64 { return int64(t.chunk) * int64(t.framePCM()) }

// decodeChunk makes the PCM of a chunk. Chunks begin at fixed frames, so that a sample does not depend on who reads it.
func (t *track) decodeChunk(ctx context.Context, number int64) ([]byte, error) {
	first := number * int64(t.chunk)
	last := min(first+int64(t.chunk), t.frames)
	from := max(first-int64(t.warmUp), 0)
	frames := make([]byte, t.byteAt(last)-t.byteAt(from))
	if err := t.file.readFull(ctx, frames, t.byteAt(from)); err != nil {
		return nil, err
	}
	pcm := make([]byte, (last-from)*int64(t.framePCM()))
	if err := t.decode(ctx, pcm, frames); err != nil {
		return nil, err
	}
	pcm = pcm[(first-from)*int64(t.framePCM()):]
	return pcm[:min(int64(len(pcm)), t.pcmBytes()-number*t.chunkPCM())], nil
}

func (t *track) peaks(ctx context.Context, stretches int) ([]Peaks, error) {
	p := newPeakFinder(t.channels, stretches, t.samples)
	for number := int64(0); number*t.chunkPCM() < t.pcmBytes(); number++ {
		pcm, err := t.decodeChunk(ctx, number)
		if err != nil {
			return nil, err
		}
		p.add(pcm)
	}
	return p.peaks(), nil
}

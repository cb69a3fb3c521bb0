package sound

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
)

const (
	waveHeadBytes = 44
	// maxWaveBytes is how much sound a WAV file has room for: its lengths have 32 bits.
	maxWaveBytes = math.MaxUint32 - waveHeadBytes
)

// WaveHead is the head of a WAV file of 16-bit PCM samples.
func WaveHead(rate, channels int, pcmBytes int64) []byte {
	head := make([]byte, 0, waveHeadBytes)
	head = append(head, "RIFF"...)
	head = binary.LittleEndian.AppendUint32(head, uint32(waveHeadBytes-8+pcmBytes))
	head = append(head, "WAVEfmt "...)
	head = binary.LittleEndian.AppendUint32(head, 16)
	head = binary.LittleEndian.AppendUint16(head, formatPCM)
	head = binary.LittleEndian.AppendUint16(head, uint16(channels))
	head = binary.LittleEndian.AppendUint32(head, uint32(rate))
	head = binary.LittleEndian.AppendUint32(head, uint32(2*rate*channels))
	head = binary.LittleEndian.AppendUint16(head, uint16(2*channels))
	head = binary.LittleEndian.AppendUint16(head, 16)
	head = append(head, "data"...)
	return binary.LittleEndian.AppendUint32(head, uint32(pcmBytes))
}

// waveReader is the WAV file that a track makes, decoded chunk by chunk as it is read.
type waveReader struct {
	ctx      context.Context
	track    *track
	head     []byte
	size     int64
	position int64
	number   int64 // of the chunk that pcm holds, -1 at first
	pcm      []byte
	closed   bool
}

func newWaveReader(ctx context.Context, t *track) *waveReader {
	return &waveReader{
		ctx: ctx, track: t, head: WaveHead(t.rate, t.channels, t.pcmBytes()), size: waveHeadBytes + t.pcmBytes(), number: -1,
	}
}

var errClosed = errors.New("the reader of the recording is closed")

// Read reads from the position on.
func (r *waveReader) Read(p []byte) (int, error) {
	switch {
	case r.closed:
		return 0, errClosed
	case r.ctx.Err() != nil:
		return 0, r.ctx.Err()
	case r.position >= r.size:
		return 0, io.EOF
	case r.position < waveHeadBytes:
		n := copy(p, r.head[r.position:])
		r.position += int64(n)
		return n, nil
	}
	at := r.position - waveHeadBytes
	if number := at / r.track.chunkPCM(); number != r.number {
		pcm, err := r.track.decodeChunk(r.ctx, number)
		if err != nil {
			return 0, err
		}
		r.number, r.pcm = number, pcm
	}
	n := copy(p, r.pcm[at-r.number*r.track.chunkPCM():])
	r.position += int64(n)
	return n, nil
}

var (
	errWhence   = errors.New("a seek from an unknown place")
	errNegative = errors.New("a seek to before the beginning")
)

// Seek sets the position; nothing is read or decoded.
func (r *waveReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.position
	case io.SeekEnd:
		offset += r.size
	default:
		return 0, errWhence
	}
	if offset < 0 {
		return 0, errNegative
	}
	r.position = offset
	return offset, nil
}

// Close gives up what was decoded.
func (r *waveReader) Close() error {
	r.closed, r.pcm, r.number = true, nil, -1
	return nil
}

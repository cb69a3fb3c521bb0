package sound

import (
	"context"
	"encoding/binary"
	"fmt"
)

// The formats of samples that a WAV file may have.
const (
	formatPCM        = 0x0001
	formatMSADPCM    = 0x0002
	formatFloat      = 0x0003
	formatALaw       = 0x0006
	formatMuLaw      = 0x0007
	formatIMAADPCM   = 0x0011
	formatGSM        = 0x0031
	formatExtensible = 0xFFFE
)

// wave is what the chunks of a WAV file say.
type wave struct {
	format             uint16
	channels, bits     int
	rate, bytesASecond int
	block              int    // bytes of a block of samples of all channels
	description        []byte // the fmt chunk
	samples            int64  // of the fact chunk, 0 where there is none
	offset             int64  // of the data
	length             int64  // of the data, as far as it is there
	declared           int64  // length of the data as its chunk says it
}

const (
	maxChunksBeforeData = 64
	maxDescription      = 1 << 10
)

func openWave(ctx context.Context, f file) (content, error) {
	w, err := readWave(ctx, f)
	if err != nil {
		return content{}, err
	}
	e, err := w.encoding()
	if err != nil {
		return content{}, err
	}
	t := newTrack(f, e, w.offset, w.length)
	if w.samples > 0 && w.samples < t.samples && t.samples-w.samples < int64(e.frameSamples) {
		t.samples = w.samples // the rest of the last frame was filled up
	}
	c, err := contentOf(t)
	c.cut = w.declared > w.length
	c.original = w.isPlayed() && w.declared == w.length
	return c, err
}

// readWave reads the chunks up to the data. A recorder that was killed, or still records, left lengths of 0 or as large as can
// be, and no more chunks behind: then all that follows is data.
func readWave(ctx context.Context, f file) (*wave, error) {
	w := &wave{}
	var head [8]byte
	at := int64(12)
	for range maxChunksBeforeData {
		if at+8 > f.size {
			break
		}
		if err := f.readFull(ctx, head[:], at); err != nil {
			return nil, err
		}
		name, length := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
		at += 8
		switch name {
		case "data":
			w.setData(at, length, f.size)
			if w.description == nil {
				return nil, fmt.Errorf("%w: it does not say how it was written", ErrBroken)
			}
			if w.length == 0 {
				return nil, ErrEmpty
			}
			return w, nil
		case "fmt ":
			if err := w.readDescription(ctx, f, at, length); err != nil {
				return nil, err
			}
		case "fact":
			if length >= 4 && at+4 <= f.size {
				if err := f.readFull(ctx, head[:4], at); err != nil {
					return nil, err
				}
				w.samples = int64(binary.LittleEndian.Uint32(head[:4]))
			}
		}
		at += length + length&1
	}
	if w.description != nil {
		return nil, ErrEmpty
	}
	return nil, fmt.Errorf("%w: there is no sound in it", ErrBroken)
}

func (w *wave) setData(at, declared, size int64) {
	w.offset, w.declared, w.length = at, declared, min(declared, size-at)
	if declared == 0 || declared >= maxUnknownLength {
		w.length = size - at
	}
	if declared >= maxUnknownLength {
		w.declared = 0
	}
}

// maxUnknownLength is from where on a length means that it was not known: programs write that they stream by numbers near 2^32.
const maxUnknownLength = 0xFFFFF000

func (w *wave) readDescription(ctx context.Context, f file, at, length int64) error {
	if length < 14 || length > maxDescription || at+length > f.size {
		return fmt.Errorf("%w: it does not say how it was written", ErrBroken)
	}
	d := make([]byte, length)
	if err := f.readFull(ctx, d, at); err != nil {
		return err
	}
	w.description = d
	w.format = binary.LittleEndian.Uint16(d)
	w.channels = int(binary.LittleEndian.Uint16(d[2:]))
	w.rate = int(binary.LittleEndian.Uint32(d[4:]))
	w.bytesASecond = int(binary.LittleEndian.Uint32(d[8:]))
	w.block = int(binary.LittleEndian.Uint16(d[12:]))
	if length >= 16 {
		w.bits = int(binary.LittleEndian.Uint16(d[14:]))
	}
	if w.format == formatExtensible && length >= 26 {
		w.format = binary.LittleEndian.Uint16(d[24:])
	}
	return nil
}

const (
	maxChannels = 16
	minRate     = 1_000
	maxRate     = 400_000
)

// linearCodecs are the codecs of PCM samples by their bits, floatCodecs those of floating-point numbers.
var (
	linearCodecs = map[int]codec{8: linear8, 16: linear16, 24: linear24, 32: linear32}
	floatCodecs  = map[int]codec{32: float32s, 64: float64s}
)

// encoding is how the samples are written.
func (w *wave) encoding() (encoding, error) {
	e := encoding{rate: w.rate, channels: w.channels}
	if w.channels < 1 || w.channels > maxChannels || w.rate < minRate || w.rate > maxRate {
		return e, fmt.Errorf("%w: it has no channels, or an impossible rate", ErrBroken)
	}
	known := true
	switch w.format {
	case formatPCM:
		e.codec, known = linearCodecs[w.bits]
	case formatFloat:
		e.codec, known = floatCodecs[w.bits]
	case formatALaw:
		e.codec = aLaw
	case formatMuLaw:
		e.codec = muLaw
	case formatGSM:
		e.codec, known = gsmPairs, w.channels == 1
	case formatMSADPCM, formatIMAADPCM:
		return w.externalEncoding(e)
	default:
		known = false
	}
	if !known {
		return e, ErrUnplayable
	}
	e.frameBytes *= e.channels
	if w.block != e.frameBytes && w.block != 0 {
		return e, fmt.Errorf("%w: its blocks have another length than its samples", ErrBroken)
	}
	return e, nil
}

// externalEncoding is that of blocks that ffmpeg decodes, each by itself. It is told the format by a head of its own.
func (w *wave) externalEncoding(e encoding) (encoding, error) {
	if len(w.description) < 20 || w.block < 4 {
		return e, fmt.Errorf("%w: it does not say how it was written", ErrBroken)
	}
	samples := int(binary.LittleEndian.Uint16(w.description[18:]))
	if samples < 1 || samples > 4*w.block {
		return e, fmt.Errorf("%w: its blocks have an impossible length", ErrBroken)
	}
	if err := needFFmpeg(); err != nil {
		return e, err
	}
	prefix := []byte("RIFF\xff\xff\xff\xffWAVEfmt ")
	prefix = binary.LittleEndian.AppendUint32(prefix, uint32(len(w.description)))
	prefix = append(prefix, w.description...)
	if len(w.description)&1 == 1 {
		prefix = append(prefix, 0)
	}
	prefix = append(prefix, "data\xff\xff\xff\xff"...)
	return external("wav", e, w.block, samples, prefix), nil
}

// isPlayed tells that browsers play this format.
func (w *wave) isPlayed() bool {
	return w.channels <= 2 && w.block != 0 && (w.format == formatPCM || w.format == formatFloat && w.bits == 32)
}

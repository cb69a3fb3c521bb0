package sound

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
)

// mpegHeader is the header of a frame of MPEG audio, layer III.
type mpegHeader struct {
	version  byte // 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
	bitRate  int
	rate     int
	channels int
	bytes    int
	samples  int
}

var (
	bitRatesMPEG1 = [16]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}
	bitRatesMPEG2 = [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}
	ratesMPEG1    = [4]int{44100, 48000, 32000, 0}
)

const mpegHeaderBytes = 4

// readMPEGHeader reads the header of a frame, if it is one.
func readMPEGHeader(b []byte) (mpegHeader, bool) {
	if len(b) < mpegHeaderBytes || b[0] != 0xFF || b[1]&0xE0 != 0xE0 || b[1]>>1&3 != 1 {
		return mpegHeader{}, false
	}
	h := mpegHeader{version: b[1] >> 3 & 3, channels: 2, samples: 1152}
	h.rate = ratesMPEG1[b[2]>>2&3]
	h.bitRate = 1000 * bitRatesMPEG1[b[2]>>4]
	switch h.version {
	case 1:
		return h, false
	case 3:
	default:
		h.rate >>= 1
		if h.version == 0 {
			h.rate >>= 1
		}
		h.bitRate, h.samples = 1000*bitRatesMPEG2[b[2]>>4], 576
	}
	if b[3]>>6 == 3 {
		h.channels = 1
	}
	if h.rate == 0 || h.bitRate == 0 {
		return h, false
	}
	h.bytes = h.samples/8*h.bitRate/h.rate + int(b[2]>>1&1)
	return h, true
}

// isMP3 tells by a tag, or by two frames that follow each other.
func isMP3(head []byte) bool {
	if bytes.HasPrefix(head, []byte("ID3")) {
		return true
	}
	_, ok := firstFrame(head, 1)
	return ok
}

// firstFrame is where the first frame begins, among so many places, that another one of its kind or the end follows.
func firstFrame(b []byte, places int) (int, bool) {
	for at := range min(places, len(b)) {
		first, ok := readMPEGHeader(b[at:])
		if !ok {
			continue
		}
		if at+first.bytes+mpegHeaderBytes > len(b) {
			return at, at+first.bytes <= len(b)
		}
		if second, ok := readMPEGHeader(b[at+first.bytes:]); ok && second.rate == first.rate && second.version == first.version {
			return at, true
		}
	}
	return 0, false
}

// openMP3 knows the length from the first frame, where encoders note the count of frames, or from a steady bit rate.
func openMP3(ctx context.Context, f file) (content, error) {
	start := int64(0)
	if h := f.head; bytes.HasPrefix(h, []byte("ID3")) && len(h) >= 10 {
		start = 10 + int64(h[6]&0x7F)<<21 + int64(h[7]&0x7F)<<14 + int64(h[8]&0x7F)<<7 + int64(h[9]&0x7F)
	}
	if start >= f.size {
		return content{}, ErrEmpty
	}
	b := make([]byte, min(f.size-start, headBytes))
	if err := f.readFull(ctx, b, start); err != nil {
		return content{}, err
	}
	at, ok := firstFrame(b, len(b))
	if !ok {
		return content{}, fmt.Errorf("%w: there is no frame of MP3 in it", ErrBroken)
	}
	h, _ := readMPEGHeader(b[at:])
	seconds := float64(f.size-start-int64(at)) * 8 / float64(h.bitRate)
	if frames := notedFrames(b[at:min(at+h.bytes, len(b))], h); frames > 0 {
		seconds = float64(frames) * float64(h.samples) / float64(h.rate)
	}
	return content{original: true, channels: h.channels, seconds: plausible(seconds)}, nil
}

// notedFrames is how many frames follow as the first one notes it, 0 where it does not.
func notedFrames(frame []byte, h mpegHeader) uint32 {
	at := mpegHeaderBytes + sideBytes(h)
	if len(frame) >= at+12 && (string(frame[at:at+4]) == "Xing" || string(frame[at:at+4]) == "Info") && frame[at+7]&1 == 1 {
		return binary.BigEndian.Uint32(frame[at+8:])
	}
	if at = mpegHeaderBytes + 32; len(frame) >= at+18 && string(frame[at:at+4]) == "VBRI" {
		return binary.BigEndian.Uint32(frame[at+14:])
	}
	return 0
}

// sideBytes is the length of what stands between a frame's header and what encoders note.
func sideBytes(h mpegHeader) int {
	switch {
	case h.version == 3 && h.channels == 2:
		return 32
	case h.version == 3 || h.channels == 2:
		return 17
	default:
		return 9
	}
}

// isAAC tells by two ADTS frames that follow each other.
func isAAC(head []byte) bool {
	length, ok := adtsBytes(head)
	if !ok || len(head) < length {
		return false
	}
	_, ok = adtsBytes(head[length:])
	return ok || len(head) == length
}

// adtsBytes is the length of an ADTS frame, if it is one.
func adtsBytes(b []byte) (int, bool) {
	if len(b) < 7 || b[0] != 0xFF || b[1]&0xF6 != 0xF0 {
		return 0, false
	}
	length := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
	return length, length > 7
}

func openAAC(_ context.Context, f file) (content, error) {
	channels := int(f.head[2]&1)<<2 | int(f.head[3]>>6)
	return content{original: true, channels: channels}, nil
}

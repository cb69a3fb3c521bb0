package gsm_test

import (
	"testing"

	"github.com/kontakty/kontakty/internal/sound/gsm"
)

// The samples of real frames are compared with another decoder's in package sound; here is what holds of any bytes.
func FuzzDecoder(f *testing.F) {
	f.Add(make([]byte, 3*gsm.PairBytes))
	f.Fuzz(func(t *testing.T, frames []byte) {
		var decoder gsm.Decoder
		for i := 0; i+gsm.FrameBytes <= len(frames); i += gsm.FrameBytes {
			for _, sample := range decoder.Frame(frames[i:]) {
				if sample&7 != 0 {
					t.Fatalf("sample %d has more than 13 bits", sample)
				}
			}
		}
		var samples [2 * gsm.FrameSamples]int16
		for i := 0; i+gsm.PairBytes <= len(frames); i += gsm.PairBytes {
			decoder.Pair(samples[:], frames[i:])
		}
	})
}

func TestDecoder_IsSilentWhereTheFramesSaySilence(t *testing.T) {
	t.Parallel()
	silence := []byte{0xD8, 0x20, 0xA2, 0xE1, 0x5A, 0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24, 0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24, 0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24, 0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24}
	var decoder gsm.Decoder
	for range 50 {
		for _, sample := range decoder.Frame(silence) {
			if sample < -16 || sample > 16 {
				t.Fatalf("sample %d", sample)
			}
		}
	}
}

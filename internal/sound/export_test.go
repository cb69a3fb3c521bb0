package sound

import (
	"context"
	"fmt"
)

// WaveHead is the head of a WAV file of 16-bit PCM samples.
var WaveHead = waveHead

// DecodedAtOnce is what Reader would give if one decoder went through the whole recording.
func DecodedAtOnce(s *Sound) []byte {
	t := *s.track
	t.chunk = int(t.frames)
	pcm, err := t.decodeChunk(context.Background(), 0)
	if err != nil {
		panic(fmt.Sprint("a recording in memory cannot be read: ", err))
	}
	return append(waveHead(t.rate, t.channels, t.pcmBytes()), pcm...)
}

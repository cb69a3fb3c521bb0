package sound

import (
	"context"
	"fmt"
)

// DecodedAtOnce is what Reader would give if one decoder went through the whole recording.
func DecodedAtOnce(s *Sound) []byte {
	t := *s.track
	t.chunk, t.warmUp = int(t.frames), 0
	pcm, err := t.decodeChunk(context.Background(), 0)
	if err != nil {
		panic(fmt.Sprint("a recording in memory cannot be read: ", err))
	}
	return append(WaveHead(t.rate, t.channels, t.pcmBytes()), pcm...)
}

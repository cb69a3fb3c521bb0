package sound_test

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/kontakty/kontakty/internal/sound"
)

// A recording that browsers do not play is given as PCM.
func ExampleOpen() {
	content, err := os.ReadFile("testdata/speech-mulaw.wav")
	if err != nil {
		fmt.Println(err)
		return
	}
	recording, err := sound.Open(context.Background(), bytes.NewReader(content), int64(len(content)), "call.wav")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(recording.MediaType(), recording.Channels(), recording.Original())
	// Output: audio/wav 1 false
}

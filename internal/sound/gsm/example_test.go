package gsm_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/sound/gsm"
)

// Every sequence of bytes is some sound.
func ExampleDecoder_Frame() {
	var decoder gsm.Decoder
	fmt.Println(len(decoder.Frame(make([]byte, gsm.FrameBytes))), "samples")
	// Output: 160 samples
}

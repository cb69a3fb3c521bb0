package speech_test

import (
	"fmt"
	"io"

	"github.com/kontakty/kontakty/internal/sample/speech"
)

// The path tells how long the call was; its recording is spoken where it is read.
func ExampleOpen() {
	recording, err := speech.Open("2026/11/27/0-00000123-187s.wav")
	if err != nil {
		fmt.Println(err)
		return
	}
	head := make([]byte, 12)
	_, err = io.ReadFull(io.NewSectionReader(recording, 0, recording.Size()), head)
	fmt.Println(recording.Size()/32_000, "seconds,", string(head[8:]), err)

	_, err = speech.Open("2026/11/27/somebodys-own.wav")
	fmt.Println(err)
	// Output:
	// 187 seconds, WAVE <nil>
	// there is no such invented recording
}

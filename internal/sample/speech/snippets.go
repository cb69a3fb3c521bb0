package speech

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/kontakty/kontakty/internal/sound/gsm"
)

//go:embed snippets/*/*.gsm
var snippets embed.FS

// voice is what one speaker can say, as samples.
type voice struct{ greeting, talk, farewell [][]int16 }

type voiceSet struct {
	agent   voice
	clients [2]voice
}

// spoken is what there is to be said, decoded when it is first asked for: two minutes, 2 MB.
var spoken = sync.OnceValue(func() *voiceSet {
	return &voiceSet{agent: voiceOf("agent"), clients: [2]voice{voiceOf("woman"), voiceOf("man")}}
})

func voiceOf(speaker string) voice {
	return voice{greeting: sentences(speaker, "greeting"), talk: sentences(speaker, "talk"), farewell: sentences(speaker, "farewell")}
}

// sentences are those of a speaker for a part of a talk, in the order of their numbers.
func sentences(speaker, part string) [][]int16 {
	directory := "snippets/" + speaker
	entries, err := fs.ReadDir(snippets, directory)
	if err != nil {
		panic(fmt.Sprint("sentences are missing in the program: ", err))
	}
	entries = slices.DeleteFunc(entries, func(entry fs.DirEntry) bool { return !strings.HasPrefix(entry.Name(), part+"-") })
	said := make([][]int16, len(entries))
	for i, entry := range entries {
		frames, err := snippets.ReadFile(directory + "/" + entry.Name())
		if err != nil {
			panic(fmt.Sprint("a sentence is missing in the program: ", err))
		}
		var decoder gsm.Decoder
		for ; len(frames) >= gsm.FrameBytes; frames = frames[gsm.FrameBytes:] {
			said[i] = append(said[i], decoder.Frame(frames)...)
		}
	}
	return said
}

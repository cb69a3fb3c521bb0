package sound

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/sound/gsm"
)

// kind is a type of file: what it is called, how it is known, and how it is opened.
type kind struct {
	mediaType string
	extension string
	// matches tells by the first bytes of a file that it is of this kind; nil where only the name does.
	matches func(head []byte) bool
	// names are the extensions of files of this kind that have no mark of their own.
	names []string
	// open finds out what the sound is.
	open func(ctx context.Context, f file) (content, error)
}

var waveKind = kind{mediaType: "audio/wav", extension: ".wav", matches: isWave, open: openWave}

// kinds are the types of files, in the order in which they are tried.
var kinds = []kind{
	waveKind,
	{mediaType: "audio/ogg", extension: ".ogg", matches: isOgg, open: openOgg},
	{mediaType: "audio/flac", extension: ".flac", matches: isFLAC, open: openFLAC},
	{mediaType: "audio/mp4", extension: ".m4a", matches: isMP4, open: openMP4},
	{mediaType: "audio/webm", extension: ".webm", matches: isWebM, open: openWebM},
	{mediaType: "audio/mpeg", extension: ".mp3", matches: isMP3, names: []string{".mp3"}, open: openMP3},
	{mediaType: "audio/aac", extension: ".aac", matches: isAAC, open: openAAC},
	{mediaType: "audio/gsm", extension: ".gsm", matches: isGSM, open: openRaw(gsmFrames, 8000)},
	{mediaType: "audio/amr", extension: ".amr", matches: isAMR, open: openAMR},
	{mediaType: "audio/g729", extension: ".g729", names: []string{".g729", ".g729a", ".g729b"}, open: openExternal("g729", 8000, 10, 80)},
	{mediaType: "audio/g722", extension: ".g722", names: []string{".g722"}, open: openExternal("g722", 16000, 80, 160)},
	{mediaType: "audio/basic", extension: ".ulaw", names: []string{".ulaw", ".ul", ".mulaw", ".mu", ".pcmu", ".pcm"}, open: openRaw(muLaw, 8000)},
	{mediaType: "audio/x-alaw-basic", extension: ".alaw", names: []string{".alaw", ".al", ".pcma"}, open: openRaw(aLaw, 8000)},
	{mediaType: "audio/l16", extension: ".sln", names: []string{".sln", ".slin", ".raw"}, open: openRaw(linear16, 8000)},
	{mediaType: "audio/l16", extension: ".sln16", names: []string{".sln16"}, open: openRaw(linear16, 16000)},
}

// kindOf tells the kind by the bytes, and by the name where no bytes do.
func kindOf(head []byte, name string) (kind, bool) {
	for _, k := range kinds {
		if k.matches != nil && k.matches(head) {
			return k, true
		}
	}
	extension := strings.ToLower(path.Ext(name))
	for _, k := range kinds {
		if slices.Contains(k.names, extension) {
			return k, true
		}
	}
	return kind{}, false
}

func isWave(head []byte) bool {
	return len(head) >= 12 && (bytes.HasPrefix(head, []byte("RIFF")) || bytes.HasPrefix(head, []byte("RF64"))) && string(head[8:12]) == "WAVE"
}

// isGSM tells that each of the first frames carries the signature: one of sixteen bytes does by chance, so four are asked for
// where there are as many.
func isGSM(head []byte) bool {
	frames := min(len(head)/gsm.FrameBytes, 8)
	for i := range frames {
		if head[i*gsm.FrameBytes]>>4 != gsm.Signature {
			return false
		}
	}
	return frames > 0
}

// openRaw opens a file that is nothing but the frames of a codec.
func openRaw(c codec, rate int) func(context.Context, file) (content, error) {
	return func(_ context.Context, f file) (content, error) {
		return contentOf(newTrack(f, encoding{codec: c, channels: 1, rate: rate}, 0, f.size))
	}
}

// openExternal opens a file that is nothing but frames which ffmpeg decodes.
func openExternal(format string, rate, frameBytes, frameSamples int) func(context.Context, file) (content, error) {
	return func(_ context.Context, f file) (content, error) {
		if err := needFFmpeg(); err != nil {
			return content{}, err
		}
		return contentOf(newTrack(f, external(format, encoding{rate: rate, channels: 1}, frameBytes, frameSamples, nil), 0, f.size))
	}
}

package sound_test

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/kontakty/kontakty/internal/sound"
)

// What browsers play is given as it is. Encoders fill up the last frame, or add silence before the first.
func TestSound_ThatBrowsersPlayIsGivenAsItIs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		mediaType, extension string
		seconds              float64
	}{
		"speech.mp3":        {"audio/mpeg", ".mp3", 1.37},
		"speech-vorbis.ogg": {"audio/ogg", ".ogg", 1.2},
		"speech-opus.ogg":   {"audio/ogg", ".ogg", 1.2},
		"speech.m4a":        {"audio/mp4", ".m4a", 1.2},
		"speech.webm":       {"audio/webm", ".webm", 1.21},
		"speech.flac":       {"audio/flac", ".flac", 0.2},
		"speech.aac":        {"audio/aac", ".aac", 0},
	} {
		recording := testdata(t, name)
		opened := open(t, recording, "a name that tells nothing")
		if opened.MediaType() != want.mediaType || opened.Extension() != want.extension || !opened.Original() || opened.Channels() != 1 {
			t.Errorf("%s: %s %s, original %t, %d channels", name, opened.MediaType(), opened.Extension(), opened.Original(), opened.Channels())
		}
		if math.Abs(opened.Seconds()-want.seconds) > 0.01 {
			t.Errorf("%s: %g s, not %g", name, opened.Seconds(), want.seconds)
		}
		if !bytes.Equal(content(t, opened), recording) {
			t.Errorf("%s was changed", name)
		}
	}
}

func TestSound_OfOneBitRateIsMeasuredByIt(t *testing.T) {
	t.Parallel()
	recording := testdata(t, "speech.mp3")
	start := bytes.Index(recording, []byte{0xFF})
	second := start + 4 + bytes.Index(recording[start+4:], recording[start:start+2])
	tag := append([]byte("ID3\x04\x00\x00\x00\x00\x01\x00"), make([]byte, 128)...)
	without := append(tag, recording[second:]...)
	if opened := open(t, without, ""); math.Abs(opened.Seconds()-1.4) > 0.1 {
		t.Errorf("an MP3 without a count of frames has %g s", opened.Seconds())
	}
}

func TestSound_ThatNothingPlaysSaysWhy(t *testing.T) {
	t.Parallel()
	film, speex := testdata(t, "speech.m4a"), bytes.Replace(testdata(t, "speech-opus.ogg"), []byte("OpusHead"), []byte("Speex   "), 1)
	for name, c := range map[string]struct {
		recording []byte
		want      error
	}{
		"an M4A without an index": {bytes.Replace(film, []byte("moov"), []byte("free"), 1), sound.ErrBroken},
		"an Ogg of Speex":         {speex, sound.ErrUnplayable},
		"an Ogg cut in its head":  {speex[:20], sound.ErrBroken},
		"a FLAC cut in its head":  {testdata(t, "speech.flac")[:12], sound.ErrBroken},
		"an MP3 of noise":         {append([]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), make([]byte, 3000)...), sound.ErrBroken},
		"an MP3 of a tag alone":   {[]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), sound.ErrEmpty},
		"Matroska":                {[]byte("\x1A\x45\xDF\xA3\x8Bmatroska...."), sound.ErrUnplayable},
	} {
		if _, err := sound.Open(t.Context(), bytes.NewReader(c.recording), int64(len(c.recording)), "name"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Raw formats have no mark of their own: there the name decides.
func TestSound_WithoutAMarkIsToldByItsName(t *testing.T) {
	t.Parallel()
	for name, seconds := range map[string]float64{"a.ULAW": 1, "a.alaw": 1, "a.sln": 0.5, "a.sln16": 0.25} {
		opened := open(t, bytes.Repeat([]byte{0x55, 0xA0}, 4000), "2026/11/27/"+name)
		if opened.Seconds() != seconds || opened.MediaType() != "audio/wav" {
			t.Errorf("%s: %g s, %s", name, opened.Seconds(), opened.MediaType())
		}
	}
}

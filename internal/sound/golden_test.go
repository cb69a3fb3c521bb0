package sound_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/kontakty/kontakty/internal/sound"
)

// decodedBySox is what sox decodes the files of testdata to: the digest of 16-bit samples.
var decodedBySox = map[string]string{
	"speech.gsm":       "4c639869cfc5b7540d0f9cc2c7f9138614f44e890ac5d82e00ad9e82f2dacbce",
	"speech-wav49.wav": "4c639869cfc5b7540d0f9cc2c7f9138614f44e890ac5d82e00ad9e82f2dacbce",
	"speech-mulaw.wav": "04a43933844e192987829cca439462f1be28152cac46e9dea819592b02b5ff12",
	"speech-alaw.wav":  "2ce6c0fca43f3d134394beb358e87990a5c2cc8cedb805e0124e455931a500a8",
}

func TestSound_IsDecodedAsSoxDecodesIt(t *testing.T) {
	t.Parallel()
	for name, want := range decodedBySox {
		opened := open(t, testdata(t, name), name)
		if opened.MediaType() != "audio/wav" || opened.Extension() != ".wav" || opened.Original() || opened.Cut() {
			t.Errorf("%s: %s, original %t, cut %t", name, opened.MediaType(), opened.Original(), opened.Cut())
		}
		if opened.Seconds() != 1.2 || opened.Channels() != 1 {
			t.Errorf("%s has %g s and %d channels", name, opened.Seconds(), opened.Channels())
		}
		if got := digest(pcmOf(t, content(t, opened))); got != want {
			t.Errorf("%s: the samples are not those of sox", name)
		}
	}
}

// The bytes of a range are those of the whole, wherever it begins.
func TestSound_IsTheSameFromAnyPlace(t *testing.T) {
	t.Parallel()
	for name := range decodedBySox {
		recording := testdata(t, name)
		opened := open(t, recording, name)
		whole := content(t, opened)
		reader, size, err := opened.Reader(t.Context())
		if err != nil || size != int64(len(whole)) {
			t.Fatalf("%s: %d bytes of %d, %v", name, len(whole), size, err)
		}
		for _, at := range []int64{size - 1, 43, 44, 45, size / 2, 0, 7000, size - 3000, size} {
			if _, err := reader.Seek(at, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if rest, err := io.ReadAll(reader); err != nil || !bytes.Equal(rest, whole[at:]) {
				t.Errorf("%s from %d on: %d bytes of %d, or others, %v", name, at, len(rest), len(whole)-int(at), err)
			}
		}
		if at, err := reader.Seek(-1, io.SeekEnd); err != nil || at != size-1 {
			t.Errorf("a seek from the end led to %d, %v", at, err)
		}
		if _, err := reader.Seek(-size, io.SeekCurrent); err == nil {
			t.Error("a seek to before the beginning was taken")
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A decoder that begins in the middle of a recording has, after warming up, the state of one that began at the start. A tone
// lets a state last longer than speech does.
func TestSound_OfALongRecordingDoesNotDependOnWhereItBegan(t *testing.T) {
	t.Parallel()
	for name, recording := range map[string][]byte{
		"speech": bytes.Repeat(testdata(t, "speech.gsm"), 40), "a tone": testdata(t, "tone.gsm"),
	} {
		opened := open(t, recording, "long.gsm")
		chunked := pcmOf(t, content(t, opened))
		atOnce := pcmOf(t, sound.DecodedAtOnce(opened))
		if !bytes.Equal(chunked, atOnce) {
			t.Errorf("%s: chunks do not join to what one decoder makes", name)
		}
	}
}

func TestSound_OfSomethingElseSaysWhatItIs(t *testing.T) {
	t.Parallel()
	speech := testdata(t, "speech-mulaw.wav")
	for name, c := range map[string]struct {
		recording []byte
		want      error
	}{
		"nothing":               {nil, sound.ErrEmpty},
		"zeros":                 {make([]byte, 5000), sound.ErrEmpty},
		"text":                  {[]byte("Dzień dobry, to nie jest nagranie."), sound.ErrUnplayable},
		"a WAV's head alone":    {speech[:58], sound.ErrEmpty},
		"a WAV without a fmt":   {append([]byte("RIFF\x00\x00\x00\x00WAVE"), "data\x04\x00\x00\x00abcd"...), sound.ErrBroken},
		"a WAV without a chunk": {[]byte("RIFF\x00\x00\x00\x00WAVE"), sound.ErrBroken},
		"an impossible rate":    {patched(speech, 24, 0, 0, 0, 0), sound.ErrBroken},
		"no channels":           {patched(speech, 22, 0, 0), sound.ErrBroken},
		"an unknown format":     {patched(speech, 20, 0x99, 0x99), sound.ErrUnplayable},
	} {
		if _, err := sound.Open(t.Context(), bytes.NewReader(c.recording), int64(len(c.recording)), "name"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was cut, is still being written, or was streamed plays as far as it is there.
func TestSound_ThatIsCutGivesWhatIsThere(t *testing.T) {
	t.Parallel()
	speech := testdata(t, "speech-mulaw.wav")
	whole := pcmOf(t, content(t, open(t, speech, "a.wav")))
	for name, c := range map[string]struct {
		recording []byte
		bytes     int
		cut       bool
	}{
		"cut":           {speech[:3058], 6000, true},
		"being written": {patched(speech, 54, 0, 0, 0, 0), 19200, false},
		"streamed":      {patched(speech, 54, 0xff, 0xff, 0xff, 0xff), 19200, false},
	} {
		opened := open(t, c.recording, "a.wav")
		got := pcmOf(t, content(t, opened))
		if opened.Cut() != c.cut || !bytes.Equal(got, whole[:c.bytes]) {
			t.Errorf("%s: cut is %t, %d bytes", name, opened.Cut(), len(got))
		}
	}

	pcm := content(t, open(t, speech, "a.wav"))
	for name, recording := range map[string][]byte{"cut": pcm[:len(pcm)-1001], "being written": patched(pcm, 40, 0, 0, 0, 0)} {
		opened := open(t, recording, "a.wav")
		if opened.Original() {
			t.Errorf("%s: the head of a PCM file was left as it is, with a wrong length", name)
		}
		made := content(t, opened)
		if length := binary.LittleEndian.Uint32(made[40:]); int(length) != len(made)-44 || !bytes.HasPrefix(pcm[44:], made[44:]) {
			t.Errorf("%s: a length of %d for %d bytes, or others", name, length, len(made)-44)
		}
	}
	if opened := open(t, pcm, "a.wav"); !opened.Original() || !bytes.Equal(content(t, opened), pcm) {
		t.Error("a PCM file was not given as it is")
	}
}

func TestPeaks_AreTheExtremesOfEachChannel(t *testing.T) {
	t.Parallel()
	const rate, seconds = 8000, 3
	recording := waveOf(2, rate, func(i, channel int) int16 {
		if second := i / rate; channel == 0 {
			return int16(-256 * (second + 1))
		} else {
			return int16(1024 * (second + i%2))
		}
	}, rate*seconds)
	peaks, err := open(t, recording, "a.wav").Peaks(t.Context(), seconds)
	if err != nil || len(peaks) != 2 {
		t.Fatalf("%d channels, %v", len(peaks), err)
	}
	for second := range seconds {
		low, high := int8(-(second + 1)), int8(4*second)
		if a := peaks[0]; a.Smallest[second] != low || a.Largest[second] != low {
			t.Errorf("second %d of the first channel: %d to %d", second, a.Smallest[second], a.Largest[second])
		}
		if b := peaks[1]; b.Smallest[second] != high || b.Largest[second] != high+4 {
			t.Errorf("second %d of the second channel: %d to %d", second, b.Smallest[second], b.Largest[second])
		}
	}
	short, err := open(t, waveOf(1, rate, func(int, int) int16 { return 512 }, 3), "a.wav").Peaks(t.Context(), 10)
	if err != nil || len(short) != 1 || len(short[0].Smallest) != 10 || short[0].Smallest[9] != 2 {
		t.Errorf("three samples in ten stretches: %v, %v", short, err)
	}
}

func open(t *testing.T, recording []byte, name string) *sound.Sound {
	t.Helper()
	opened, err := sound.Open(t.Context(), bytes.NewReader(recording), int64(len(recording)), name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return opened
}

// content is all that a sound's reader gives.
func content(t *testing.T, opened *sound.Sound) []byte {
	t.Helper()
	reader, size, err := opened.Reader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	all, err := io.ReadAll(reader)
	if err != nil || int64(len(all)) != size {
		t.Fatalf("%d bytes of %d, %v", len(all), size, err)
	}
	return all
}

// pcmOf is the samples of a WAV file that was made on the way.
func pcmOf(t *testing.T, made []byte) []byte {
	t.Helper()
	if len(made) < 44 || int(binary.LittleEndian.Uint32(made[40:])) != len(made)-44 || int(binary.LittleEndian.Uint32(made[4:])) != len(made)-8 {
		t.Fatalf("the head of %d bytes tells another length", len(made))
	}
	return made[44:]
}

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	recording, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

// patched is a copy with other bytes at a place.
func patched(recording []byte, at int, with ...byte) []byte {
	recording = bytes.Clone(recording)
	copy(recording[at:], with)
	return recording
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// waveOf is a WAV file of 16-bit PCM.
func waveOf(channels, rate int, sample func(i, channel int) int16, samples int) []byte {
	var pcm []byte
	for i := range samples {
		for channel := range channels {
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(sample(i, channel)))
		}
	}
	return append(sound.WaveHead(rate, channels, int64(len(pcm))), pcm...)
}

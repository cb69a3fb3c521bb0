package sound_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/sound"
)

// ffmpeg makes a recording of half a minute and some, a tone that grows louder, in a format.
func ffmpeg(t *testing.T, arguments ...string) []byte {
	t.Helper()
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Fatal("ffmpeg is missing: `.ci/install ffmpeg` installs it, as `make test` does")
	}
	tone := waveOf(1, 8000, func(i, _ int) int16 { return int16(float64(i) / 12 * math.Sin(float64(i)*math.Pi/10)) }, 40*8000)
	command := exec.CommandContext(t.Context(), program, append(append([]string{"-loglevel", "error", "-i", "pipe:0"}, arguments...), "pipe:1")...)
	command.Stdin = bytes.NewReader(tone)
	recording, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

func TestSound_ThatFFmpegDecodesIsHeardFromAnyPlace(t *testing.T) {
	t.Parallel()
	for name, recording := range map[string][]byte{
		"a.g722":  ffmpeg(t, "-ar", "16000", "-f", "g722"),
		"ima.wav": ffmpeg(t, "-c:a", "adpcm_ima_wav", "-f", "wav"),
		"ms.wav":  ffmpeg(t, "-c:a", "adpcm_ms", "-f", "wav"),
		"a.amr":   bytes.Join([][]byte{[]byte("#!AMR\n"), bytes.Repeat(testdata(t, "speech.amr")[6:], 33)}, nil),
		"a.g729":  bytes.Repeat([]byte{0x6C, 0x2B, 0x7A, 0x1D, 0x33, 0x9C, 0x51, 0xE0, 0x47, 0x8F}, 4000),
	} {
		opened := open(t, recording, name)
		if opened.Original() || opened.MediaType() != "audio/wav" || opened.Channels() != 1 || math.Abs(opened.Seconds()-40) > 0.5 {
			t.Errorf("%s: %s, %d channels, %g s", name, opened.MediaType(), opened.Channels(), opened.Seconds())
		}
		whole := content(t, opened)
		reader, size, err := opened.Reader(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int64{size * 9 / 10, size / 2, 44} {
			if _, err := reader.Seek(at, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if rest, err := io.ReadAll(reader); err != nil || !bytes.Equal(rest, whole[at:]) {
				t.Errorf("%s from %d on: %d bytes of %d, or others, %v", name, at, len(rest), len(whole)-int(at), err)
			}
		}
		peaks, err := opened.Peaks(t.Context(), 40)
		if err != nil || len(peaks) != 1 {
			t.Fatalf("%s: %d channels of peaks, %v", name, len(peaks), err)
		}
		for i, largest := range peaks[0].Largest[:39] {
			if largest < 1 || peaks[0].Smallest[i] > -1 {
				t.Errorf("%s: second %d is silent", name, i)
			}
		}
	}
}

// Half a minute is decoded at a time: where two of them meet, the tone goes on.
func TestSound_HasNoSeamWhereOneProcessFollowsAnother(t *testing.T) {
	t.Parallel()
	for name, recording := range map[string][]byte{
		"a.g722": ffmpeg(t, "-ar", "16000", "-f", "g722"), "ima.wav": ffmpeg(t, "-c:a", "adpcm_ima_wav", "-f", "wav"),
	} {
		opened := open(t, recording, name)
		if !bytes.Equal(content(t, opened), sound.DecodedAtOnce(opened)) {
			t.Errorf("%s: two processes make another sound than one", name)
		}
	}
}

func TestPeaks_OfWhatBrowsersPlayAreDrawnToo(t *testing.T) {
	t.Parallel()
	for name, recording := range map[string][]byte{
		"mp3":    ffmpeg(t, "-b:a", "16k", "-f", "mp3"),
		"vorbis": ffmpeg(t, "-c:a", "libvorbis", "-f", "ogg"),
		"opus":   ffmpeg(t, "-c:a", "libopus", "-b:a", "12k", "-f", "ogg"),
		"webm":   ffmpeg(t, "-c:a", "libopus", "-b:a", "12k", "-f", "webm"),
		"aac":    ffmpeg(t, "-b:a", "24k", "-f", "adts"),
		"flac":   ffmpeg(t, "-f", "flac"),
	} {
		peaks, err := open(t, recording, "").Peaks(t.Context(), 8)
		if err != nil || len(peaks) != 1 || len(peaks[0].Largest) != 8 {
			t.Fatalf("%s: %d channels of peaks, %v", name, len(peaks), err)
		}
		if largest := peaks[0].Largest; !slices.IsSorted(largest) || largest[0] < 5 || largest[7] < 90 {
			t.Errorf("%s: a tone that grows louder looks like %v", name, largest)
		}
	}
}

func TestPeaks_OfWhatCannotBeDecodedAreNone(t *testing.T) {
	t.Parallel()
	unreadable := append(testdata(t, "speech-opus.ogg")[:47], bytes.Repeat([]byte{7}, 5000)...)
	if peaks, err := open(t, unreadable, "").Peaks(t.Context(), 8); peaks != nil || err != nil {
		t.Errorf("%d channels of peaks, %v", len(peaks), err)
	}
}

var errAway = errors.New("the bucket is away")

// failing fails from a place on.
type failing struct {
	recording []byte
	from      int64
}

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, errAway
	}
	return bytes.NewReader(f.recording).ReadAt(p, at)
}

// An error of the bucket is told as what it is: not as a broken recording, nor as its end.
func TestSound_TellsTheErrorOfItsSource(t *testing.T) {
	t.Parallel()
	for name, recording := range map[string][]byte{"a.mp3": ffmpeg(t, "-b:a", "32k", "-f", "mp3"), "a.g722": ffmpeg(t, "-ar", "16000", "-f", "g722")} {
		source := failing{recording, 60_000}
		opened, err := sound.Open(t.Context(), source, int64(len(recording)), name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := opened.Peaks(t.Context(), 10); !errors.Is(err, errAway) {
			t.Errorf("%s: peaks end with %v", name, err)
		}
		reader, _, err := opened.Reader(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, reader); !errors.Is(err, errAway) {
			t.Errorf("%s: a reader ends with %v", name, err)
		}
	}
	if _, err := sound.Open(t.Context(), failing{make([]byte, 10), 0}, 10, ""); !errors.Is(err, errAway) {
		t.Errorf("opening ends with %v", err)
	}
}

// Who does not listen any more does not make anything be decoded.
func TestSound_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	recording := ffmpeg(t, "-ar", "16000", "-f", "g722")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	opened, err := sound.Open(ctx, bytes.NewReader(recording), int64(len(recording)), "a.g722")
	if err != nil {
		t.Fatal(err)
	}
	reader, _, err := opened.Reader(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := reader.Read(make([]byte, 100)); !errors.Is(err, context.Canceled) {
		t.Errorf("a reader ends with %v", err)
	}
	if _, err := opened.Peaks(ctx, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("peaks end with %v", err)
	}
	if _, err := sound.Open(ctx, bytes.NewReader(recording), int64(len(recording)), "a.g722"); !errors.Is(err, context.Canceled) {
		t.Errorf("opening ends with %v", err)
	}
}

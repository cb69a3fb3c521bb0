package speech_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"github.com/kontakty/kontakty/internal/sample/speech"
	"github.com/kontakty/kontakty/internal/sound"
)

func TestRecording_IsTheSameEachTimeAndAsLongAsItsPathSays(t *testing.T) {
	t.Parallel()
	paths := map[string]float64{
		"2026/11/27/0-00000123-187s.wav": 187, "2026/11/27/0-00000124-187s.wav": 187, "2026/11/27/0-00000123-2-3s.wav": 3, "2026/11/27/7-123456789-1s.wav": 1,
	}
	said := map[string]string{}
	for path, seconds := range paths {
		all := read(t, path)
		if !bytes.Equal(all, read(t, path)) {
			t.Errorf("%s is another one the second time", path)
		}
		if other, again := said[string(all)]; again {
			t.Errorf("%s says what %s says", path, other)
		}
		said[string(all)] = path
		opened, err := sound.Open(t.Context(), bytes.NewReader(all), int64(len(all)), path)
		if err != nil || opened.Seconds() != seconds || opened.Channels() != 2 || !opened.Original() || opened.MediaType() != "audio/wav" {
			t.Errorf("%s: %+v, %v", path, opened, err)
		}
	}
}

// Both are heard, each on its own channel, one after the other.
func TestRecording_IsOfTwoWhoTakeTurns(t *testing.T) {
	t.Parallel()
	pcm := read(t, "2026/11/27/0-00000123-187s.wav")[44:]
	const step = 800 // a tenth of a second
	var agent, client, both, neither int
	for at := 0; at+4*step <= len(pcm); at += 4 * step {
		first, second := loudest(pcm[at:at+4*step], 0) > 500, loudest(pcm[at:at+4*step], 2) > 500
		switch {
		case first && second:
			both++
		case first:
			agent++
		case second:
			client++
		default:
			neither++
		}
	}
	if agent < 500 || client < 250 || neither < 100 || both > 0 {
		t.Errorf("tenths of a second: agent %d, client %d, both %d, neither %d", agent, client, both, neither)
	}
	if last := pcm[len(pcm)-4*5*8000:]; loudest(last, 2) < 500 {
		t.Error("the client does not take leave")
	}
}

// What a stretch holds does not depend on how it is read.
func TestRecording_IsReadFromAnyPlace(t *testing.T) {
	t.Parallel()
	const path = "2026/11/27/0-00000500-40s.wav"
	whole := read(t, path)
	recording := open(t, path)
	for at := int64(0); at < recording.Size(); at += 9_973 {
		for _, length := range []int64{1, 3, 7, 4096, 70_001} {
			p := make([]byte, length)
			n, err := recording.ReadAt(p, at)
			want := whole[at:min(at+length, recording.Size())]
			if !bytes.Equal(p[:n], want) || (err != nil) != (int64(n) < length) || err != nil && !errors.Is(err, io.EOF) {
				t.Fatalf("%d bytes from %d on: %d, others, or %v", length, at, n, err)
			}
		}
	}
	if n, err := recording.ReadAt(make([]byte, 1), recording.Size()); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("behind the end: %d bytes, %v", n, err)
	}
	if _, err := recording.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a place before the beginning was read")
	}
}

func TestOpen_SpeaksInventedPathsAlone(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"", "a.wav", "2026/11/27/q-600-+48501723894-20261127-225837-1795816717.0.wav", "2026/11/27/0-00000123.wav", "2026/11/27/0-00000123-0s.wav",
		"2026/11/27/0-00000123-99999s.wav", "2026/11/27/0-00000123-187s.wav/..", "/2026/11/27/0-00000123-187s.wav", "2026/11/27/0-00000123-187s.wav\n",
		"x/2026/11/27/0-00000123-187s.wav", "2026/11/27/0-00000123-187s.mp3",
	} {
		if _, err := speech.Open(path); !errors.Is(err, speech.ErrAbsent) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// The middle of an hour costs what its beginning costs.
func BenchmarkRecording_Middle(b *testing.B) {
	recording, err := speech.Open("2026/11/27/0-00000123-3600s.wav")
	if err != nil {
		b.Fatal(err)
	}
	p := make([]byte, 64<<10)
	for b.Loop() {
		if _, err := recording.ReadAt(p, recording.Size()/2); err != nil {
			b.Fatal(err)
		}
	}
}

func open(t *testing.T, path string) *speech.Recording {
	t.Helper()
	recording, err := speech.Open(path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return recording
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	recording := open(t, path)
	all, err := io.ReadAll(io.NewSectionReader(recording, 0, recording.Size()))
	if err != nil || int64(len(all)) != recording.Size() {
		t.Fatalf("%s: %d bytes of %d, %v", path, len(all), recording.Size(), err)
	}
	return all
}

func loudest(pcm []byte, channel int) int {
	most := 0
	for at := channel; at < len(pcm); at += 4 {
		sample := int(int16(binary.LittleEndian.Uint16(pcm[at:])))
		most = max(most, sample, -sample)
	}
	return most
}

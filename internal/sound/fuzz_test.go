package sound_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/sound"
)

// Whatever the bytes are, Open says what they hold or why not, and what it took can be read to its end with the length that it told.
func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob("testdata/speech*")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d samples, %v", len(files), err)
	}
	for _, name := range files {
		recording, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(recording, filepath.Ext(name))
	}
	f.Fuzz(func(t *testing.T, recording []byte, extension string) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		opened, err := sound.Open(ctx, bytes.NewReader(recording), int64(len(recording)), "name"+extension)
		if err != nil {
			return
		}
		if opened.Seconds() < 0 || opened.Channels() < 0 || opened.MediaType() == "" {
			t.Errorf("%g s, %d channels, %q", opened.Seconds(), opened.Channels(), opened.MediaType())
		}
		reader, size, err := opened.Reader(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = reader.Close() }()
		if n, err := io.Copy(io.Discard, reader); err != nil || n != size {
			t.Errorf("%d bytes of %d, %v", n, size, err)
		}
		peaks, err := opened.Peaks(ctx, 7)
		if err != nil || peaks != nil && len(peaks) != opened.Channels() {
			t.Errorf("%d channels of peaks of %d, %v", len(peaks), opened.Channels(), err)
		}
	})
}

package media

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/storage"
)

func TestLibrary_SaysWhereRecordingsStand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.listener(t)
	sound := wave(8000)
	s.put(t, "a/"+canary+".wav", sound)
	s.put(t, "empty.wav", nil)
	s.put(t, "broken.wav", []byte("RIFF\x10\x00\x00\x00WAVEfmt \xff\xff"))
	s.put(t, "page.wav", []byte("<html><script>alert(1)</script></html>"))
	found := s.record(t, to, "pbx1:1", s.folder+"/a/"+canary+".wav", "/missing.wav", "../secret.wav", "empty.wav", "broken.wav", "page.wav")
	for i, want := range []struct {
		state   State
		size    int
		problem string
	}{
		{Available, len(sound), ""},
		{Absent, -1, ""},
		{Absent, -1, ""},
		{Available, 0, "recording.empty"},
		{Available, 18, "recording.broken"},
		{Available, 38, "recording.unplayable"},
	} {
		one := found[i]
		state, _ := one.State(t.Context())
		size, _ := one.SizeBytes(t.Context())
		got, problem := -1, ""
		if size != nil {
			got = int(*size)
		}
		if trouble := one.Problem(t.Context()); trouble != nil {
			problem = string(trouble.Reason)
		}
		url, _ := one.URL(t.Context())
		if state != want.state || got != want.size || problem != want.problem || (url != nil) != (state == Available) {
			t.Errorf("%s: %s, %d bytes, problem %q, url %v; want %+v", one.Path, state, got, problem, url != nil, want)
		}
	}
	if channels, _ := found[0].Channels(t.Context()); channels == nil || *channels != 2 {
		t.Errorf("channels: %v", channels)
	}
	peaks, err := found[0].Peaks(t.Context(), 50)
	if err != nil || len(peaks) != 2 || len(peaks[0].Smallest) != 50 || len(peaks[1].Largest) != 50 || slices.Max(peaks[0].Largest) < 100 {
		t.Errorf("peaks: %v (%v)", peaks, err)
	}
	for _, buckets := range []int{0, -1, MaxBuckets + 1} {
		if _, err := found[0].Peaks(t.Context(), buckets); err == nil {
			t.Errorf("%d buckets are drawn", buckets)
		}
	}
	for _, one := range found[1:] {
		if peaks, err := one.Peaks(t.Context(), 50); peaks != nil || err != nil {
			t.Errorf("%s is drawn as %v (%v)", one.Path, peaks, err)
		}
	}

	// A source of its own has its own folder, and no other.
	other := t.TempDir()
	must(t, os.WriteFile(filepath.Join(other, "b.wav"), sound, 0o600))
	s.set(t, func(config *Config) {
		config.Recordings, err = OpenPlaces(t.Context(), Addresses{Sources: map[string]string{"pbx2": "file://" + other}})
		must(t, err)
	})
	for externalID, want := range map[string]State{"pbx2:1": Available, "pbx22:1": NotConfigured, "pbx2": NotConfigured, "pbx3:pbx2:1": NotConfigured} {
		if externalID == "pbx2" {
			want = Available // a source may name a contact as itself
		}
		if state, _ := s.record(t, to, externalID, "b.wav")[0].State(t.Context()); state != want {
			t.Errorf("the recording of %s is %s, want %s", externalID, state, want)
		}
	}
}

// archive is one that does what a test says.
type archive struct {
	open func(ctx context.Context) (storage.Object, error)
}

func (a archive) Open(ctx context.Context, _ string) (storage.Object, error) { return a.open(ctx) }
func (archive) SignedAddress(_ context.Context, _, mediaType, _ string) (string, error) {
	return "https://bucket.example.com/a?type=" + mediaType, nil
}
func (archive) Close() error { return nil }

// object is sound of which an archive gives so much, and then does something else.
type object struct {
	*bytes.Reader
	ctx   context.Context
	given int64
	then  func(context.Context) error
}

func (o object) ReadAt(into []byte, offset int64) (int, error) {
	if offset+int64(len(into)) > o.given {
		return 0, o.then(o.ctx)
	}
	return o.Reader.ReadAt(into, offset)
}
func (o object) Size() int64 { return o.Reader.Size() }
func (object) ETag() string  { return "tag" }
func (object) Close() error  { return nil }

// stuck waits for as long as it may.
func stuck(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestLibrary_WaitsForNoArchiveLongerThanItMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.listener(t)
	sound := wave(400_000)
	of := func(open func(context.Context) (storage.Object, error)) *Recording {
		t.Helper()
		s.set(t, func(config *Config) {
			config.Recordings, config.ReadTime = Places{Default: storage.NewCollection(archive{open}, "")}, 200*time.Millisecond
		})
		return s.record(t, to, fmt.Sprintf("contact %d", s.made), canary+".wav")[0]
	}
	giving := func(given int, then func(context.Context) error) func(ctx context.Context) (storage.Object, error) {
		return func(ctx context.Context) (storage.Object, error) {
			return object{bytes.NewReader(sound), ctx, int64(given), then}, nil
		}
	}
	half := func(context.Context) error { return fmt.Errorf("%w: it gave a part of a file", storage.ErrAway) }

	slow := of(func(ctx context.Context) (storage.Object, error) { return nil, stuck(ctx) })
	began := time.Now()
	state, _ := slow.State(t.Context())
	if url, _ := slow.URL(t.Context()); state != Unreachable || url != nil || time.Since(began) > 30*time.Second {
		t.Errorf("a slow archive: %s after %v", state, time.Since(began))
	}
	gone := of(func(context.Context) (storage.Object, error) { return nil, storage.ErrAway })
	if state, _ := gone.State(t.Context()); state != Unreachable {
		t.Errorf("an archive that is gone: %s", state)
	}

	for what, open := range map[string]func(context.Context) (storage.Object, error){
		"gives nothing": giving(0, stuck), "fails at once": giving(0, half), "is not there": func(context.Context) (storage.Object, error) { return nil, storage.ErrAway },
	} {
		_ = of(giving(len(sound), nil))
		recording := of(giving(len(sound), nil))
		url := address(t, recording)
		s.set(t, func(config *Config) { config.Recordings = Places{Default: storage.NewCollection(archive{open}, "")} })
		got := s.ask(t, http.MethodGet, url, nil)
		if got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), `"UNAVAILABLE"`) {
			t.Errorf("an archive that %s: %d %.80q", what, got.Code, got.Body)
		}
	}
	for what, then := range map[string]func(context.Context) error{"stops": stuck, "gives half": half} {
		url := address(t, of(giving(700_000, then)))
		server := httptest.NewServer(s.library.Handler())
		response, err := http.Get(server.URL + url)
		must(t, err)
		n, err := new(bytes.Buffer).ReadFrom(response.Body)
		if response.StatusCode != http.StatusOK || err == nil || n == 0 || n >= int64(len(sound)) {
			t.Errorf("an archive that %s: %d, %d bytes, %v", what, response.StatusCode, n, err)
		}
		_ = response.Body.Close()
		server.Close()
	}
	if told := s.log.String(); strings.Count(told, "a recording was given in part") != 2 {
		t.Errorf("the log: %s", told)
	}
}

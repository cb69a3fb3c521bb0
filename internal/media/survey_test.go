package media

import (
	"context"
	"testing"

	"github.com/kontakty/kontakty/internal/storage"
)

func TestLook_CountsWhatIsAbsent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.listener(t)
	s.put(t, "a.wav", wave(10))
	s.record(t, to, "1", "a.wav", "b.wav")
	s.record(t, to, "2", "../a.wav")
	s.record(t, to, "pbx2:3", "a.wav")
	var steps int
	found, err := Look(t.Context(), s.pool, Places{Default: s.config.Recordings.Default}, func(Survey) { steps++ })
	must(t, err)
	if want := (Survey{Recordings: 4, Absent: 2}); found != want || steps != 1 {
		t.Errorf("%v after %d steps, want %v", found, steps, want)
	}
	found, err = Look(t.Context(), s.pool, Places{Sources: map[string]*storage.Collection{"pbx2": s.config.Recordings.Default}}, func(Survey) {})
	must(t, err)
	if want := (Survey{Recordings: 4, NotConfigured: 3}); found != want {
		t.Errorf("with an archive of one source: %v, want %v", found, want)
	}
	away := storage.NewCollection(archive{func(context.Context) (storage.Object, error) { return nil, storage.ErrAway }}, "")
	if found, err = Look(t.Context(), s.pool, Places{Default: away}, func(Survey) {}); err == nil || found.Unreachable != 3 { // the fourth path names nothing
		t.Errorf("an archive that is gone: %v, %v", found, err)
	}
}

package speech_test

import (
	"errors"
	"testing"

	"github.com/kontakty/kontakty/internal/sample/speech"
	"github.com/kontakty/kontakty/internal/storage"
)

func TestArchive_HasTheRecordingsOfInventedContacts(t *testing.T) {
	t.Parallel()
	object, err := speech.Archive{}.Open(t.Context(), "2026/11/27/0-00000123-187s.wav")
	if err != nil || object.Size() != 44+187*32_000 || object.ETag() == "" || object.Close() != nil {
		t.Errorf("%v, %v", object, err)
	}
	if _, err := (speech.Archive{}).Open(t.Context(), "2026/11/27/a.wav"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("what nobody invented: %v", err)
	}
	if _, err := (speech.Archive{}).SignedAddress(t.Context(), "2026/11/27/0-00000123-187s.wav", "audio/wav", "inline"); !errors.Is(err, storage.ErrNotSigned) {
		t.Errorf("an address of its own: %v", err)
	}
}

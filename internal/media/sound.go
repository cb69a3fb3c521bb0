package media

import (
	"context"
	"errors"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/sound"
	"github.com/kontakty/kontakty/internal/storage"
)

// openSound says what a file holds, by its bytes. Errors: a *fault.Error that says why it cannot be played; those of reading.
func openSound(ctx context.Context, from storage.Object, key string) (*sound.Sound, error) {
	opened, err := sound.Open(ctx, from, from.Size(), key)
	switch {
	case errors.Is(err, sound.ErrEmpty):
		return nil, fault.New(fault.RecordingEmpty, "")
	case errors.Is(err, sound.ErrBroken):
		return nil, fault.New(fault.RecordingBroken, "")
	case errors.Is(err, sound.ErrUnplayable):
		return nil, fault.New(fault.RecordingUnplayable, "")
	default:
		return opened, err
	}
}

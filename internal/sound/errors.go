package sound

import (
	"errors"
	"fmt"
)

var (
	// ErrEmpty says that a file has no bytes, or no sound in it yet.
	ErrEmpty = errors.New("the recording is empty")
	// ErrBroken says that a file begins as a known type does and then contradicts itself.
	ErrBroken = errors.New("the recording is broken")
	// ErrUnplayable says that a file is of a type that browsers do not play and that cannot be made into one.
	ErrUnplayable = errors.New("the recording is of a type that cannot be played")
	// ErrNeedsFFmpeg says that a file could be played if ffmpeg was installed. It is an ErrUnplayable.
	ErrNeedsFFmpeg = fmt.Errorf("%w without ffmpeg", ErrUnplayable)
)

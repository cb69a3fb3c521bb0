// Package disk tells how much room is left where a directory lies, and when that is too little.
package disk

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Room is how many bytes a disk has left for an ordinary user, and in all.
type Room struct{ Free, Size int64 }

// Level is how far a disk is filled.
type Level int

// The levels. Low is what operators are warned of, on Full only what must be is written.
const (
	Enough Level = iota
	Low
	Full
)

// Of gives the room where a directory lies.
func Of(directory string) (Room, error) {
	var found unix.Statfs_t
	if err := unix.Statfs(directory, &found); err != nil {
		return Room{}, fmt.Errorf("looking for room on a disk: %w", err)
	}
	block := int64(found.Bsize)
	return Room{Free: int64(found.Bavail) * block, Size: int64(found.Blocks) * block}, nil
}

// Level says how far the disk is filled: Low below a tenth, Full below a fiftieth, or below what is needed at least.
func (r Room) Level(atLeast int64) Level {
	switch {
	case r.Free < max(r.Size/50, atLeast):
		return Full
	case r.Free < r.Size/10:
		return Low
	default:
		return Enough
	}
}

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

type strength int

const (
	shared    strength = unix.LOCK_SH
	exclusive strength = unix.LOCK_EX
)

// lock is a lock on a file that the kernel drops when the process ends, however it ends.
type lock struct{ file *os.File }

// takeLock waits for the lock until the context ends.
func takeLock(ctx context.Context, path string, s strength) (*lock, error) {
	file, err := openPrivate(path, os.O_RDWR)
	if err != nil {
		return nil, err
	}
	for {
		err := flock(file, int(s)|unix.LOCK_NB)
		if err == nil {
			return &lock{file: file}, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			_ = file.Close()
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// upgrade makes a shared lock exclusive if nobody else holds it. If it gives false, the lock may be lost: it is only
// for one who is about to give it up.
func (l *lock) upgrade() (bool, error) {
	err := flock(l.file, unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("locking %s: %w", l.file.Name(), err)
	}
	return true, nil
}

// heldByOthers says whether others hold this shared lock too. Only one who holds the gate may ask.
func (l *lock) heldByOthers() (bool, error) {
	alone, err := l.upgrade()
	if err != nil {
		return false, err
	}
	// Under the gate nobody else takes an exclusive lock, so this does not wait.
	if err := flock(l.file, unix.LOCK_SH); err != nil {
		return false, fmt.Errorf("locking %s: %w", l.file.Name(), err)
	}
	return !alone, nil
}

func (l *lock) release() { _ = l.file.Close() }

func flock(file *os.File, how int) error {
	for {
		if err := unix.Flock(int(file.Fd()), how); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// openPrivate opens a file that only its owner reads, and makes it if it is missing. What root makes in another
// user's data directory belongs to that user, who may come next without root.
func openPrivate(path string, flags int) (*os.File, error) {
	file, err := os.OpenFile(path, flags|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, explainPermission(path, err)
	}
	if os.Geteuid() == 0 {
		if err := giveToOwnerOfParent(path); err != nil {
			_ = file.Close()
			return nil, err
		}
	}
	return file, nil
}

package postgres

import (
	"io/fs"
	"time"
)

// WithFiles makes a migrator of other files.
func (m *Migrator) WithFiles(files fs.FS) *Migrator {
	other := *m
	other.files = files
	return &other
}

// MigrationLock is the key of the lock of migrations.
const MigrationLock = migrationLock

// NewDialer makes connections as pools do.
var NewDialer = newDialer

// WithLockTries makes a migrator that waits otherwise for locks.
func (m *Migrator) WithLockTries(lockTimeout time.Duration, tries int, pause time.Duration) *Migrator {
	other := *m
	other.lockTries = lockTries{lockTimeout, tries, pause}
	return &other
}

// NewPatience is a patience with another timeout.
func NewPatience(timeout time.Duration) *Patience { return &Patience{timeout: timeout} }

package postgres

import "io/fs"

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

package postgres

import "io/fs"

// WithFiles makes a migrator of other files.
func (m *Migrator) WithFiles(files fs.FS) *Migrator { return &Migrator{pool: m.pool, files: files} }

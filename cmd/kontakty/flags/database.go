package flags

import (
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/server"
)

// Data say where everything is kept that belongs to one installation.
type Data struct {
	DataDir string `name:"data-dir" env:"KONTAKTY_DATA_DIR" default:".kontakty" placeholder:"DIR" help:"Directory of the private PostgreSQL and of the files made (default: ${default})."`
}

// Check makes the directory's path absolute.
func (f *Data) Check(wrong *Faults) {
	absolute, err := filepath.Abs(f.DataDir)
	if f.DataDir == "" || err != nil {
		wrong.Add("--data-dir", "not a directory's name", "name a directory that may be written, such as .kontakty")
		return
	}
	f.DataDir = absolute
}

// Database say which PostgreSQL is used.
type Database struct {
	Data

	DatabaseURL string `name:"database-url" env:"KONTAKTY_DATABASE_URL" placeholder:"URL" help:"PostgreSQL to use, such as postgres://kontakty:secret@db.example.com/kontakty. Without it: the private one in the data directory."`
	LockWait    Span   `name:"lock-wait" env:"KONTAKTY_LOCK_WAIT" default:"5m" placeholder:"TIME" help:"How long to wait while another process brings the tables up to date (default: ${default})."`

	lockWait time.Duration
}

// Check reads the URL.
func (f *Database) Check(wrong *Faults) {
	f.Data.Check(wrong)
	f.lockWait = f.LockWait.ReadShort(wrong, "--lock-wait", time.Second, 24*time.Hour)
	if f.DatabaseURL == "" {
		return
	}
	// The URL may hold a password, and so may the parser's message: neither is shown.
	if _, err := pgx.ParseConfig(f.DatabaseURL); err != nil {
		wrong.Add("--database-url", "not the URL of a PostgreSQL database", "write postgres://USER:PASSWORD@HOST:5432/DATABASE")
	}
}

// Config is the private PostgreSQL in the directory.
func (f *Data) Config() server.DatabaseConfig { return server.DatabaseConfig{DataDir: f.DataDir} }

// Config is the PostgreSQL at the URL, or the private one.
func (f *Database) Config() server.DatabaseConfig {
	return server.DatabaseConfig{URL: f.DatabaseURL, DataDir: f.DataDir, LockWait: f.lockWait}
}

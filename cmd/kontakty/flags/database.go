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
	DirectURL   string `name:"direct-database-url" env:"KONTAKTY_DIRECT_DATABASE_URL" placeholder:"URL" help:"The same database past the pooler that --database-url leads through, for migrations, notifications and what else needs a session of its own (default: --database-url)."`
	Pooled      Toggle `env:"KONTAKTY_POOLED" help:"--database-url leads through a pooler in transaction mode; otherwise that is found out."`
	LockWait    Span   `name:"lock-wait" env:"KONTAKTY_LOCK_WAIT" default:"5m" placeholder:"TIME" help:"How long to wait while another process brings the tables up to date (default: ${default})."`

	pooled   bool
	lockWait time.Duration
}

// Check reads the URL.
func (f *Database) Check(wrong *Faults) {
	f.Data.Check(wrong)
	f.lockWait = f.LockWait.ReadShort(wrong, "--lock-wait", time.Second, 24*time.Hour)
	f.pooled = f.Pooled.Read(wrong, "--pooled")
	if f.pooled && f.DirectURL == "" {
		wrong.Add("--pooled", "a pooler in transaction mode keeps neither locks nor notifications", "name PostgreSQL itself with --direct-database-url")
	}
	if f.DatabaseURL == "" {
		if f.DirectURL != "" {
			wrong.Add("--direct-database-url", "there is no --database-url that it leads past", "give both, or --database-url alone")
		}
		return
	}
	checkURL(wrong, "--database-url", f.DatabaseURL)
	if f.DirectURL != "" {
		checkURL(wrong, "--direct-database-url", f.DirectURL)
	}
}

// checkURL shows neither the URL, which may hold a password, nor the parser's message, which may, too.
func checkURL(wrong *Faults, flag, url string) {
	if _, err := pgx.ParseConfig(url); err != nil {
		wrong.Add(flag, "not the URL of a PostgreSQL database", "write postgres://USER:PASSWORD@HOST:5432/DATABASE")
	}
}

// Config is the private PostgreSQL in the directory.
func (f *Data) Config() server.DatabaseConfig { return server.DatabaseConfig{DataDir: f.DataDir} }

// Config is the PostgreSQL at the URL, or the private one.
func (f *Database) Config() server.DatabaseConfig {
	return server.DatabaseConfig{
		URL: f.DatabaseURL, DirectURL: f.DirectURL, Pooled: f.pooled, DataDir: f.DataDir, LockWait: f.lockWait,
	}
}

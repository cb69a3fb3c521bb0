package server

import (
	"context"
	"time"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/storage"
)

// Config is how a process runs, checked: what is wrong in it was said by whoever read it.
type Config struct {
	HTTPConfig

	Database DatabaseConfig
	Files    FilesConfig
	Media    MediaConfig
	SignIn   SignInConfig

	// Zone is the time zone of reports whose filter names none.
	Zone *time.Location
	// OldestContact is the first instant that a contact may start at.
	OldestContact time.Time
	// ChangesKept is how long changes of contacts are kept for who keeps a copy.
	ChangesKept time.Duration
	// NewThingsADay is how many things of a kind the API makes on a day, 0 for the usual number.
	NewThingsADay int
	// Migrate brings the tables of a database given by URL up to date; a private one always is.
	Migrate bool
	// Fill is called once the tables are there, before anything is answered; nil fills nothing.
	Fill func(context.Context, *postgres.Pool) error
	// Demo makes an administrator's key, which the pages get on this machine.
	Demo bool
	// NoWorker leaves the making of files to other processes.
	NoWorker bool
	// Version is that of this program.
	Version string
	// MetricsListen is the address of a port of its own for /metrics, HOST:PORT; without it a server answers them beside the
	// API, and a worker not at all.
	MetricsListen string
	// Traces has spans sent to where the environment says.
	Traces bool
	// Stage is called by the worker at each stage of a file; nil outside tests, which kill the process there.
	Stage func(stage string)
}

// DatabaseConfig is which PostgreSQL is used.
type DatabaseConfig struct {
	// URL is how to connect to it; empty means the private one.
	URL string
	// DirectURL is how to connect to the same database past the pooler that URL leads through; empty means that there is none.
	DirectURL string
	// Pooled says that the pooler lends a session for a transaction only; otherwise that is found out.
	Pooled bool
	// DataDir is the absolute path of the data directory, which holds the private one.
	DataDir string
	// LockWait is how long another process that migrates it is waited for; 0 is the default.
	LockWait time.Duration
}

// FilesConfig is how files are made and kept.
type FilesConfig struct {
	// Bucket is the URL of the bucket that keeps them.
	Bucket string
	// Expiry is how long a finished one is kept.
	Expiry time.Duration
	// Concurrency is how many this process makes at once.
	Concurrency int
	// Redirect sends the caller to the bucket instead of passing a file on.
	Redirect bool
	// Limits bound how many are ordered, and how large.
	Limits export.Limits
}

// MediaConfig is where recordings and attachments are, which others keep.
type MediaConfig struct {
	// Recordings and Attachments are the URLs of their archives.
	Recordings, Attachments media.Addresses
	// Speech is the archive of recordings where Recordings names no default, nil for none.
	Speech storage.Archive
}

// SignInConfig is whose tokens are taken beside API keys, and how the pages get one.
type SignInConfig struct {
	// Provider recognises the tokens; without an Issuer none are taken.
	Provider access.OIDCConfig
	// ClientID is the provider's name for the pages; empty means that they do not offer it.
	ClientID string
	// Scopes are those that the pages ask the provider for.
	Scopes []string
}

// HTTPConfig is how requests are answered.
type HTTPConfig struct {
	// Listen is the address to serve on, HOST:PORT.
	Listen string
	// PublicURL is the address that callers know the server by, if it stands behind a proxy; otherwise empty.
	PublicURL string
	// Proxies are believed about where a request comes from.
	Proxies Proxies
	// AllowOrigins are the origins whose pages may call the API from a browser.
	AllowOrigins []string
	// RatePerMinute is the cost that a principal may ask for in a minute, RateBurst the one at once after a pause.
	RatePerMinute, RateBurst int
	// RequestTimeout bounds an answer, streams and files apart; StatementTimeout one statement for it.
	RequestTimeout, StatementTimeout time.Duration
	// WriteConnections is how many connections record and order for callers, at most MaxWriteConnections; 0 is the default.
	WriteConnections int
	// Limits bound one request; what is 0 has its default.
	Limits guard.Limits
	// ShutdownDelay is for how long a server that was told to stop still answers, while /readyz already says that it stops.
	ShutdownDelay time.Duration
	// NoIntrospection keeps the schema from callers.
	NoIntrospection bool
}

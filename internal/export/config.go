package export

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/storage"
)

// Config of Downloads. Bucket, Now, Rights, Audit and Numbers are required.
type Config struct {
	// Bucket is where the files are kept.
	Bucket *storage.Bucket
	// Now is the clock that users see; leases go by the database's clock.
	Now func() time.Time
	// PublicURL is put before the path of a file, such as https://kontakty.example.com; empty gives paths.
	PublicURL string
	// Redirect answers with an address of the bucket itself, where the bucket signs one. Without it, or where the bucket
	// signs none, the file goes through this process.
	Redirect bool
	// Locale is the language of a file whose order names none; empty is Polish.
	Locale fault.Locale
	// Expiry is how long a finished file is kept, from one day to thirty; 0 is seven days.
	Expiry time.Duration
	// Limits bound what may be ordered.
	Limits Limits
	// Room refuses an order while there is next to no room for what comes of it: STORAGE_FULL; nil refuses none.
	Room func() error
	// Rights gives the principal of a reference with the rights it has now, as access.Authenticator.Current does: a file
	// is made, and may be fetched, when its owner's credentials are not at hand.
	Rights func(ctx context.Context, reference string) (access.Principal, error)
	// Authenticate says who sent a request, as access.Authenticator.Authenticate does, for those who ask for a file with
	// credentials besides its address. Without it, such requests are refused.
	Authenticate func(ctx context.Context, header http.Header, address netip.Addr) (access.Actor, error)
	// Address is where a request for a file came from; nil takes the other end of the connection.
	Address func(*http.Request) netip.Addr
	// Audit is told who ordered and fetched which file.
	Audit *access.Audit
	// Numbers finds what grants name, as directory.Directory.Numbers does.
	Numbers access.Numbers
	// Log receives what happens in the background; nil means nowhere.
	Log *slog.Logger
	// Ordering names the trace of who orders a file, for its making in whatever process; nil if nobody traces.
	Ordering func(context.Context) string
	// Stage, where there is one, is called by a worker at each stage of a file: StageCreate and so on. Tests kill the
	// process there; in production it is nil.
	Stage func(stage string)
}

// Limits bound what may be ordered. A zero is replaced by the limit that its field names.
type Limits struct {
	// UnfinishedPerPerson is how many files of one person may wait or be made at once; 0 is 2.
	UnfinishedPerPerson int
	// Queued is how many files may wait, whoever ordered them; 0 is 20.
	Queued int
	// ContactsPerFile is how many contacts a file may hold; 0 is 1,000,000.
	ContactsPerFile int
}

// accept refuses a number of contacts that a file may not hold. Errors: TOO_MANY_CONTACTS.
func (l Limits) accept(contacts int) error {
	if contacts > l.ContactsPerFile {
		return fault.New(fault.FileTooLong, "filter", contacts, l.ContactsPerFile)
	}
	return nil
}

// The stages at which Config.Stage is called.
const (
	// StageCreate: a file was begun, and nothing is in it.
	StageCreate = "create"
	// StageMiddle: half of the contacts are written.
	StageMiddle = "middle"
	// StageClose: all is written, and the file is about to become visible in the bucket.
	StageClose = "close"
	// StagePublish: the file is in the bucket, and the download is about to become READY.
	StagePublish = "publish"
	// StageCommit: the download is READY, and its job is not yet done.
	StageCommit = "commit"
)

const (
	day           = 24 * time.Hour
	defaultExpiry = 7 * day
	maxExpiry     = 30 * day
)

// complete checks the configuration and fills what was left out.
func (c *Config) complete() error {
	if c.Bucket == nil || c.Now == nil || c.Rights == nil || c.Audit == nil || c.Numbers == nil {
		return errors.New("downloads need a bucket, a clock, and who may see what")
	}
	orElse(&c.Expiry, defaultExpiry)
	if c.Expiry < day || c.Expiry > maxExpiry {
		return fmt.Errorf("files are kept from 1 day to 30 days, not %s", c.Expiry)
	}
	orElse(&c.Limits.UnfinishedPerPerson, 2)
	orElse(&c.Limits.Queued, 20)
	orElse(&c.Limits.ContactsPerFile, 1_000_000)
	if c.Limits.UnfinishedPerPerson < 0 || c.Limits.Queued < 0 || c.Limits.ContactsPerFile < 0 {
		return errors.New("a limit of files is negative")
	}
	orElse(&c.Locale, fault.Polish)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Authenticate == nil {
		c.Authenticate = func(context.Context, http.Header, netip.Addr) (access.Actor, error) {
			return access.Actor{}, fault.New(fault.CredentialsWrong, "")
		}
	}
	if c.Address == nil {
		c.Address = func(r *http.Request) netip.Addr {
			peer, _ := netip.ParseAddrPort(r.RemoteAddr) // whatever it is, it did not come over the network
			return peer.Addr()
		}
	}
	if c.Ordering == nil {
		c.Ordering = func(context.Context) string { return "" }
	}
	if c.Room == nil {
		c.Room = func() error { return nil }
	}
	if c.Stage == nil {
		c.Stage = func(string) {}
	}
	return nil
}

// orElse fills a field that was left out.
func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// logText is an error for the log. The text of a database error can quote the data, so only its code is logged.
func logText(err error) string {
	var database *pgconn.PgError
	if errors.As(err, &database) {
		return "SQLSTATE " + database.Code
	}
	return err.Error()
}

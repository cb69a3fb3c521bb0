package export

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"gocloud.dev/blob"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
)

// Settings of Downloads. Bucket, Now, Rights, Audit and Numbers are required.
type Settings struct {
	// Bucket is where the files are kept, as OpenBucket opens it.
	Bucket *blob.Bucket
	// Now is the clock that users see; leases go by the database's clock.
	Now func() time.Time
	// PublicURL is put before the path of a file, such as https://kontakty.example.com; empty gives paths.
	PublicURL string
	// Redirect sends who fetches a file to the bucket itself, by an address that the bucket signs, where it can. Without
	// it, the file goes through us.
	Redirect bool
	// Locale is the language of a file whose order names none; empty is Polish.
	Locale fault.Locale
	// Expiry is how long a finished file is kept, from one day to thirty; 0 is seven days.
	Expiry time.Duration
	// Limits bound what may be ordered.
	Limits Limits
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
	// Numbers finds what grants name, as contact.Directory.Numbers does.
	Numbers access.Numbers
	// Log receives what happens in the background; nil means nowhere.
	Log *slog.Logger
	// Step, where there is one, is called by a worker at each step of a file: StepCreate and so on. Tests kill the
	// process there; in production it is nil.
	Step func(step string)
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

// The steps at which Settings.Step is called.
const (
	// StepCreate: a file was begun, and nothing is in it.
	StepCreate = "create"
	// StepMiddle: half of the contacts are written.
	StepMiddle = "middle"
	// StepClose: all is written, and the file is about to become visible in the bucket.
	StepClose = "close"
	// StepPublish: the file is in the bucket, and the download is about to become READY.
	StepPublish = "publish"
	// StepCommit: the download is READY, and its job is not yet done.
	StepCommit = "commit"
)

const (
	day           = 24 * time.Hour
	usualExpiry   = 7 * day
	longestExpiry = 30 * day
)

// complete checks the settings and fills what was left out.
func (s *Settings) complete() error {
	if s.Bucket == nil || s.Now == nil || s.Rights == nil || s.Audit == nil || s.Numbers == nil {
		return errors.New("downloads need a bucket, a clock, and who may see what")
	}
	orElse(&s.Expiry, usualExpiry)
	if s.Expiry < day || s.Expiry > longestExpiry {
		return fmt.Errorf("files are kept from 1 day to 30 days, not %s", s.Expiry)
	}
	orElse(&s.Limits.UnfinishedPerPerson, 2)
	orElse(&s.Limits.Queued, 20)
	orElse(&s.Limits.ContactsPerFile, 1_000_000)
	if s.Limits.UnfinishedPerPerson < 0 || s.Limits.Queued < 0 || s.Limits.ContactsPerFile < 0 {
		return errors.New("a limit of files is negative")
	}
	orElse(&s.Locale, fault.Polish)
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Authenticate == nil {
		s.Authenticate = func(context.Context, http.Header, netip.Addr) (access.Actor, error) {
			return access.Actor{}, fault.New(fault.CredentialsWrong, "")
		}
	}
	if s.Address == nil {
		s.Address = func(r *http.Request) netip.Addr {
			peer, _ := netip.ParseAddrPort(r.RemoteAddr) // whatever it is, it did not come over the network
			return peer.Addr()
		}
	}
	if s.Step == nil {
		s.Step = func(string) {}
	}
	return nil
}

// orElse fills a setting that was left out.
func orElse[T comparable](setting *T, usual T) {
	var nothing T
	if *setting == nothing {
		*setting = usual
	}
}

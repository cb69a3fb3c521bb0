package media

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// Config of a Library. Every field but PublicURL, Redirect and the times is required.
type Config struct {
	// Recordings is where recordings lie, Attachments where the files of e-mails do.
	Recordings, Attachments Places
	// Store reads contacts for those who fetch.
	Store *report.Store
	// Now is the clock that links end by, and Zone that of the times in the names of files.
	Now  func() time.Time
	Zone *time.Location
	// PublicURL is put before the path of a file, such as https://kontakty.example.com; empty gives paths.
	PublicURL string
	// Redirect answers with an address of the archive itself, where it signs one and a browser plays the file as it is.
	Redirect bool
	// Rights, Authenticate and Address say who fetches, as link.Gate has them.
	Rights       func(ctx context.Context, reference string) (access.Principal, error)
	Authenticate func(ctx context.Context, header http.Header, address netip.Addr) (access.Actor, error)
	Address      func(*http.Request) netip.Addr
	// Numbers finds what grants name, as directory.Directory.Numbers does.
	Numbers access.Numbers
	// Audit is told who opened what.
	Audit *access.Audit
	// Log is told of archives that do not answer; never of whose files.
	Log *slog.Logger
	// ReadTime is how long an archive may take to give a part of a file; 0 is 15 seconds.
	ReadTime time.Duration
	// AskTime is how long an archive may take to answer about a file, waiting for a turn included; 0 is 3 seconds.
	AskTime time.Duration
	// DrawTime is how long what a player draws may take to be read, waiting for a turn included; 0 is 8 seconds.
	DrawTime time.Duration
}

// Library finds recordings and gives them out. It is safe for use by many goroutines.
type Library struct {
	config  Config
	links   *link.Links
	turns   turns
	drawing turns
	drawn   *lru.Cache[drawing, []Peaks]
	streams *streams
}

// Path is the path below which files are fetched; the opaque id of the contact follows, which of its files, and a signature.
const Path = "/media/"

// New makes a library. The key of its links is that of the pool's database.
func New(pool *postgres.Pool, config Config) (*Library, error) {
	if config.Store == nil || config.Now == nil || config.Zone == nil || config.Rights == nil || config.Authenticate == nil ||
		config.Address == nil || config.Numbers == nil || config.Audit == nil || config.Log == nil {
		return nil, errors.New("a library needs contacts, a clock, a log, and who may see what")
	}
	config.ReadTime = cmp.Or(config.ReadTime, readTime)
	config.AskTime = cmp.Or(config.AskTime, askTime)
	config.DrawTime = cmp.Or(config.DrawTime, drawTime)
	drawn, err := lru.New[drawing, []Peaks](maxDrawn)
	if err != nil {
		return nil, err
	}
	return &Library{
		config: config, turns: make(turns, asksAtOnce), drawing: make(turns, drawingsAtOnce), drawn: drawn, streams: newStreams(),
		links: link.New(pool, link.Files{Path: Path, Kind: relay.ContactKind, Stale: fault.RecordingLinkStale}),
	}, nil
}

// Close gives the archives up.
func (l *Library) Close() error {
	return errors.Join(l.config.Recordings.Close(), l.config.Attachments.Close())
}

// Knowing is how much is asked about files.
type Knowing int

// What may be asked: each needs what stands before it.
const (
	// Nothing: what the contact says of them is enough.
	Nothing Knowing = iota
	// Presence: whether they are there, and how large.
	Presence
	// Content: what they hold.
	Content
)

// Recordings are the recordings of a contact, in order, as somebody sees them; least is what will be asked about them.
func (l *Library) Recordings(to access.Principal, of *contact.Contact, details *contact.DetailsContent, least Knowing) []*Recording {
	told := recordingsOf(details)
	recordings := make([]*Recording, len(told))
	for i, one := range told {
		recordings[i] = &Recording{
			Path: one.Path, Seconds: one.Seconds,
			file: file{library: l, to: to, from: l.config.Recordings.of(of.ExternalID), part: part{recordingPart, i}, contact: of, path: one.Path, least: least},
		}
	}
	return recordings
}

// Email is an e-mail, as somebody sees it.
type Email struct {
	*contact.Email
	attachments []*Attachment
}

// Attachments are the files that came with it.
func (e *Email) Attachments() []*Attachment { return e.attachments }

// Attachment is a file that came with an e-mail, as somebody sees it.
type Attachment struct {
	// Name and Size are those that the source told.
	Name string
	Size int64

	file
}

// Email is the e-mail of a contact, as somebody sees it.
func (l *Library) Email(to access.Principal, of *contact.Contact, email *contact.Email) *Email {
	seen := &Email{Email: email}
	for i, one := range email.Attachments {
		path := ""
		if one.Path != nil {
			path = *one.Path
		}
		seen.attachments = append(seen.attachments, &Attachment{
			Name: one.Name, Size: one.Size,
			file: file{library: l, to: to, from: l.config.Attachments.of(of.ExternalID), part: part{attachmentPart, i}, contact: of, path: path},
		})
	}
	return seen
}

// recordingsOf are the recordings that details tell of.
func recordingsOf(details *contact.DetailsContent) []contact.Recording {
	switch {
	case details == nil:
		return nil
	case len(details.Recordings) > 0:
		return details.Recordings
	case details.Recording != nil:
		return []contact.Recording{*details.Recording}
	default:
		return nil
	}
}

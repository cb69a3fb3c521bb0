package link

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// Life is how long the address of a file is good. An address is enough to fetch the file, so that a browser or a download
// manager can: it must not live long, and nobody must be able to make one.
const Life = 5 * time.Minute

// Link says that a principal may fetch a file.
type Link struct {
	// ID is our own number of the thing that the file belongs to.
	ID int64
	// Part names one of the files of that thing, such as "recording/1"; empty where it has only one.
	Part string
	// By is the reference of the principal.
	By string
	// Until is when the link ends, to the second.
	Until time.Time
}

// Links makes and opens the addresses of the files of one kind of thing. It is safe for use by many goroutines.
type Links struct {
	pool *postgres.Pool
	of   Files
	mu   sync.Mutex
	seal *seal
}

// Files are those that some links open.
type Files struct {
	// Path is below which they are fetched, such as /files/.
	Path string
	// Kind is that of the things that they belong to.
	Kind relay.Kind
	// Stale is the reason why a link opens nothing; its sentence takes the minutes of Life.
	Stale fault.Reason
}

// New makes links to files. The key is that of the pool's database.
func New(pool *postgres.Pool, of Files) *Links { return &Links{pool: pool, of: of} }

// Stale is the error of an address that opens nothing.
func (l *Links) Stale() error { return fault.New(l.of.Stale, "", int(Life.Minutes())) }

// tokenParameter is the one parameter of an address.
const tokenParameter = "token"

var tokenEncoding = base64.RawURLEncoding.Strict()

// Address is the path to a file and the query that opens it. The same link is always the same text.
func (l *Links) Address(ctx context.Context, link Link) (string, error) {
	s, err := l.sealed(ctx)
	if err != nil {
		return "", err
	}
	file := relay.EncodeID(l.of.Kind, link.ID)
	if link.Part != "" {
		file += "/" + link.Part
	}
	text := strconv.FormatInt(link.Until.Unix(), 10) + " " + link.By
	return l.of.Path + file + "?" + tokenParameter + "=" + tokenEncoding.EncodeToString(s.encrypt(text, file)), nil
}

// Open gives the link of an address at a moment. Errors: LINK_INVALID, for the reason Files.Stale.
func (l *Links) Open(ctx context.Context, address *url.URL, now time.Time) (Link, error) {
	stale := l.Stale()
	file := strings.TrimPrefix(address.Path, l.of.Path)
	thing, part, _ := strings.Cut(file, "/")
	id, err := relay.DecodeIDOf(l.of.Kind, thing)
	if err != nil || address.RawPath != "" { // the path was spelt in another way
		return Link{}, stale
	}
	s, err := l.sealed(ctx)
	if err != nil {
		return Link{}, err
	}
	encoded, found := strings.CutPrefix(address.RawQuery, tokenParameter+"=")
	if !found {
		return Link{}, stale
	}
	token, err := tokenEncoding.DecodeString(encoded)
	// The decoder passes over line ends.
	if err != nil || tokenEncoding.EncodeToString(token) != encoded {
		return Link{}, stale
	}
	text, err := s.decrypt(token, file)
	if err != nil {
		return Link{}, stale
	}
	seconds, by, _ := strings.Cut(text, " ")
	until, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || now.Unix() >= until {
		return Link{}, stale
	}
	return Link{ID: id, Part: part, By: by, Until: time.Unix(until, 0)}, nil
}

// sealed is the seal of this database, whose secret is read once.
func (l *Links) sealed(ctx context.Context) (*seal, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seal != nil {
		return l.seal, nil
	}
	var secret []byte
	if err := l.pool.QueryRow(ctx, `SELECT value FROM secrets WHERE name = 'link'`).Scan(&secret); err != nil {
		return nil, fmt.Errorf("reading the key of links: %w", err)
	}
	seal, err := newSeal(secret)
	if err != nil {
		return nil, fmt.Errorf("deriving the keys of links: %w", err)
	}
	l.seal = seal
	return seal, nil
}

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

// Link says that a principal may fetch a download.
type Link struct {
	// Download is our own number of the download.
	Download int64
	// By is the reference of the principal.
	By string
	// Until is when the link ends, to the second.
	Until time.Time
}

// Links makes and opens the addresses of files. It is safe for use by many goroutines.
type Links struct {
	pool *postgres.Pool
	path string
	mu   sync.Mutex
	seal *seal
}

// New makes links to files below a path, such as /files/. The key is that of the pool's database.
func New(pool *postgres.Pool, path string) *Links { return &Links{pool: pool, path: path} }

// tokenParameter is the one parameter of an address.
const tokenParameter = "token"

var tokenEncoding = base64.RawURLEncoding.Strict()

// Address is the path to a file and the query that opens it. The same link is always the same text.
func (l *Links) Address(ctx context.Context, link Link) (string, error) {
	s, err := l.sealed(ctx)
	if err != nil {
		return "", err
	}
	file := relay.EncodeID(relay.DownloadKind, link.Download)
	text := strconv.FormatInt(link.Until.Unix(), 10) + " " + link.By
	return l.path + file + "?" + tokenParameter + "=" + tokenEncoding.EncodeToString(s.encrypt(text, file)), nil
}

// Open gives the link of an address at a moment. Errors: LINK_INVALID.
func (l *Links) Open(ctx context.Context, address *url.URL, now time.Time) (Link, error) {
	stale := fault.New(fault.LinkStale, "", int(Life.Minutes()))
	file := strings.TrimPrefix(address.Path, l.path)
	id, err := relay.DecodeIDOf(relay.DownloadKind, file)
	if err != nil {
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
	return Link{Download: id, By: by, Until: time.Unix(until, 0)}, nil
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

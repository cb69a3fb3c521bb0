package export

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
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

// LinkLife is how long the address of a file is good. An address is enough to fetch the file, so that a browser or a
// download manager can: it must not live long, and nobody must be able to make one.
const LinkLife = 5 * time.Minute

// link is what an address of a file says: that somebody may fetch a download until then.
type link struct {
	download int64
	by       string // the reference of a principal
	until    time.Time
}

// links makes and opens the addresses of files. Every process on a database has the same keys. An address says nothing
// to those who see it pass, such as a proxy's log: it is encrypted, and cannot be altered unnoticed.
type links struct {
	pool  *postgres.Pool
	mutex sync.Mutex
	seal  *seal
}

// seal encrypts what links say.
type seal struct {
	cipher.AEAD
	nonces []byte // the key that nonces are made with
}

// tokenParameter is the one parameter of an address.
const tokenParameter = "token"

// address is the path to a file and the query that opens it.
func (l *links) address(ctx context.Context, one link) (string, error) {
	s, err := l.sealed(ctx)
	if err != nil {
		return "", err
	}
	said, file := []byte(strconv.FormatInt(one.until.Unix(), 10)+" "+one.by), relay.EncodeID(relay.DownloadKind, one.download)
	// The nonce goes by what is said, so the same link is always the same text, and no two links share a nonce.
	mac := hmac.New(sha256.New, s.nonces)
	_, _ = fmt.Fprintf(mac, "%s %s", file, said) // a hash takes all
	nonce := mac.Sum(nil)[:s.NonceSize()]
	token := tokenEncoding.EncodeToString(s.Seal(nonce, nonce, said, []byte(file)))
	return FilesPath + file + "?" + tokenParameter + "=" + token, nil
}

// opened is what an address says now, which must be the very text that address gave. Errors: LINK_INVALID.
func (l *links) opened(ctx context.Context, address *url.URL, now time.Time) (link, error) {
	stale := fault.New(fault.LinkStale, "", int(LinkLife.Minutes()))
	file := strings.TrimPrefix(address.Path, FilesPath)
	id, err := relay.DecodeIDOf(relay.DownloadKind, file)
	if err != nil {
		return link{}, stale
	}
	s, err := l.sealed(ctx)
	if err != nil {
		return link{}, err
	}
	text, _ := strings.CutPrefix(address.RawQuery, tokenParameter+"=")
	token, err := tokenEncoding.DecodeString(text)
	// The decoder passes over line ends.
	if err != nil || tokenEncoding.EncodeToString(token) != text || len(token) < s.NonceSize() {
		return link{}, stale
	}
	said, err := s.Open(nil, token[:s.NonceSize()], token[s.NonceSize():], []byte(file))
	if err != nil {
		return link{}, stale
	}
	seconds, by, _ := strings.Cut(string(said), " ")
	until, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || now.Unix() >= until {
		return link{}, stale
	}
	return link{download: id, by: by, until: time.Unix(until, 0)}, nil
}

var tokenEncoding = base64.RawURLEncoding.Strict()

// sealed is the seal of this database, its secret read once.
func (l *links) sealed(ctx context.Context) (*seal, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.seal != nil {
		return l.seal, nil
	}
	var secret []byte
	if err := l.pool.QueryRow(ctx, `SELECT value FROM secrets WHERE name = 'link'`).Scan(&secret); err != nil {
		return nil, fmt.Errorf("reading the key of links: %w", err)
	}
	made, err := newSeal(secret)
	if err != nil {
		return nil, fmt.Errorf("making the keys of links: %w", err)
	}
	l.seal = made
	return made, nil
}

func newSeal(secret []byte) (*seal, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "what links to files say", 32)
	if err != nil {
		return nil, err
	}
	nonces, err := hkdf.Key(sha256.New, secret, nil, "nonces of links to files", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &seal{AEAD: aead, nonces: nonces}, err
}

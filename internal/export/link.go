package export

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// LinkLife is how long the address of a file is good. An address is enough to fetch the file, so that a browser or a
// download manager can: it must not live long, and nobody must be able to make one.
const LinkLife = 5 * time.Minute

// links makes and checks the addresses of files. Every process on a database has the same key.
type links struct {
	pool  *postgres.Pool
	mutex sync.Mutex
	key   []byte
}

// secret is the key, read once.
func (l *links) secret(ctx context.Context) ([]byte, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.key != nil {
		return l.key, nil
	}
	var key []byte
	if err := l.pool.QueryRow(ctx, `SELECT value FROM secrets WHERE name = 'link'`).Scan(&key); err != nil {
		return nil, fmt.Errorf("reading the key of links: %w", err)
	}
	l.key = key
	return key, nil
}

// address is the path to a file and the query that opens it until then.
func (l *links) address(ctx context.Context, download *Download, until time.Time) (string, error) {
	key, err := l.secret(ctx)
	if err != nil {
		return "", err
	}
	expires := strconv.FormatInt(until.Unix(), 10)
	query := url.Values{"expires": {expires}, "signature": {signature(key, download.ID, expires)}}
	return FilesPath + download.NodeID() + "?" + query.Encode(), nil
}

// opened is the download that an address opens now. Errors: LINK_INVALID.
func (l *links) opened(ctx context.Context, name string, query url.Values, now time.Time) (int64, error) {
	stale := fault.New(fault.LinkStale, "", int(LinkLife.Minutes()))
	id, err := relay.DecodeIDOf(relay.DownloadKind, name)
	if err != nil {
		return 0, stale
	}
	key, err := l.secret(ctx)
	if err != nil {
		return 0, err
	}
	expires := query.Get("expires")
	if !hmac.Equal([]byte(query.Get("signature")), []byte(signature(key, id, expires))) {
		return 0, stale
	}
	until, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || now.Unix() >= until {
		return 0, stale
	}
	return id, nil
}

func signature(key []byte, download int64, expires string) string {
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "file %d until %s", download, expires) // a hash takes all
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

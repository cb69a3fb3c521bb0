package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
)

// ErrAway says that an archive did not answer, or not as one should. Its text names no file.
var ErrAway = errors.New("the archive does not answer")

// Archive is a bucket that others fill and that is only read. It is safe for use by many goroutines.
type Archive interface {
	// Open opens a file by a key that Collection.Key gave. Errors: ErrNotFound, ErrAway.
	Open(ctx context.Context, key string) (Object, error)
	// SignedAddress is an address at which the archive itself gives a file, for a minute and under these headers. Errors:
	// ErrNotSigned, ErrAway.
	SignedAddress(ctx context.Context, key, mediaType, disposition string) (string, error)
	// Close gives it up.
	Close() error
}

// Object is an open file of an archive, for one goroutine. What is read after its context ended fails with ErrAway, and so
// does what the archive gives only a part of.
type Object interface {
	io.ReaderAt
	io.Closer
	// Size is its length in bytes.
	Size() int64
	// ETag differs where the content does; it has no quotes.
	ETag() string
}

// Collection is an archive, and how the paths under which a source knows its files become keys in it.
type Collection struct {
	Archive
	// Prefix is what such a path may begin with: the folder by its own name.
	prefix string
}

// NewCollection says where the files of an archive lie for those who name them: below prefix, which may be empty.
func NewCollection(archive Archive, prefix string) *Collection {
	return &Collection{Archive: archive, prefix: strings.Trim(prefix, "/")}
}

// stripParameter names the folder that paths begin with, where the source knows another than the archive's own.
const stripParameter = "strip"

// OpenCollection opens the archive that an address names: a local directory or a bucket of an S3 service, as Open takes them.
// Paths that begin with the directory itself, as Asterisk writes them, are taken as if they did not; ?strip=/folder names
// another beginning. Nothing is asked of the archive yet: a directory may be mounted later.
func OpenCollection(ctx context.Context, address string) (*Collection, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the archive is malformed")
	}
	query := parsed.Query()
	prefix := query.Get(stripParameter)
	query.Del(stripParameter)
	parsed.RawQuery = query.Encode()
	if parsed.Scheme == fileblob.Scheme {
		if prefix == "" {
			prefix = path.Clean(parsed.Path)
		}
		return NewCollection(folder(parsed.Path), prefix), nil
	}
	blobs, err := blob.OpenBucket(ctx, parsed.String())
	if err != nil {
		return nil, fmt.Errorf("opening the archive: %w", err)
	}
	return NewCollection(&remote{blobs}, prefix), nil
}

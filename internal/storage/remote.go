package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// remote is an archive in a bucket of an S3 service.
type remote struct{ blobs *blob.Bucket }

// Open asks what the service knows of a file; its content is asked for where it is read.
func (r *remote) Open(ctx context.Context, key string) (Object, error) {
	known, err := r.blobs.Attributes(ctx, key)
	if err != nil {
		return nil, away(err)
	}
	return &remoteObject{ctx: ctx, blobs: r.blobs, key: key, size: known.Size, tag: strings.Trim(strings.TrimPrefix(known.ETag, "W/"), `"`)}, nil
}

// SignedAddress has the service sign.
func (r *remote) SignedAddress(ctx context.Context, key, mediaType, disposition string) (string, error) {
	address, err := signedAddress(ctx, r.blobs, key, mediaType, disposition)
	if err != nil && !errors.Is(err, ErrNotSigned) {
		return "", away(err)
	}
	return address, err
}

// Close closes the connections to the service.
func (r *remote) Close() error { return r.blobs.Close() }

// away tells an error of the service without what it may quote: the file's key, its address.
func away(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrNotFound
	}
	return fmt.Errorf("%w: %s", ErrAway, gcerrors.Code(err))
}

// window is how much of an object is fetched and kept at once. A jump of less than this ahead is read over.
const window = 64 << 10

// remoteObject reads what is asked for in one order by one request to the service, and asks anew after a jump.
type remoteObject struct {
	ctx   context.Context
	blobs *blob.Bucket
	key   string
	size  int64
	tag   string

	content *blob.Reader // from the end of kept on; nil before the first reading and after a jump
	kept    []byte       // what was read last
	from    int64        // where kept begins
}

func (o *remoteObject) Size() int64  { return o.size }
func (o *remoteObject) ETag() string { return o.tag }

// ReadAt reads from any place.
func (o *remoteObject) ReadAt(into []byte, offset int64) (int, error) {
	read := 0
	for read < len(into) {
		at := offset + int64(read)
		if at >= o.size {
			return read, io.EOF
		}
		if at < o.from || at >= o.from+int64(len(o.kept)) {
			if err := o.fetch(at); err != nil {
				return read, err
			}
		}
		read += copy(into[read:], o.kept[at-o.from:])
	}
	return read, nil
}

// fetch keeps what lies at an offset.
func (o *remoteObject) fetch(at int64) error {
	end := o.from + int64(len(o.kept))
	if o.content == nil || at < end || at >= end+window {
		if err := o.begin(at); err != nil {
			return err
		}
	}
	for {
		o.from += int64(len(o.kept))
		if cap(o.kept) == 0 {
			o.kept = make([]byte, 0, window)
		}
		n, err := io.ReadFull(o.content, o.kept[:min(window, o.size-o.from)])
		o.kept = o.kept[:n]
		if at < o.from+int64(n) {
			return nil
		}
		if err != nil { // the service gave less than there is
			return o.fail(err)
		}
	}
}

// begin asks for all from an offset on.
func (o *remoteObject) begin(at int64) error {
	o.kept, o.from = o.kept[:0], at
	if o.content != nil {
		_ = o.content.Close()
		o.content = nil
	}
	content, err := o.blobs.NewRangeReader(o.ctx, o.key, at, -1, nil)
	if err != nil {
		return o.fail(err)
	}
	o.content = content
	return nil
}

func (o *remoteObject) fail(err error) error {
	_ = o.Close()
	o.kept = o.kept[:0]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it gave a part of a file", ErrAway)
	}
	if err = away(err); errors.Is(err, ErrNotFound) {
		return fmt.Errorf("%w: a file went away while it was read", ErrAway)
	}
	return err
}

// Close ends the request to the service.
func (o *remoteObject) Close() error {
	if o.content == nil {
		return nil
	}
	content := o.content
	o.content = nil
	return content.Close()
}

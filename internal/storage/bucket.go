package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // for addresses that begin with s3://
	"gocloud.dev/gcerrors"
)

var (
	// ErrNotFound says that there is no such file in the bucket.
	ErrNotFound = errors.New("there is no such file in the bucket")
	// ErrNotSigned says that the bucket signs no addresses, such as a local directory.
	ErrNotSigned = errors.New("the bucket signs no addresses")
)

// Bucket keeps files. It is safe for use by many goroutines.
type Bucket struct{ blobs *blob.Bucket }

// Open opens the bucket that an address names: a local directory, which is made if it is missing, as
// file:///var/lib/kontakty/files; or one of an S3 service, as
//
//	s3://bucket?region=eu-central-1
//	s3://bucket?region=us-east-1&endpoint=https://s3.example.com&use_path_style=true
//
// with its credentials where the AWS SDK looks for them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
func Open(ctx context.Context, address string) (*Bucket, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the address of the bucket is malformed: %w", err)
	}
	if parsed.Scheme == fileblob.Scheme {
		// A file that is being written then lies beside the finished ones: the next attempt finds and removes it there,
		// and the one disk that can be full is the bucket's.
		query := parsed.Query()
		query.Set("create_dir", "true")
		query.Set("metadata", "skip")
		query.Set("no_tmp_dir", "true")
		parsed.RawQuery = query.Encode()
	}
	blobs, err := blob.OpenBucket(ctx, parsed.String())
	if err != nil {
		return nil, fmt.Errorf("opening the bucket: %w", err)
	}
	return New(blobs), nil
}

// New keeps files in a bucket of the library.
func New(blobs *blob.Bucket) *Bucket { return &Bucket{blobs: blobs} }

// Close closes the bucket; what is read or written fails from then on.
func (b *Bucket) Close() error { return b.blobs.Close() }

// Reader reads a file from any place.
type Reader interface {
	io.ReadSeekCloser
}

// Read opens a file. Errors: ErrNotFound.
func (b *Bucket) Read(ctx context.Context, key string) (Reader, error) {
	content, err := b.blobs.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("opening a file: %w", err)
	}
	return content, nil
}

// Remove removes a file; one that is gone already is no error.
func (b *Bucket) Remove(ctx context.Context, key string) error {
	if err := b.blobs.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("removing a file: %w", err)
	}
	return nil
}

// maxSignedAge is how long an address that the bucket signed is good. It is followed at once.
const maxSignedAge = time.Minute

// SignedAddress is an address at which the bucket itself gives a file, with the headers that Handler of package export sends.
// Errors: ErrNotSigned.
func (b *Bucket) SignedAddress(ctx context.Context, key, disposition string) (string, error) {
	return signedAddress(ctx, b.blobs, key, MediaType(key), disposition)
}

func signedAddress(ctx context.Context, blobs *blob.Bucket, key, mediaType, disposition string) (string, error) {
	cache := "no-store"
	address, err := blobs.SignedURL(ctx, key, &blob.SignedURLOptions{Expiry: maxSignedAge, BeforeSign: func(as func(any) bool) error {
		var request *s3.GetObjectInput
		if as(&request) {
			request.ResponseContentType, request.ResponseContentDisposition, request.ResponseCacheControl = &mediaType, &disposition, &cache
		}
		return nil
	}})
	if gcerrors.Code(err) == gcerrors.Unimplemented {
		return "", ErrNotSigned
	}
	return address, err
}

// IsFull says that a bucket had no room. A directory says so by its system's error, an S3 service by a code of its own:
// which, the protocol leaves open.
func IsFull(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	var answer interface{ ErrorCode() string }
	return errors.As(err, &answer) && slices.Contains([]string{
		"InsufficientCapacity", "InsufficientStorage", "NoSpaceLeftOnDevice", "QuotaExceeded", "StorageFull",
		"XMinioStorageFull", "XAdminBucketQuotaExceeded",
	}, answer.ErrorCode())
}

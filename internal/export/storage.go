package export

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
)

// contentType is the media type of a workbook.
const contentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// storage keeps files in a bucket. Every attempt at a download has a key of its own, so two workers never write the
// same blob, and the one that lost can remove its own without harm.
type storage struct{ bucket *blob.Bucket }

// file is a blob as it was written.
type file struct {
	key    string
	size   int64
	sha256 string
}

func prefixOf(download int64) string { return fmt.Sprintf("downloads/%d/", download) }

func keyOf(download int64, attempt int) string {
	return fmt.Sprintf("%s%d.xlsx", prefixOf(download), attempt)
}

// write makes a blob of what fill writes. Nothing of it can be seen before all of it is there, and nothing is left of
// it if fill fails or the context ends.
func (s storage) write(ctx context.Context, key string, fill func(io.Writer) error) (file, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: contentType})
	if err != nil {
		return file{}, fmt.Errorf("beginning a file: %w", err)
	}
	digest, size := sha256.New(), counter(0)
	buffered := bufio.NewWriterSize(io.MultiWriter(out, digest, &size), 256<<10)
	err = fill(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		cancel() // closing a blob whose context has ended throws it away
		_ = out.Close()
		return file{}, err
	}
	if err := out.Close(); err != nil {
		return file{}, fmt.Errorf("closing a file: %w", err)
	}
	return file{key: key, size: int64(size), sha256: hex.EncodeToString(digest.Sum(nil))}, nil
}

// redirectLife is how long the bucket's own address of a file is good. It is followed at once.
const redirectLife = time.Minute

// signedAddress is an address at which the bucket itself gives the file, with the same headers as ours.
func (s storage) signedAddress(ctx context.Context, download *Download) (string, error) {
	kind, name, cache := contentType, disposition(*download.FileName), "no-store"
	return s.bucket.SignedURL(ctx, *download.BlobKey, &blob.SignedURLOptions{Expiry: redirectLife, BeforeSign: func(as func(any) bool) error {
		var request *s3.GetObjectInput
		if as(&request) {
			request.ResponseContentType, request.ResponseContentDisposition, request.ResponseCacheControl = &kind, &name, &cache
		}
		return nil
	}})
}

// clear removes every blob of a download except one, what killed workers left half written too.
func (s storage) clear(ctx context.Context, download int64, except string) error {
	var failures []error
	blobs := s.bucket.List(&blob.ListOptions{Prefix: prefixOf(download)})
	for {
		found, err := blobs.Next(ctx)
		if errors.Is(err, io.EOF) {
			return errors.Join(failures...)
		}
		if err != nil {
			return errors.Join(append(failures, fmt.Errorf("listing files: %w", err))...)
		}
		if found.Key == except {
			continue
		}
		if err := s.bucket.Delete(ctx, found.Key); err != nil {
			failures = append(failures, fmt.Errorf("removing a file: %w", err))
		}
	}
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// isFull says that a bucket had no room. A directory says so by its system's error, an S3 service by a code of its
// own: which, the protocol leaves open.
func isFull(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	var answer interface{ ErrorCode() string }
	return errors.As(err, &answer) && slices.Contains([]string{
		"InsufficientCapacity", "InsufficientStorage", "NoSpaceLeftOnDevice", "QuotaExceeded", "StorageFull",
		"XMinioStorageFull", "XAdminBucketQuotaExceeded",
	}, answer.ErrorCode())
}

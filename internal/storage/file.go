package storage

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gocloud.dev/blob"
)

// mediaTypes are what HTTP calls files, by the endings of their keys.
var mediaTypes = map[string]string{
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".csv":  "text/csv; charset=utf-8; header=present",
	".json": "application/json",
}

// MediaType is the media type of the file of a key.
func MediaType(key string) string { return mediaTypes[path.Ext(key)] }

// File is a file as it was written.
type File struct {
	// Key names it in the bucket.
	Key string
	// Size is its length in bytes.
	Size int64
	// SHA256 is its digest in lower-case hexadecimal digits.
	SHA256 string
}

// root is where all files lie in the bucket.
const root = "downloads/"

func prefixOf(download int64) string { return fmt.Sprintf("%s%d/", root, download) }

// Key names the file of one attempt at a download, such as "downloads/17/1.xlsx", by an ending such as ".xlsx".
func Key(download int64, attempt int, ending string) string {
	return fmt.Sprintf("%s%d%s", prefixOf(download), attempt, ending)
}

// AboutKey names what is said of a file in a file beside it.
func AboutKey(key string) string { return strings.TrimSuffix(key, path.Ext(key)) + ".json" }

// Write makes a file of what fill writes. Nothing of it can be seen before all of it is there, and nothing is left of it if
// fill fails or the context ends.
func (b *Bucket) Write(ctx context.Context, key string, fill func(io.Writer) error) (File, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, err := b.blobs.NewWriter(ctx, key, &blob.WriterOptions{ContentType: MediaType(key)})
	if err != nil {
		return File{}, fmt.Errorf("beginning a file: %w", err)
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
		return File{}, err
	}
	if err := out.Close(); err != nil {
		return File{}, fmt.Errorf("closing a file: %w", err)
	}
	return File{Key: key, Size: int64(size), SHA256: hex.EncodeToString(digest.Sum(nil))}, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// Clear removes what there is of a download, half written files too, except that of one attempt; attempt 0 is none.
func (b *Bucket) Clear(ctx context.Context, download int64, except int) error {
	var failures []error
	err := b.each(ctx, prefixOf(download), func(found *blob.ListObject) {
		if except == 0 || !strings.HasPrefix(found.Key, Key(download, except, ".")) {
			failures = append(failures, b.Remove(ctx, found.Key))
		}
	})
	return errors.Join(append(failures, err)...)
}

// Entry is something in the bucket.
type Entry struct {
	// Key names it.
	Key string
	// Download and Attempt are those whose file it is or was to become, zeros if its name tells none.
	Download, Attempt int64
}

// Entries are all that is in the bucket and was last written to at least age ago, half written files too.
func (b *Bucket) Entries(ctx context.Context, age time.Duration) ([]Entry, error) {
	var entries []Entry
	err := b.each(ctx, root, func(found *blob.ListObject) {
		if time.Since(found.ModTime) >= age {
			download, attempt := parseKey(found.Key)
			entries = append(entries, Entry{Key: found.Key, Download: download, Attempt: attempt})
		}
	})
	return entries, err
}

func (b *Bucket) each(ctx context.Context, prefix string, do func(*blob.ListObject)) error {
	blobs := b.blobs.List(&blob.ListOptions{Prefix: prefix})
	for {
		found, err := blobs.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing files: %w", err)
		}
		do(found)
	}
}

// keyForm is what Key makes, and what a local bucket calls a file that is being written.
var keyForm = regexp.MustCompile(`^` + root + `(\d+)/(\d+)\.(?:xlsx|csv|json)`)

// parseKey gives the download and the attempt that a key names, zeros for none.
func parseKey(key string) (download, attempt int64) {
	parts := keyForm.FindStringSubmatch(key)
	if parts == nil {
		return 0, 0
	}
	download, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return 0, 0
	}
	attempt, err = strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return 0, 0
	}
	return download, attempt
}

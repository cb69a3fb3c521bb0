package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/kontakty/kontakty/internal/postgres"
)

// expire ends the downloads whose time has come: the file goes, the row stays.
func (d *Downloads) expire(ctx context.Context) error {
	rows, err := d.pool.Query(ctx, `UPDATE downloads SET state = 'EXPIRED', blob_key = NULL
		WHERE state = 'READY' AND expires_at <= $1 RETURNING id`, d.settings.Now())
	if err != nil {
		return fmt.Errorf("expiring downloads: %w", err)
	}
	expired, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("expiring downloads: %w", err)
	}
	for _, id := range expired {
		d.discard(ctx, id)
	}
	return nil
}

// tidy removes what is in the bucket and belongs to nobody: what a process left that was killed between changing a
// row and removing a file. What is younger than age may still find its owner.
func (d *Downloads) tidy(ctx context.Context, age time.Duration) error {
	orphans, err := d.files.orphans(ctx, d.pool, age)
	if err != nil {
		return fmt.Errorf("looking for files without an owner: %w", err)
	}
	for _, one := range orphans {
		if err := d.settings.Bucket.Delete(ctx, one.key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return fmt.Errorf("removing a file without an owner: %w", err)
		}
	}
	return nil
}

// orphan is a blob that belongs to nobody.
type orphan struct {
	key      string
	download int64 // 0 if its name tells none
}

// blobName is what keyOf makes, and what a local bucket calls a file that is being written.
var blobName = regexp.MustCompile(`^downloads/(\d+)/(\d+)\.xlsx`)

// orphans are the blobs that no READY download offers and no RUNNING one may be writing.
func (s storage) orphans(ctx context.Context, pool *postgres.Pool, age time.Duration) ([]orphan, error) {
	var found []orphan
	var ids, attempts []int64
	blobs := s.bucket.List(&blob.ListOptions{Prefix: "downloads/"})
	for {
		one, err := blobs.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if time.Since(one.ModTime) < age {
			continue
		}
		download, attempt := nameOf(one.Key)
		found = append(found, orphan{key: one.Key, download: download})
		ids, attempts = append(ids, download), append(attempts, attempt)
	}
	if len(found) == 0 {
		return nil, nil
	}
	// The rows are read after the blobs: what became READY in between is a file and not an orphan.
	keys := make([]string, len(found))
	for i, one := range found {
		keys[i] = one.key
	}
	rows, err := pool.Query(ctx, `SELECT key FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS b (id, attempt, key)
		JOIN downloads d USING (id)
		WHERE d.state = 'READY' AND d.blob_key = b.key OR d.state = 'RUNNING' AND d.attempt = b.attempt`, ids, attempts, keys)
	if err != nil {
		return nil, err
	}
	owned, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	slices.Sort(owned)
	return slices.DeleteFunc(found, func(one orphan) bool {
		_, is := slices.BinarySearch(owned, one.key)
		return is
	}), nil
}

// nameOf is the download and the attempt that a blob's name tells of, zeros for none.
func nameOf(key string) (download, attempt int64) {
	name := blobName.FindStringSubmatch(key)
	if name == nil {
		return 0, 0
	}
	download, err := strconv.ParseInt(name[1], 10, 64)
	if err != nil {
		return 0, 0
	}
	attempt, err = strconv.ParseInt(name[2], 10, 64)
	if err != nil {
		return 0, 0
	}
	return download, attempt
}

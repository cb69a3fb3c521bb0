package export

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/storage"
)

// expire ends the downloads whose time has come: the file goes, the row stays.
func (c *caretaker) expire(ctx context.Context) error {
	rows, err := c.pool.Query(ctx, `UPDATE downloads SET state = 'EXPIRED', blob_key = NULL
		WHERE state = 'READY' AND expires_at <= $1 RETURNING id`, c.now())
	if err != nil {
		return fmt.Errorf("expiring downloads: %w", err)
	}
	expired, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("expiring downloads: %w", err)
	}
	for _, id := range expired {
		discard(ctx, c.bucket, c.log, id, 0)
	}
	return nil
}

// tidy removes what is in the bucket and belongs to nobody: what a process left that was killed between changing a
// row and removing a file. What is younger than age may still find its owner.
func (c *caretaker) tidy(ctx context.Context, age time.Duration) error {
	orphans, err := orphansIn(ctx, c.bucket, c.pool, age)
	if err != nil {
		return fmt.Errorf("looking for files without an owner: %w", err)
	}
	for _, one := range orphans {
		if err := c.bucket.Remove(ctx, one.Key); err != nil {
			return fmt.Errorf("tidying up files without an owner: %w", err)
		}
	}
	return nil
}

// orphansIn are what is in a bucket that no READY download offers and no RUNNING one may be writing.
func orphansIn(ctx context.Context, bucket *storage.Bucket, pool *postgres.Pool, age time.Duration) ([]storage.Entry, error) {
	entries, err := bucket.Entries(ctx, age)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	// The rows are read after the bucket: what became READY in between is a file and not an orphan.
	var keys []string
	var downloads, attempts []int64
	for _, one := range entries {
		keys, downloads, attempts = append(keys, one.Key), append(downloads, one.Download), append(attempts, one.Attempt)
	}
	rows, err := pool.Query(ctx, `SELECT key FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS b (id, attempt, key)
		JOIN downloads d USING (id)
		WHERE d.state = 'READY' AND b.key IN (d.blob_key, regexp_replace(d.blob_key, '[.][a-z]+$', '.json')) OR d.state = 'RUNNING' AND d.attempt = b.attempt`, downloads, attempts, keys)
	if err != nil {
		return nil, err
	}
	owned, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	slices.Sort(owned)
	return slices.DeleteFunc(entries, func(one storage.Entry) bool {
		_, found := slices.BinarySearch(owned, one.Key)
		return found
	}), nil
}

package export

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/storage"
)

// Cancel calls a download off and gives it as it then is. A worker that makes it stops at its next heartbeat, within
// about a second, whichever process it is in, and leaves no file. To cancel again is safe. Errors: FORBIDDEN;
// NOT_FOUND; CANNOT_CANCEL once it has ended in another way.
func (d *Downloads) Cancel(ctx context.Context, by access.Principal, id int64) (*Download, error) {
	if err := by.Require(access.ScopeExports); err != nil {
		return nil, err
	}
	var writing int // the attempt whose worker may still be writing
	err := d.pool.QueryRow(ctx, `UPDATE downloads d
		SET state = 'CANCELLED', lease_until = NULL, seconds_left = NULL, finished_at = $2
		FROM (SELECT id, `+attemptWriting+` AS writing FROM downloads
			WHERE id = $1 AND ($3::text IS NULL OR ordered_by = $3) AND state IN ('QUEUED', 'RUNNING') FOR UPDATE) before
		WHERE d.id = before.id RETURNING before.writing`, id, d.config.Now(), ownerFor(by)).Scan(&writing)
	cancelled := err == nil
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("cancelling a download: %w", err)
	}
	download, err := d.get(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if download.State != Cancelled {
		return nil, fault.New(fault.FileFinished, "")
	}
	if cancelled {
		discard(ctx, d.config.Bucket, d.config.Log, id, writing)
	}
	return download, nil
}

// Delete removes a download, its file, and whatever work on it is under way. Errors: FORBIDDEN, NOT_FOUND.
func (d *Downloads) Delete(ctx context.Context, by access.Principal, id int64) error {
	if err := by.Require(access.ScopeExports); err != nil {
		return err
	}
	var writing int
	err := d.pool.QueryRow(ctx, `DELETE FROM downloads WHERE id = $1 AND ($2::text IS NULL OR ordered_by = $2) RETURNING `+attemptWriting,
		id, ownerFor(by)).Scan(&writing)
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NothingThere, "")
	}
	if err != nil {
		return fmt.Errorf("deleting a download: %w", err)
	}
	discard(ctx, d.config.Bucket, d.config.Log, id, writing)
	return nil
}

// attemptWriting is the attempt whose worker may still be writing, 0 for none. That worker removes its own file when it finds
// its lease lost; what a killed one left, the next tidying removes.
const attemptWriting = `CASE WHEN state = 'RUNNING' AND lease_until > clock_timestamp() THEN attempt ELSE 0 END`

// discard removes the files of a download that offers none any more, except that of an attempt that is still written. What
// cannot be removed now, the next tidying will.
func discard(ctx context.Context, bucket *storage.Bucket, log *slog.Logger, id int64, except int) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer done()
	if err := bucket.Clear(ctx, id, except); err != nil {
		log.Warn("a file stays behind for a while", "download", id, "error", logText(err))
	}
}

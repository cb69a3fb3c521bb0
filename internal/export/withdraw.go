package export

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export/storage"
	"github.com/kontakty/kontakty/internal/fault"
)

// Cancel calls a download off and gives it as it then is. A worker that makes it stops at its next heartbeat, within
// about a second, whichever process it is in, and leaves no file. To cancel again is safe. Errors: FORBIDDEN;
// NOT_FOUND; CANNOT_CANCEL once it has ended in another way.
func (d *Downloads) Cancel(ctx context.Context, by access.Principal, id int64) (*Download, error) {
	if err := by.Require(access.ScopeExports); err != nil {
		return nil, err
	}
	changed, err := d.pool.Exec(ctx, `UPDATE downloads
		SET state = 'CANCELLED', lease_until = NULL, seconds_left = NULL, finished_at = $2
		WHERE id = $1 AND ($3::text IS NULL OR ordered_by = $3) AND state IN ('QUEUED', 'RUNNING')`, id, d.config.Now(), ownerFor(by))
	if err != nil {
		return nil, fmt.Errorf("cancelling a download: %w", err)
	}
	download, err := d.get(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if download.State != Cancelled {
		return nil, fault.New(fault.FileFinished, "")
	}
	if changed.RowsAffected() > 0 {
		discard(ctx, d.config.Bucket, d.config.Log, id)
	}
	return download, nil
}

// Delete removes a download, its file, and whatever work on it is under way. Errors: FORBIDDEN, NOT_FOUND.
func (d *Downloads) Delete(ctx context.Context, by access.Principal, id int64) error {
	if err := by.Require(access.ScopeExports); err != nil {
		return err
	}
	deleted, err := d.pool.Exec(ctx, `DELETE FROM downloads WHERE id = $1 AND ($2::text IS NULL OR ordered_by = $2)`, id, ownerFor(by))
	if err != nil {
		return fmt.Errorf("deleting a download: %w", err)
	}
	if deleted.RowsAffected() == 0 {
		return fault.New(fault.NothingThere, "")
	}
	discard(ctx, d.config.Bucket, d.config.Log, id)
	return nil
}

// discard removes the files of a download that offers none any more. What cannot be removed now, the next tidying will.
func discard(ctx context.Context, bucket *storage.Bucket, log *slog.Logger, id int64) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer done()
	if err := bucket.Clear(ctx, id, 0); err != nil {
		log.Warn("a file stays behind for a while", "download", id, "error", logText(err))
	}
}

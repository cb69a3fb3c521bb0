package export

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// fileQueue is the queue of the files.
const fileQueue = "downloads"

// maxTries is how often a download is tried before it fails.
const maxTries = 3

// fileArgs are the job that says: look at this download.
type fileArgs struct {
	DownloadID int64 `json:"downloadId"`
}

// Kind names the job in the queue.
func (fileArgs) Kind() string { return "download_file" }

// InsertOpts puts the job into its queue. How often a download is tried, its row decides.
func (fileArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: fileQueue, MaxAttempts: 4 * maxTries}
}

// fileMetadata is what a job says of where it comes from.
type fileMetadata struct {
	OrderedBy string `json:"traceparent,omitempty"` // the trace of who ordered the file
}

// enqueue gives a download a job, in the transaction that makes it wait, and notes in it who ordered the file.
func enqueue(ctx context.Context, jobs *river.Client[pgx.Tx], tx pgx.Tx, id int64, orderedBy string) error {
	metadata, err := json.Marshal(fileMetadata{orderedBy})
	if err != nil {
		return err
	}
	inserted, err := jobs.InsertTx(ctx, tx, fileArgs{DownloadID: id}, &river.InsertOpts{Metadata: metadata})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE downloads SET job_id = $2 WHERE id = $1`, id, inserted.Job.ID)
	return err
}

// fileJob hands the download of a job to who makes its file.
type fileJob struct {
	river.WorkerDefaults[fileArgs]
	begin func(ctx context.Context, orderedBy string) (context.Context, func())
	make  func(ctx context.Context, download int64) error
}

// Work makes the file.
func (j *fileJob) Work(ctx context.Context, job *river.Job[fileArgs]) error {
	var metadata fileMetadata
	_ = json.Unmarshal(job.Metadata, &metadata) // a job without any is made all the same
	ctx, end := j.begin(ctx, metadata.OrderedBy)
	defer end()
	return j.make(ctx, job.Args.DownloadID)
}

// Timeout lets a file take as long as it takes: the lease says whether it is still in work.
func (j *fileJob) Timeout(*river.Job[fileArgs]) time.Duration { return -1 }

// NextRetry waits a little longer each time.
func (j *fileJob) NextRetry(job *river.Job[fileArgs]) time.Time {
	return time.Now().Add(time.Duration(job.Attempt) * 2 * time.Second)
}

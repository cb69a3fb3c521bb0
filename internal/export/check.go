package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/storage"
)

// Problem is the machine-readable kind of something that is wrong with the files.
type Problem string

// The problems.
const (
	// FileMissing: a download is READY, but its file is not in the bucket.
	FileMissing Problem = "FILE_MISSING"
	// SizeDiffers: the file is longer or shorter than its download says.
	SizeDiffers Problem = "SIZE_DIFFERS"
	// DigestDiffers: the file's SHA-256 is not what its download says.
	DigestDiffers Problem = "DIGEST_DIFFERS"
	// LeaseForgotten: a download is RUNNING, its lease ended a while ago, and nobody took it over.
	LeaseForgotten Problem = "LEASE_FORGOTTEN"
	// LeaseTooLong: a lease ends later than any worker takes one.
	LeaseTooLong Problem = "LEASE_TOO_LONG"
	// TriedTooOften: a download was begun more often than it may be.
	TriedTooOften Problem = "TRIED_TOO_OFTEN"
	// JobMissing: a download waits, and no job will ever begin it.
	JobMissing Problem = "JOB_MISSING"
	// ExpiryForgotten: a download is READY although it expired a while ago.
	ExpiryForgotten Problem = "EXPIRY_FORGOTTEN"
	// Orphan: something in the bucket belongs to no download that is READY or RUNNING.
	Orphan Problem = "ORPHAN"
	// TemporaryOrphan: something of a killed process lies in the temporary directory.
	TemporaryOrphan Problem = "TEMPORARY_ORPHAN"
)

// Finding is one thing that is wrong.
type Finding struct {
	Problem Problem
	// Download is our own number of the download that it is about, 0 for none.
	Download int64
	// Where is the key in the bucket or the path of a file, empty for none.
	Where string
}

// String says it in one line, such as "DIGEST_DIFFERS download=17 downloads/17/1.xlsx".
func (f Finding) String() string {
	line := string(f.Problem)
	if f.Download != 0 {
		line += " download=" + strconv.FormatInt(f.Download, 10)
	}
	if f.Where != "" {
		line += " " + f.Where
	}
	return line
}

// Findings are what a check came to.
type Findings struct {
	// Downloads is how many rows were looked at.
	Downloads int
	// Files is how many files were read, from their first byte to their last.
	Files int
	// Wrong is what was found, empty if all is well.
	Wrong []Finding
}

// CheckConfig of a Check. Bucket is required.
type CheckConfig struct {
	// Bucket is where the files are kept.
	Bucket *storage.Bucket
	// TempDir is the temporary directory of the workers; empty is not looked at.
	TempDir string
	// Now is the clock that files expire by; nil is the machine's.
	Now func() time.Time
}

// patience is how long a thing may be out of order before that is a finding: by then the workers of a system in good
// health have put it right.
const patience = 30 * time.Second

// Check compares the downloads with the bucket, on a live system too: states, leases and jobs, the size and digest of
// every file, and what belongs to nobody. It changes nothing. The error says that the check itself failed.
func Check(ctx context.Context, pool *postgres.Pool, config CheckConfig) (Findings, error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	c := &checker{CheckConfig: config, pool: pool}
	for _, step := range []func(context.Context) error{c.checkStates, c.checkFiles, c.checkBucket, c.checkTempDir} {
		if err := step(ctx); err != nil {
			return Findings{}, fmt.Errorf("checking the files: %w", err)
		}
	}
	return c.findings, nil
}

type checker struct {
	CheckConfig
	pool     *postgres.Pool
	findings Findings
}

func (c *checker) found(problem Problem, download int64, where string) {
	c.findings.Wrong = append(c.findings.Wrong, Finding{Problem: problem, Download: download, Where: where})
}

// checkStates looks at what the rows say of themselves.
func (c *checker) checkStates(ctx context.Context) error {
	if err := c.pool.QueryRow(ctx, `SELECT count(*) FROM downloads`).Scan(&c.findings.Downloads); err != nil {
		return err
	}
	rows, err := c.pool.Query(ctx, `
		SELECT 'LEASE_FORGOTTEN', id FROM downloads WHERE state = 'RUNNING' AND lease_until < clock_timestamp() - $1::interval
		UNION ALL SELECT 'LEASE_TOO_LONG', id FROM downloads WHERE lease_until > clock_timestamp() + $2::interval
		UNION ALL SELECT 'TRIED_TOO_OFTEN', id FROM downloads WHERE attempt - handovers > $3
		UNION ALL SELECT 'JOB_MISSING', id FROM downloads d WHERE state = 'QUEUED' AND ordered_at < $4 AND NOT EXISTS (
			SELECT FROM river_job j WHERE j.id = d.job_id AND (j.state IN ('available', 'pending', 'retryable', 'scheduled')
				OR j.state = 'running' AND j.attempted_at > clock_timestamp() - $1::interval))
		UNION ALL SELECT 'EXPIRY_FORGOTTEN', id FROM downloads WHERE state = 'READY' AND expires_at < $4
		ORDER BY 2, 1`, patience, leaseLength+patience, maxTries, c.Now().Add(-patience))
	if err != nil {
		return err
	}
	var problem string
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&problem, &id}, func() error {
		c.found(Problem(problem), id, "")
		return nil
	})
	return err
}

// readyFile is what a READY row says of its file.
type readyFile struct {
	ID        int64
	BlobKey   string
	SizeBytes int64
	SHA256    string
}

// checkFiles reads every file that is offered.
func (c *checker) checkFiles(ctx context.Context) error {
	rows, err := c.pool.Query(ctx, `SELECT id, blob_key, size_bytes, sha256 FROM downloads WHERE state = 'READY' ORDER BY id`)
	if err != nil {
		return err
	}
	ready, err := pgx.CollectRows(rows, pgx.RowToStructByPos[readyFile])
	if err != nil {
		return err
	}
	for _, file := range ready {
		size, digest, err := c.read(ctx, file.BlobKey)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			// It may have expired or been deleted since its row was read.
			if offered, err := c.isReady(ctx, file.ID); err != nil || !offered {
				if err != nil {
					return err
				}
				continue
			}
			c.found(FileMissing, file.ID, file.BlobKey)
		case err != nil:
			return err
		case size != file.SizeBytes:
			c.found(SizeDiffers, file.ID, file.BlobKey)
		case digest != file.SHA256:
			c.found(DigestDiffers, file.ID, file.BlobKey)
		}
		c.findings.Files++
	}
	return nil
}

func (c *checker) isReady(ctx context.Context, id int64) (ready bool, err error) {
	err = c.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM downloads WHERE id = $1 AND state = 'READY')`, id).Scan(&ready)
	return ready, err
}

func (c *checker) read(ctx context.Context, key string) (size int64, digest string, err error) {
	content, err := c.Bucket.Read(ctx, key)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = content.Close() }()
	sum := sha256.New()
	size, err = io.Copy(sum, content)
	return size, hex.EncodeToString(sum.Sum(nil)), err
}

// checkBucket looks for what belongs to nobody.
func (c *checker) checkBucket(ctx context.Context) error {
	orphans, err := orphansIn(ctx, c.Bucket, c.pool, patience)
	for _, one := range orphans {
		c.found(Orphan, one.Download, one.Key)
	}
	return err
}

// temporaryName are the names that the libraries below us give to temporary files.
var temporaryName = regexp.MustCompile(`^(excelize-|\d+\.(?:xlsx|csv|json)\.[0-9a-f]+\.tmp)`)

// checkTempDir looks for what a killed process left.
func (c *checker) checkTempDir(context.Context) error {
	if c.TempDir == "" {
		return nil
	}
	entries, err := os.ReadDir(c.TempDir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if temporaryName.MatchString(entry.Name()) && time.Since(info.ModTime()) > patience {
			c.found(TemporaryOrphan, 0, filepath.Join(c.TempDir, entry.Name()))
		}
	}
	return nil
}

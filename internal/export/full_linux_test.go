package export

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// tinyDisk is a directory on a file system of its own that holds a megabyte.
func tinyDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small file system cannot be mounted here (%v): this test needs the right to mount", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("the small file system stays mounted: %v", err)
		}
	})
	return dir
}

// fillUp leaves little room on a disk.
func fillUp(t *testing.T, dir string) (filler string) {
	t.Helper()
	filler = filepath.Join(dir, "filler")
	must(t, os.WriteFile(filler, make([]byte, 900<<10), 0o600))
	return filler
}

// random contacts, lest they be packed into nothing.
const randomContacts = `UPDATE contacts SET source_address = gen_random_uuid()::text || gen_random_uuid()::text`

func TestFullBucket_EndsTheFileWithAReasonAndWorksAgainWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 6000)
	s.exec(t, randomContacts)
	disk := tinyDisk(t)
	s.bucket = filepath.Join(disk, "files")
	bucket, err := storage.Open(t.Context(), "file://"+s.bucket)
	must(t, err)
	s.set(t, func(config *Config) { config.Bucket = bucket }, WorkerConfig{})
	filler := fillUp(t, disk)

	download := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	must(t, s.worker.make(t.Context(), download.ID))
	failed := s.look(t, download)
	equal(t, "state", failed.State, Failed)
	equal(t, "code", failed.Failure().Code, fault.StorageFull)
	equal(t, "sentence", failed.Failure().Message, fault.New(fault.NoRoom, "").Sentence(fault.Polish))
	equal(t, "attempts", failed.Attempt, 1)
	equal(t, "files", len(s.kept(t)), 0)
	equal(t, "answer", s.fetch(t, failed, nil).Code, http.StatusConflict)

	must(t, os.Remove(filler))
	must(t, bucket.Close())
	bucket, err = storage.Open(t.Context(), "file://"+s.bucket)
	must(t, err)
	t.Cleanup(func() { _ = bucket.Close() })
	s.set(t, func(config *Config) { config.Bucket = bucket }, WorkerConfig{})
	s.exec(t, `DELETE FROM contacts WHERE id % 2 = 0`)
	s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
}

// It sets the temporary directory of the process, so nothing runs beside it.
func TestFullTemporaryDirectory_IsInNobodysWay(t *testing.T) {
	s := newSite(t, WorkerConfig{})
	s.fill(t, 6000)
	s.exec(t, randomContacts)
	disk := tinyDisk(t)
	must(t, os.WriteFile(filepath.Join(disk, "filler"), nil, 0o600))
	t.Setenv("TMPDIR", disk)
	fillUp(t, disk)
	s.made(t, workbooktest.March(), workbook.Detailed, fault.Polish)
	entries, err := os.ReadDir(disk)
	must(t, err)
	equal(t, "files in the temporary directory", len(entries), 1)
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFsck_ListsWhatIsWrongAndExitsNonZero(t *testing.T) {
	t.Parallel()
	s := newSite(t, 300)
	worker := s.worker()
	paths := map[string]string{}
	for _, name := range []string{"whole", "altered", "shortened", "removed"} {
		_, id := s.order("SIMPLE")
		if row := s.awaitFinal(id); row.State != "READY" {
			t.Fatalf("%s %s", row.State, row.ErrorCode)
		} else {
			paths[name] = row.BlobKey
		}
	}
	// It would mend what comes now.
	worker.stop(syscall.SIGTERM)
	if status, out, errs := s.fsck(); status != statusOK || !strings.Contains(out, "4 downloads, 4 files read, 0 things wrong") {
		t.Fatalf("nothing is wrong: status %d\n%s%s", status, out, errs)
	}

	path := func(name string) string { return filepath.Join(s.bucket, filepath.FromSlash(paths[name])) }
	content, err := os.ReadFile(path("altered"))
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Clone(content)
	altered[len(altered)/2] ^= 1
	orphan, leftover := filepath.Join(s.bucket, "downloads", "99", "1.xlsx"), filepath.Join(s.temp, "excelize-1")
	long := time.Now().Add(-time.Hour)
	for _, step := range []error{
		os.WriteFile(path("altered"), altered, 0o600),
		os.Truncate(path("shortened"), 10),
		os.Remove(path("removed")),
		os.MkdirAll(filepath.Dir(orphan), 0o700),
		os.WriteFile(orphan, content, 0o600), os.Chtimes(orphan, long, long),
		os.WriteFile(leftover, content, 0o600), os.Chtimes(leftover, long, long),
	} {
		if step != nil {
			t.Fatal(step)
		}
	}
	status, out, errs := s.fsck()
	if status != statusFindings {
		t.Errorf("status %d, want %d: %s", status, statusFindings, errs)
	}
	for _, want := range []string{
		"DIGEST_DIFFERS download=2 " + paths["altered"], "SIZE_DIFFERS download=3 " + paths["shortened"],
		"FILE_MISSING download=4 " + paths["removed"], "ORPHAN download=99 downloads/99/1.xlsx", "TEMPORARY_ORPHAN " + leftover, "5 things wrong",
	} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("%s is not told:\n%s", want, out)
		}
	}
	if strings.Contains(out, paths["whole"]) {
		t.Errorf("the whole file is told:\n%s", out)
	}
}

func TestFsck_CountsRecordingsThatAreAbsent(t *testing.T) {
	t.Parallel()
	s := newSite(t, 300)
	var named int
	var first string
	const recordings = `SELECT sum(CASE WHEN content ? 'recordings' THEN jsonb_array_length(content->'recordings') ELSE 1 END),
		min(content->'recording'->>'path') FROM contact_details WHERE content ? 'recording'`
	if err := s.pool.QueryRow(t.Context(), recordings).Scan(&named, &first); err != nil || named < 10 {
		t.Fatalf("%d recordings are named, %v", named, err)
	}
	folder := t.TempDir()
	there := filepath.Join(folder, filepath.FromSlash(first))
	if err := errors.Join(os.MkdirAll(filepath.Dir(there), 0o700), os.WriteFile(there, []byte("sound"), 0o600)); err != nil {
		t.Fatal(err)
	}
	status, out, errs := s.fsck("--recordings-url", "file://"+folder)
	want := fmt.Sprintf("%d recordings looked for, %d absent, 0 in an archive that does not answer, 0 without an archive\n", named, named-1)
	if status != statusOK || !strings.Contains(out, want) {
		t.Errorf("status %d, want %d and %q:\n%s%s", status, statusOK, want, out, errs)
	}
}

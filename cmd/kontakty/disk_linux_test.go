package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestFullDisk_FailsTheFileAndNothingElse(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	s := newSite(t, 20_000)
	resize := smallDisk(t, s.bucket, "256k")
	worker := s.worker()
	_, id := s.order("SIMPLE")
	row := s.awaitFinal(id)
	if row.State != "FAILED" || row.ErrorCode != "STORAGE_FULL" || row.ErrorPL == "" {
		t.Errorf("%s %s %q, want FAILED STORAGE_FULL with a reason", row.State, row.ErrorCode, row.ErrorPL)
	}
	if left := s.inBucket(); len(left) > 0 {
		t.Errorf("left on the full disk: %v", left)
	}
	if n := s.api.all(); n != s.contacts {
		t.Errorf("the API finds %d contacts while the disk is full, want %d", n, s.contacts)
	}
	resize("64m")
	node, id := s.order("SIMPLE")
	if row := s.awaitFinal(id); row.State != "READY" {
		t.Fatalf("%s %s once there is room", row.State, row.ErrorCode)
	}
	if got := s.fetch(node); got.lines != s.contacts {
		t.Errorf("%d lines once there is room, want %d", got.lines, s.contacts)
	}
	s.nothingOrphaned()
	if status := worker.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("the worker ends with status %d", status)
	}
}

// A file goes into the bucket as it is made and never through the temporary directory.
func TestFullTemporaryDirectory_DoesNotMatter(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	s := newSite(t, 20_000)
	smallDisk(t, s.temp, "64k")
	filler := filepath.Join(s.temp, "filler")
	if err := os.WriteFile(filler, make([]byte, 1<<20), 0o600); err == nil {
		t.Fatal("the disk is not small")
	}
	s.worker()
	for _, kind := range []string{"SIMPLE", "DETAILED"} {
		node, id := s.order(kind)
		if row := s.awaitFinal(id); row.State != "READY" {
			t.Fatalf("%s: %s %s", kind, row.State, row.ErrorCode)
		}
		if got := s.fetch(node); got.lines < s.contacts {
			t.Errorf("%s: %d lines for %d contacts", kind, got.lines, s.contacts)
		}
	}
	if left := filesBelow(t, s.temp); !slices.Equal(left, []string{"filler"}) {
		t.Errorf("in the temporary directory: %v", left)
	}
}

func TestFullDisk_LeavesNothingOfASeed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	directory := t.TempDir()
	smallDisk(t, directory, "300m")
	if err := os.Chmod(directory, 0o711); err != nil { // the private PostgreSQL runs under another account
		t.Fatal(err)
	}
	data := filepath.Join(directory, "data")
	status, _, errs := command(t, nil, "seed", "--data-dir", data, "--contacts", "1000000", "--months", "3")
	if status != statusFailed || !strings.Contains(errs, "the disk of the database is full: no contacts were added") {
		t.Fatalf("status %d\n%s", status, errs)
	}
	if status, out, errs := command(t, nil, "seed", "--data-dir", data, "--contacts", "5000"); status != statusOK || !strings.Contains(out, "5000 contacts") {
		t.Errorf("once fewer are asked for: status %d\n%s%s", status, out, errs)
	}
}

// smallDisk mounts a small disk on a directory; resize makes it larger.
func smallDisk(t *testing.T, directory, size string) (resize func(size string)) {
	t.Helper()
	if err := syscall.Mount("tmpfs", directory, "tmpfs", 0, "mode=0700,size="+size); err != nil {
		t.Skipf("this machine lets nobody mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(directory, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return func(size string) {
		t.Helper()
		if err := syscall.Mount("tmpfs", directory, "tmpfs", syscall.MS_REMOUNT, "size="+size); err != nil {
			t.Fatal(err)
		}
	}
}

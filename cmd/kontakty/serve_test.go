package main

import (
	"syscall"
	"testing"
)

func TestServe_TwoProcessesShareADataDirectory(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	first := serving(t, directory, "serve")
	second := serving(t, directory, "serve")
	mustRun(t, "import", "--data-dir", directory, writeFile(t, "calls.ndjson", ownContacts(7)))
	first.stop(syscall.SIGKILL)
	if n := second.count(march2024[0], march2024[1]); n != 7 {
		t.Errorf("%d contacts after the process that started PostgreSQL was killed, want 7", n)
	}
}

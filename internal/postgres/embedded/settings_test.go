package embedded

import (
	"strings"
	"testing"
)

func TestSettings_BuffersFollowTheMachineWithinBounds(t *testing.T) {
	t.Parallel()
	for memory, want := range map[int64]string{
		100 * megabyte:    "shared_buffers = '64MB'",
		2048 * megabyte:   "shared_buffers = '512MB'",
		262144 * megabyte: "shared_buffers = '1024MB'",
	} {
		if got := string(settings(memory, 1<<40, 2, false)); !strings.Contains(got, want) {
			t.Errorf("with %d bytes there is no %s in:\n%s", memory, want, got)
		}
	}
}

func TestSettings_WorkersOfAQueryFollowTheProcessors(t *testing.T) {
	t.Parallel()
	for processors, want := range map[int]string{1: "'0'", 2: "'1'", 3: "'2'", 64: "'2'"} {
		if got := string(settings(1<<30, 1<<40, processors, false)); !strings.Contains(got, "max_parallel_workers_per_gather = "+want) {
			t.Errorf("with %d processors there is no %s in:\n%s", processors, want, got)
		}
	}
}

func TestSettings_DataAreSafeUnlessDisposable(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if strings.Contains(string(settings(1<<30, 1<<40, 2, false)), setting) {
			t.Errorf("%s is changed", setting)
		}
	}
}

func TestSettings_LogOfWritesLeavesTheDiskToTheData(t *testing.T) {
	t.Parallel()
	for disk, want := range map[int64]string{
		500 * megabyte:     "max_wal_size = '64MB'\nmin_wal_size = '32MB'",
		10_000 * megabyte:  "max_wal_size = '1000MB'\nmin_wal_size = '256MB'",
		500_000 * megabyte: "max_wal_size = '4096MB'\nmin_wal_size = '256MB'",
	} {
		if got := string(settings(1<<30, disk, 2, false)); !strings.Contains(got, want) {
			t.Errorf("on a disk of %d bytes there is no %s in:\n%s", disk, want, got)
		}
	}
}

package changes_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// dump copies a database into an empty one as whoever restores a dump does.
func dump(t *testing.T, from, to string) {
	t.Helper()
	tool := func(name string) string {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
		found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
		if err != nil || len(found) == 0 {
			t.Fatalf("there is no %s", name)
		}
		return found[len(found)-1]
	}
	file := filepath.Join(t.TempDir(), "dump")
	for _, command := range [][]string{
		{tool("pg_dump"), "--format=custom", "--file", file, from},
		{tool("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", to, file},
	} {
		if output, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", filepath.Base(command[0]), err, output)
		}
	}
}

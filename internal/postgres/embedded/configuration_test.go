package embedded_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

func TestConfiguration_EverySettingIsInForce(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]embedded.Config{
		"new":        {DataDir: dataDir(t)},
		"disposable": {DataDir: dataDir(t), Disposable: true},
		"former":     {DataDir: formerDataDir(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := embedded.Start(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { stop(t, server) })
			content := readConfiguration(t, options.DataDir, "kontakty.conf")
			written := map[string]string{}
			for _, line := range regexp.MustCompile(`(?m)^(\w+) = '(.*)'$`).FindAllStringSubmatch(content, -1) {
				if _, twice := written[line[1]]; twice {
					t.Errorf("%s is written twice", line[1])
				}
				written[line[1]] = line[2]
			}
			if lines := strings.Count(content, " = "); lines < 25 || lines != len(written) {
				t.Fatalf("%d settings were read of:\n%s", len(written), content)
			}
			expectInForce(t, server.URL(), written)
		})
	}
}

func TestConfiguration_OperatorsLineWins(t *testing.T) {
	t.Parallel()
	const added = "\nmax_wal_size = 1GB\nshared_buffers = '77MB' # by hand\nwork_mem = 5MB\n"
	for name, c := range map[string]struct {
		directory string
		line      *regexp.Regexp // what the edit replaces; nil is the end of the file
		edit      string
		want      map[string]string
	}{
		"added": {
			directory: dataDirWithCluster(t), edit: added,
			want: map[string]string{"max_wal_size": "1GB", "shared_buffers": "77MB", "work_mem": "5MB", "min_wal_size": "256MB"},
		},
		"added to a former file": {
			directory: formerDataDir(t), edit: added,
			want: map[string]string{"max_wal_size": "1GB", "shared_buffers": "77MB", "work_mem": "5MB", "min_wal_size": "256MB"},
		},
		"put back what initdb wrote": {
			directory: dataDirWithCluster(t), line: regexp.MustCompile(`(?m)^# initdb: (shared_buffers = .*)$`), edit: "$1",
			want: map[string]string{"shared_buffers": "128MB", "max_wal_size": "4GB"},
		},
		"changed in a former file": {
			directory: formerDataDir(t), line: regexp.MustCompile(`(?m)^shared_buffers = 128MB`), edit: "shared_buffers = 99MB",
			want: map[string]string{"shared_buffers": "99MB", "max_wal_size": "4GB"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changeConfiguration(t, c.directory, func(content string) string {
				if c.line == nil {
					return content + c.edit
				}
				return c.line.ReplaceAllString(content, c.edit)
			})
			server := start(t, c.directory)
			expectInForce(t, server.URL(), c.want)
		})
	}
}

func TestConfiguration_LeavesALinkAlone(t *testing.T) {
	t.Parallel()
	directory := formerDataDir(t)
	path := filepath.Join(directory, "postgres", "postgresql.conf")
	elsewhere := path + ".kept"
	if err := os.Rename(path, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, path); err != nil {
		t.Fatal(err)
	}
	before := readConfiguration(t, directory, "postgresql.conf")
	start(t, directory)
	if target, err := os.Readlink(path); err != nil || target != elsewhere {
		t.Errorf("the link leads to %q, %v", target, err)
	}
	if after := readConfiguration(t, directory, "postgresql.conf"); after != before {
		t.Errorf("the file behind the link was changed to:\n%s", after)
	}
}

// formerDataDir is a data directory whose cluster was made while initdb's own values still hid Kontakty's.
func formerDataDir(t *testing.T) string {
	t.Helper()
	directory := dataDirWithCluster(t)
	changeConfiguration(t, directory, func(content string) string {
		_, below, _ := strings.Cut(content, "\n")
		return "# Kontakty writes kontakty.conf anew at every start; what stands below it here wins.\n" + strings.ReplaceAll(below, "# initdb: ", "")
	})
	return directory
}

// changeConfiguration edits the cluster's postgresql.conf.
func changeConfiguration(t *testing.T, directory string, change func(string) string) {
	t.Helper()
	before := readConfiguration(t, directory, "postgresql.conf")
	after := change(before)
	if after == before {
		t.Fatalf("nothing is changed in:\n%s", before)
	}
	// The file keeps its owner.
	if err := os.WriteFile(filepath.Join(directory, "postgres", "postgresql.conf"), []byte(after), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readConfiguration(t *testing.T, directory, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(directory, "postgres", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// expectInForce asks the running server whether its settings have the values.
func expectInForce(t *testing.T, url string, values map[string]string) {
	t.Helper()
	for name, want := range values {
		if got := query(t, url, "SELECT current_setting('"+name+"')"); !strings.EqualFold(inMegabytes(got), inMegabytes(want)) {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// inMegabytes gives a size the unit that it was written in: the server tells 1024MB as 1GB.
func inMegabytes(value string) string {
	gigabytes, isSize := strings.CutSuffix(value, "GB")
	if n, err := strconv.Atoi(gigabytes); isSize && err == nil {
		return strconv.Itoa(1024*n) + "MB"
	}
	return value
}

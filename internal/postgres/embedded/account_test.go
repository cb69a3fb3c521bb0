package embedded_test

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestAccount_WorksBelowADirectoryThatOnlyRootEnters(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	closed := filepath.Dir(directory)
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	server := start(t, directory)
	// Parallel workers and sorts that spill make further processes and files, all by the inherited name.
	if got := query(t, server.URL(), "SELECT count(*)::text FROM (SELECT DISTINCT md5(n::text) FROM generate_series(1, 200000) n) d"); got != "200000" {
		t.Errorf("%s rows, want 200000", got)
	}
	stop(t, server)
	server = start(t, directory)
	if !server.Started() || query(t, server.URL(), "SELECT pg_reload_conf()::text") != "true" {
		t.Error("it did not start again")
	}
}

func TestAccount_OfAnOrdinaryUsersClusterIsThatUser(t *testing.T) {
	t.Parallel()
	nobody, err := user.Lookup("nobody")
	if os.Geteuid() != 0 || err != nil {
		t.Skip("only root can play two users")
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	directory := dataDir(t)
	if err := os.Mkdir(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(directory, uid, gid); err != nil {
		t.Fatal(err)
	}
	program := programForAll(t, directory)
	asNobody := func(command *exec.Cmd) {
		command.Path, command.Dir = program, "/"
		command.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	root := start(t, directory)
	execute(t, root.URL(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
	ordinary := hold(t, directory, asNobody).waitUntilReady()
	if ordinary.started {
		t.Error("the ordinary user did not attach to what root started")
	}
	stop(t, root)
	ordinary.leave()
	ordinary = hold(t, directory, asNobody).waitUntilReady()
	if got := query(t, ordinary.url, "SELECT n::text FROM kept"); got != "7" || !ordinary.started {
		t.Errorf("kept is %s, want 7, started=%t", got, ordinary.started)
	}
	if root := start(t, directory); root.Started() {
		t.Error("root did not attach to what the ordinary user started")
	}
}

func TestAccount_RefusesAnotherUsersClusterWithItsOwnersName(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can play two users")
	}
	directory := dataDirWithCluster(t)
	stop(t, start(t, directory))
	owner, err := user.LookupId(strconv.Itoa(int(statOf(t, filepath.Join(directory, "postgres")).Uid)))
	if err != nil {
		t.Fatal(err)
	}
	// Another user than the cluster's, who can read the directory.
	program := programForAll(t, directory)
	stranger := exec.Command(program)
	stranger.Env = append(os.Environ(), holderVariable+"="+directory)
	stranger.Dir = "/"
	stranger.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 54321, Gid: 54321}}
	output, err := stranger.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "belongs to user "+owner.Username) {
		t.Fatalf("it ended with %v: %s", err, output)
	}
}

// programForAll is a copy of this program that every user may run, beside a data directory.
func programForAll(t *testing.T, directory string) string {
	t.Helper()
	original, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(filepath.Dir(directory), "program")
	if err := os.WriteFile(program, content, 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

func statOf(t *testing.T, path string) *syscall.Stat_t {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t)
}

//go:build telephonyproof

package proof_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/telephony/asterisk/exchangetest"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/played"
)

// exchange is a running Asterisk of a Debian in a tree of its own, beside a MariaDB with FreePBX's tables.
type exchange struct {
	t                      *testing.T
	version, tree, address string
	database               *exchangetest.Exchange
}

// startExchange starts the Asterisk of a tree on an address of loopback.
func startExchange(t *testing.T, version, tree, address string) *exchange {
	t.Helper()
	x := &exchange{t: t, version: version, tree: tree, address: address, database: exchangetest.Start(t)}
	if _, err := x.database.ExecContext(t.Context(), "CREATE USER asterisk IDENTIFIED BY 'asterisk'; GRANT ALL ON asteriskcdrdb.* TO asterisk"); err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(x.database.Host, ":")
	values := strings.NewReplacer("@ADDRESS@", address, "@PORT@", port, "@MODULES@", filepath.Dir(x.find("cel_odbc.so")), "@DRIVER@", x.find("libmaodbc.so"))
	for _, old := range []string{"etc/proof", "var/proof"} {
		if err := os.RemoveAll(filepath.Join(tree, old)); err != nil {
			t.Fatal(err)
		}
	}
	for _, directory := range []string{"run", "log/cdr-csv", "log/cel-custom", "log/cel_custom", "spool", "lib"} {
		if err := os.MkdirAll(filepath.Join(tree, "var/proof", directory), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	local := filepath.Join(tree, "etc/localtime") // Asterisk asks it, not the environment
	if err := os.RemoveAll(local); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/usr/share/zoneinfo/"+played.Zone, local); err != nil {
		t.Fatal(err)
	}
	x.configure("testdata/etc", values)
	x.configure(filepath.Join("testdata/etc", version), values)
	server := exec.Command("/usr/sbin/asterisk", "-f", "-C", "/etc/proof/asterisk.conf")
	server.Dir, server.SysProcAttr = "/", &syscall.SysProcAttr{Chroot: tree}
	server.Env = []string{"ODBCSYSINI=/etc/proof", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for deadline := time.Now().Add(patience); !strings.Contains(x.console("core waitfullybooted"), "fully booted"); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("Asterisk does not start")
		}
	}
	return x
}

// configure copies configuration files into the tree.
func (x *exchange) configure(directory string, values *strings.Replacer) {
	x.t.Helper()
	files, err := os.ReadDir(directory)
	if err != nil {
		x.t.Fatal(err)
	}
	to := filepath.Join(x.tree, "etc/proof")
	if err := os.MkdirAll(to, 0o755); err != nil {
		x.t.Fatal(err)
	}
	for _, file := range files {
		if file.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(directory, file.Name()))
		if err != nil {
			x.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, file.Name()), []byte(values.Replace(string(content))), 0o644); err != nil {
			x.t.Fatal(err)
		}
	}
}

// find gives where a library lies inside the tree.
func (x *exchange) find(name string) string {
	x.t.Helper()
	found := ""
	_ = filepath.WalkDir(filepath.Join(x.tree, "usr/lib"), func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Base(path) == name {
			found = strings.TrimPrefix(path, x.tree)
		}
		return nil
	})
	if found == "" {
		x.t.Fatalf("there is no %s in %s", name, x.tree)
	}
	return found
}

// console runs a command of Asterisk's console.
func (x *exchange) console(command string) string {
	c := exec.Command("/usr/sbin/asterisk", "-C", "/etc/proof/asterisk.conf", "-rx", command)
	c.Dir, c.SysProcAttr, c.Env = "/", &syscall.SysProcAttr{Chroot: x.tree}, []string{"HOME=/root"}
	out, _ := c.CombinedOutput()
	return string(out)
}

// settle waits until no channel is left.
func (x *exchange) settle() {
	x.t.Helper()
	for deadline := time.Now().Add(patience); !strings.HasPrefix(x.console("core show channels count"), "0 active channels"); time.Sleep(300 * time.Millisecond) {
		if time.Now().After(deadline) {
			x.t.Fatalf("channels are left:\n%s", x.console("core show channels concise"))
		}
	}
	time.Sleep(time.Second)
}

// file is where the exchange writes rows of a kind.
func (x *exchange) file(kind string) string {
	log := filepath.Join(x.tree, "var/proof/log")
	switch kind {
	case "cdr.csv":
		return filepath.Join(log, "cdr-csv/Master.csv")
	case "queue_log":
		return filepath.Join(log, "queue_log")
	}
	for _, directory := range []string{"cel-custom", "cel_custom"} {
		if path := filepath.Join(log, directory, "cel.csv"); exists(path) {
			return path
		}
	}
	x.t.Fatal("Asterisk writes no CEL")
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// release is the version that the exchange says it is.
func (x *exchange) release() string {
	return strings.TrimSpace(strings.SplitN(x.console("core show version"), " built", 2)[0])
}

// log is what Asterisk wrote of what it did.
func (x *exchange) log() string {
	content, err := os.ReadFile(filepath.Join(x.tree, "var/proof/log/full"))
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(content)
}

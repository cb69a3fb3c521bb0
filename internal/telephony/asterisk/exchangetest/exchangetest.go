// Package exchangetest starts the database of an exchange for tests: a MariaDB with FreePBX's tables.
package exchangetest

import (
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
)

// freePBXTables are the tables of asteriskcdrdb that are read, as FreePBX makes them.
const freePBXTables = `CREATE DATABASE asteriskcdrdb; USE asteriskcdrdb;
CREATE TABLE cdr (calldate datetime NOT NULL DEFAULT '0000-00-00 00:00:00', clid varchar(80) NOT NULL DEFAULT '', src varchar(80) NOT NULL DEFAULT '',
 dst varchar(80) NOT NULL DEFAULT '', dcontext varchar(80) NOT NULL DEFAULT '', channel varchar(80) NOT NULL DEFAULT '', dstchannel varchar(80) NOT NULL DEFAULT '',
 lastapp varchar(80) NOT NULL DEFAULT '', lastdata varchar(80) NOT NULL DEFAULT '', duration int NOT NULL DEFAULT 0, billsec int NOT NULL DEFAULT 0,
 disposition varchar(45) NOT NULL DEFAULT '', amaflags int NOT NULL DEFAULT 0, accountcode varchar(20) NOT NULL DEFAULT '', uniqueid varchar(32) NOT NULL DEFAULT '',
 userfield varchar(255) NOT NULL DEFAULT '', did varchar(50) NOT NULL DEFAULT '', recordingfile varchar(255) NOT NULL DEFAULT '', cnum varchar(80) NOT NULL DEFAULT '',
 cnam varchar(80) NOT NULL DEFAULT '', outbound_cnum varchar(80) NOT NULL DEFAULT '', outbound_cnam varchar(80) NOT NULL DEFAULT '', dst_cnam varchar(80) NOT NULL DEFAULT '',
 linkedid varchar(32) NOT NULL DEFAULT '', peeraccount varchar(80) NOT NULL DEFAULT '', sequence int NOT NULL DEFAULT 0, KEY calldate (calldate), KEY did (did), KEY uniqueid (uniqueid));
CREATE TABLE cel (id int NOT NULL AUTO_INCREMENT, eventtype varchar(30) NOT NULL, eventtime datetime NOT NULL, cid_name varchar(80) NOT NULL, cid_num varchar(80) NOT NULL,
 cid_ani varchar(80) NOT NULL, cid_rdnis varchar(80) NOT NULL, cid_dnid varchar(80) NOT NULL, exten varchar(80) NOT NULL, context varchar(80) NOT NULL, channame varchar(80) NOT NULL,
 appname varchar(80) NOT NULL, appdata varchar(1024) NOT NULL, amaflags int NOT NULL DEFAULT 0, accountcode varchar(20) NOT NULL, uniqueid varchar(32) NOT NULL,
 linkedid varchar(32) NOT NULL, peer varchar(80) NOT NULL, userdeftype varchar(255) NOT NULL, extra varchar(512) NOT NULL, PRIMARY KEY (id), KEY uniqueid_index (uniqueid),
 KEY linkedid_index (linkedid), KEY context_index (context));
CREATE USER 'kontakty'@'%' IDENTIFIED BY 'follow'; GRANT SELECT ON asteriskcdrdb.* TO 'kontakty'@'%';`

// freePBXConfiguration are the tables of FreePBX's own that a draft reads, with a few things in them.
const freePBXConfiguration = `CREATE DATABASE asterisk; USE asterisk;
CREATE TABLE users (extension varchar(20), name varchar(50)); INSERT INTO users VALUES ('201', 'Anna Nowak');
CREATE TABLE queues_config (extension varchar(20), descr varchar(35)); INSERT INTO queues_config VALUES ('601', 'Giełda');
CREATE TABLE incoming (cidnum varchar(20), extension varchar(50), destination varchar(50), description varchar(50));
INSERT INTO incoming VALUES ('', '48221000104', 'ext-queues,601,1', 'Giełda');
CREATE TABLE ivr_details (id int, name varchar(50)); INSERT INTO ivr_details VALUES (1, 'Menu główne')`

// Exchange is the database of an exchange, as its administrator has it.
type Exchange struct {
	*sql.DB
	// Host is where it answers, Address how a user who may read cel and cdr connects.
	Host, Address string
}

// Start starts a MariaDB with FreePBX's tables. It is left out where there is none, but for CI, which installs it.
func Start(t testing.TB) *Exchange {
	t.Helper()
	mariadbd := findMariaDB(t)
	directory, err := os.MkdirTemp("", "kontakty-mariadb-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) })
	data, socket := filepath.Join(directory, "data"), filepath.Join(directory, "s")
	user := "--user=" + os.Getenv("USER")
	if os.Getuid() == 0 {
		user = "--user=root"
	}
	// A server removes the temporary tables that it finds where its own are to lie: another's, in a directory that they share.
	environment := append(os.Environ(), "TMPDIR="+directory)
	install := exec.CommandContext(t.Context(), "mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", user,
		"--datadir="+data)
	install.Env = environment
	out, err := install.CombinedOutput()
	if err != nil {
		t.Fatalf("mariadb-install-db: %v\n%s", err, out)
	}
	port := freePort(t)
	server := exec.Command(mariadbd, "--no-defaults", user, "--datadir="+data, "--socket="+socket, "--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", port),
		"--innodb-flush-log-at-trx-commit=0", "--sql-mode=", "--character-set-server=utf8mb4", "--pid-file="+filepath.Join(directory, "pid"))
	server.Env = environment
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	db, err := sql.Open("mysql", "root@unix("+socket+")/?multiStatements=true")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for deadline := time.Now().Add(90 * time.Second); db.PingContext(t.Context()) != nil; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("MariaDB does not answer")
		}
	}
	if _, err := db.ExecContext(t.Context(), freePBXTables); err != nil {
		t.Fatal(err)
	}
	host := fmt.Sprintf("127.0.0.1:%d", port)
	return &Exchange{DB: db, Host: host, Address: "mysql://kontakty:follow@" + host + "/asteriskcdrdb"}
}

func findMariaDB(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"mariadbd", "/usr/sbin/mariadbd", "/usr/libexec/mariadbd"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("there is no MariaDB: .ci/install mariadb")
	}
	t.Skip("there is no MariaDB here: .ci/install mariadb installs it")
	return ""
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// Configure makes FreePBX's own tables, which the user may not read yet.
func (x *Exchange) Configure(t testing.TB) {
	t.Helper()
	if _, err := x.ExecContext(t.Context(), freePBXConfiguration); err != nil {
		t.Fatal(err)
	}
}

// Write writes CEL rows into the exchange's table, with times of whole seconds in a zone.
func (x *Exchange) Write(t testing.TB, zone *time.Location, rows ...[]string) {
	t.Helper()
	const columns = "eventtype, eventtime, cid_name, cid_num, cid_ani, cid_rdnis, cid_dnid, exten, context, channame, appname, appdata, accountcode, uniqueid, linkedid, peer, userdeftype, extra"
	for some := range slices.Chunk(rows, rowsAtOnce) {
		var values []any
		for _, row := range some {
			for i, value := range row {
				if i == 1 {
					second, err := strconv.ParseInt(strings.SplitN(value, ".", 2)[0], 10, 64)
					if err != nil {
						t.Fatal(err)
					}
					value = time.Unix(second, 0).In(zone).Format(time.DateTime)
				}
				values = append(values, value)
			}
		}
		row := "(?" + strings.Repeat(", ?", len(some[0])-1) + ")"
		if _, err := x.ExecContext(t.Context(), "INSERT INTO asteriskcdrdb.cel ("+columns+") VALUES "+row+strings.Repeat(", "+row, len(some)-1), values...); err != nil {
			t.Fatal(err)
		}
	}
}

// rowsAtOnce is how many rows one statement writes.
const rowsAtOnce = 200

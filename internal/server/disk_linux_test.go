package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/disk"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
)

// smallDisk mounts a small disk on a directory; resize gives it another size.
func smallDisk(t *testing.T, directory, size string) (resize func(size string)) {
	t.Helper()
	if err := syscall.Mount("tmpfs", directory, "tmpfs", 0, "mode=0711,size="+size); err != nil {
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

// chats are lines of an import.
func chats(count int) string {
	var lines strings.Builder
	for i := range count {
		fmt.Fprintf(&lines, `{"externalId":"line-%d","type":"CHAT","status":"ANSWERED","startedAt":"2026-04-04T08:09:16Z","details":{"chat":{"messages":[{"at":"2026-04-04T08:09:16Z","author":"CLIENT","text":"%s"}]}}}`+"\n",
			i, strings.Repeat("0123456789abcdef", 40))
	}
	return lines.String()
}

func TestFullDisk_RefusesWritesWithASentenceWhileReadsGoOn(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	config, log := privateConfig(t), &syncedBuffer{}
	resize := smallDisk(t, config.Database.DataDir, "220m")
	m := started(t, config, slog.New(slog.NewTextHandler(log, nil)))
	l := &load{t: t, base: m.URL(), key: allowed(t, m.work), client: http.DefaultClient}
	expect := func(what, query, want string) {
		t.Helper()
		if data, code, err := l.ask(query); err != nil || code != want {
			t.Errorf("%s is answered %.200s %q (%v), want code %q", what, data, code, err, want)
		}
	}
	expect("a first contact", contactsOf(0, 20), "")
	page, _, err := l.ask(loadPage)
	if err != nil || !strings.Contains(page, `"totalCount":20`) {
		t.Fatal(page, err)
	}
	const order = `mutation { exportContacts(input: {kind: SIMPLE, filter: {period: {range: {from: "2026-03-01", to: "2026-03-31"}}}}) { download { state } } }`

	const lines = 80_000
	begun := time.Now()
	landed, err := ingest.Import(t.Context(), m.work, strings.NewReader(chats(lines)), ingest.Config{})
	if fault.CodeOf(err) != fault.StorageFull || landed.Lines == 0 || landed.Lines >= lines {
		t.Fatalf("the import ends with %v after %d lines of %d", err, landed.Lines, lines)
	}
	room, err := disk.Of(config.Database.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("after %d of %d lines and %.1f s the import is refused (%s), with %d MiB left", landed.Lines, lines, time.Since(begun).Seconds(), fault.New(fault.DatabaseFull, ""), room.Free>>20)
	expect("a contact", contactsOf(20, 1), "STORAGE_FULL")
	expect("an order", order, "STORAGE_FULL")
	for range 50 {
		if data, code, err := l.ask(loadPage); err != nil || code != "" || data != page {
			t.Fatalf("a page is answered %.200s %s (%v)", data, code, err)
		}
	}
	m.lookAtDisks(map[string]disk.Level{})
	if said := log.String(); !strings.Contains(said, "the disk is full") {
		t.Error("the log does not say that the disk is full")
	}

	resize("1g")
	landed, err = ingest.Import(t.Context(), m.work, strings.NewReader(chats(lines)), ingest.Config{})
	if err != nil || landed.Recorded+landed.Unchanged != lines || landed.Unchanged == 0 {
		t.Errorf("once there is room the import ends with %v: %+v", err, landed)
	}
	expect("a contact, once there is room,", contactsOf(20, 1), "")
	expect("an order, once there is room,", order, "")
	m.lookAtDisks(map[string]disk.Level{"data": disk.Full})
	if said := log.String(); !strings.Contains(said, "the disk has room again") {
		t.Error("the log does not say that the disk has room again")
	}
	t.Logf("once there was room: %d recorded, %d unchanged", landed.Recorded, landed.Unchanged)
}

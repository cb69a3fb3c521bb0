package storage_test

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/storage/storagetest"
)

// secret is what lies beside an archive and must never be read through it.
const secret = "nobody may read this"

// spellings are ways to write a path that leads out of an archive to the file secret.txt beside it, whose folder is outside.
func spellings(outside string) []string {
	spelt := []string{
		"../secret.txt", "/../secret.txt", "//../secret.txt", "./../secret.txt", "a/../../secret.txt", "a/b/../../../secret.txt",
		"a/./../../secret.txt", "..//secret.txt", "../", "..", ".", "/", "", "a/..", "a/../..",
		`..\secret.txt`, `a\..\..\secret.txt`, `\\?\` + outside + `\secret.txt`, "..\x00/secret.txt", "../secret.txt\x00.wav",
		"%2e%2e/secret.txt", "%2E%2E%2Fsecret.txt", "..%2fsecret.txt", "..%5csecret.txt", "%252e%252e%252fsecret.txt",
		"%c0%ae%c0%ae/secret.txt", "..%c0%afsecret.txt", "%u002e%u002e/secret.txt", "\xc0\xae\xc0\xae/secret.txt", "..\xc0\xafsecret.txt",
		"．．/secret.txt", "․․/secret.txt", "..∕secret.txt", "..\u2028/secret.txt", "\u202e../secret.txt",
		"..;/secret.txt", ".../secret.txt", "....//secret.txt", "a/\t../../secret.txt", "../secret.txt\n", " ../secret.txt",
		outside + "/secret.txt", "/" + outside + "/secret.txt", "file://" + outside + "/secret.txt", "~/secret.txt", "$HOME/secret.txt",
		"link.txt", "folder-link/secret.txt", "relative-link.txt", "a/up/secret.txt", "loop/loop/loop", ".hidden", "a/.hidden", "pipe", "a",
		"C:/secret.txt", "a/" + strings.Repeat("../", 40) + strings.TrimPrefix(outside, "/") + "/secret.txt", strings.Repeat("a/", 600) + "x.wav",
	}
	return spelt
}

func TestCollection_ReadsNothingOutsideItsFolder(t *testing.T) {
	t.Parallel()
	outside, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	folder := filepath.Join(outside, "monitor")
	must(t, os.MkdirAll(filepath.Join(folder, "a", "b"), 0o755))
	for path, content := range map[string]string{
		filepath.Join(outside, "secret.txt"): secret, filepath.Join(folder, ".hidden"): secret, filepath.Join(folder, "a", ".hidden"): secret,
		filepath.Join(folder, "a", "b", "call.wav"): "sound",
	} {
		must(t, os.WriteFile(path, []byte(content), 0o600))
	}
	for from, to := range map[string]string{
		"link.txt": filepath.Join(outside, "secret.txt"), "folder-link": outside, "relative-link.txt": "../secret.txt", "a/up": "../..", "loop": "loop",
	} {
		must(t, os.Symlink(to, filepath.Join(folder, from)))
	}
	must(t, syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600)) // whoever opens it as a file waits for ever
	collection, err := storage.OpenCollection(t.Context(), "file://"+folder)
	must(t, err)

	spelt := spellings(outside)
	if len(spelt) < 40 {
		t.Errorf("only %d spellings are tried", len(spelt))
	}
	for _, path := range spelt {
		nothing(t, collection, path)
	}
	for _, path := range []string{"a/b/call.wav", "/a/b/call.wav", "///a//b/call.wav", folder + "/a/b/call.wav"} {
		if got := content(t, collection, path); got != "sound" {
			t.Errorf("%q holds %q", path, got)
		}
	}
}

func TestCollection_ReadsNothingOfAnotherBucket(t *testing.T) {
	address := storagetest.Gateway(t)
	bucket, err := storage.Open(t.Context(), address)
	must(t, err)
	defer func() { _ = bucket.Close() }()
	for key, content := range map[string]string{"a/b/call.wav": "sound", "monitor/a/call.wav": "sound"} {
		_, err := bucket.Write(t.Context(), key, func(w io.Writer) error { _, err := io.WriteString(w, content); return err })
		must(t, err)
	}
	// The service keeps buckets as folders: what lies beside the bucket is a secret.
	parsed, err := url.Parse(address)
	must(t, err)
	collection, err := storage.OpenCollection(t.Context(), address+"&strip="+url.QueryEscape("/var/spool/asterisk"))
	must(t, err)
	defer func() { _ = collection.Close() }()
	for _, path := range append(spellings("/"+parsed.Host), "../"+parsed.Host+"/a/b/call.wav", "a/b/../b/call.wav", "a/b/call.wav/../call.wav") {
		nothing(t, collection, path)
	}
	for _, path := range []string{"/a/b/call.wav", "/var/spool/asterisk/monitor/a/call.wav"} {
		if got := content(t, collection, path); got != "sound" {
			t.Errorf("%q holds %q", path, got)
		}
	}
}

// nothing fails if a path leads to anything.
func nothing(t *testing.T, collection *storage.Collection, path string) {
	t.Helper()
	key, valid := collection.Key(path)
	if !valid {
		return
	}
	object, err := collection.Open(t.Context(), key)
	if err == nil {
		_ = object.Close()
		t.Errorf("%q leads to a file of %d bytes", path, object.Size())
		return
	}
	if !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("%q: %v", path, err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error of %q names the file: %v", path, err)
	}
}

func content(t *testing.T, collection *storage.Collection, path string) string {
	t.Helper()
	key, valid := collection.Key(path)
	if !valid {
		return "no key"
	}
	object, err := collection.Open(t.Context(), key)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = object.Close() }()
	read, err := io.ReadAll(io.NewSectionReader(object, 0, object.Size()))
	must(t, err)
	return string(read)
}

// A remote object is read in order by one request, and from anywhere after a jump.
func TestObject_GivesEveryPartOfItself(t *testing.T) {
	address := storagetest.Gateway(t)
	bucket, err := storage.Open(t.Context(), address)
	must(t, err)
	defer func() { _ = bucket.Close() }()
	var whole strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&whole, "%06d ", i)
	}
	_, err = bucket.Write(t.Context(), "long.wav", func(w io.Writer) error { _, err := io.WriteString(w, whole.String()); return err })
	must(t, err)
	collection, err := storage.OpenCollection(t.Context(), address)
	must(t, err)
	defer func() { _ = collection.Close() }()
	object, err := collection.Open(t.Context(), "long.wav")
	must(t, err)
	defer func() { _ = object.Close() }()
	if object.Size() != int64(whole.Len()) || object.ETag() == "" || strings.Contains(object.ETag(), `"`) {
		t.Errorf("%d bytes, tag %q", object.Size(), object.ETag())
	}
	for _, part := range [][2]int{{0, 10}, {10, 70_000}, {70_010, 5}, {300_000, 20}, {299_990, 40}, {0, 3}, {100_000, 65_536}, {419_990, 10}} {
		got := make([]byte, part[1])
		n, err := object.ReadAt(got, int64(part[0]))
		if want := whole.String()[part[0] : part[0]+part[1]]; err != nil || string(got[:n]) != want {
			t.Errorf("%v: %d bytes, %v, the right ones: %v", part, n, err, string(got[:n]) == want)
		}
	}
	if n, err := object.ReadAt(make([]byte, 10), object.Size()-4); n != 4 || !errors.Is(err, io.EOF) {
		t.Errorf("beyond the end: %d, %v", n, err)
	}
}

func TestCollection_SaysThatItsFolderIsGone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "mounted-later")
	collection, err := storage.OpenCollection(t.Context(), "file://"+folder)
	must(t, err)
	if _, err := collection.Open(t.Context(), "call.wav"); !errors.Is(err, storage.ErrAway) || strings.Contains(err.Error(), "mounted") {
		t.Errorf("a folder that is not there: %v", err)
	}
	must(t, os.Mkdir(folder, 0o755))
	must(t, os.WriteFile(filepath.Join(folder, "call.wav"), []byte("sound"), 0o600))
	if got := content(t, collection, "call.wav"); got != "sound" {
		t.Errorf("once it is mounted: %q", got)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package link

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// path is where the files of every test are fetched.
const path = "/files/"

// now is the clock of every test.
var now = time.Date(2024, 4, 10, 9, 30, 0, 0, time.UTC)

// newLinks makes links with a key of the test's own.
func newLinks(t testing.TB) *Links {
	t.Helper()
	seal, err := newSeal([]byte("a key for tests"))
	must(t, err)
	return &Links{of: Files{Path: path, Kind: relay.DownloadKind, Stale: fault.LinkStale}, seal: seal}
}

func TestLink_SaysNothingToThoseWhoSeeItPass(t *testing.T) {
	t.Parallel()
	links := newLinks(t)
	of := func(by string, until time.Time) string {
		address, err := links.Address(t.Context(), Link{ID: 7, By: by, Until: until})
		must(t, err)
		return address
	}
	anna := "oidc:https://login.example.com#anna@example.com"
	address := of(anna, now)
	_, token, _ := strings.Cut(address, "?token=")
	content, err := tokenEncoding.DecodeString(token)
	must(t, err)
	for _, secret := range []string{"anna", "example", "oidc", fmt.Sprint(now.Unix())} {
		if strings.Contains(address, secret) || strings.Contains(string(content), secret) {
			t.Errorf("the address tells %q", secret)
		}
	}
	equal(t, "the same link again", of(anna, now), address)
	if nonce := token[:16]; strings.Contains(of(anna, now.Add(time.Second)), nonce) || strings.Contains(of("local", now), nonce) {
		t.Error("two links share a nonce")
	}
}

func TestLinks_OpenNoTokenWithoutItsName(t *testing.T) {
	t.Parallel()
	links := newLinks(t)
	given, err := links.Address(t.Context(), Link{ID: 7, By: "local", Until: now.Add(Life)})
	must(t, err)
	bare, err := url.Parse(strings.Replace(given, "token=", "", 1))
	must(t, err)
	_, err = links.Open(t.Context(), bare, now)
	equal(t, "the code", fault.CodeOf(err), fault.LinkInvalid)
}

func FuzzLink(f *testing.F) {
	l := newLinks(f)
	given, err := l.Address(f.Context(), Link{ID: 7, By: "local", Until: now.Add(Life)})
	must(f, err)
	for _, seed := range []string{given, given + "=", given[:20], path, path + "?token=", "/", given + "%0A", strings.Replace(given, "/files/", "/files/%52", 1), strings.Replace(given, "token=", "", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		address, err := url.Parse(text)
		if err != nil {
			return
		}
		opened, err := l.Open(t.Context(), address, now)
		if err == nil && (address.Path+"?"+address.RawQuery != given || opened.By != "local" || opened.ID != 7) {
			t.Fatalf("%q opens %+v", text, opened)
		}
		if err != nil && fault.CodeOf(err) != fault.LinkInvalid {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

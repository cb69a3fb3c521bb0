package export

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

func TestOnlyAFreshUnchangedAddressOpensAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerSettings{})
	s.fill(t, 10)
	download, _ := s.made(t, march(), Simple, fault.Polish)
	other, _ := s.made(t, march(), Detailed, fault.Polish)
	address, err := url.Parse(*download.URL())
	must(t, err)
	with := func(name, value string) string {
		changed := *address
		query := changed.Query()
		query.Set(name, value)
		changed.RawQuery = query.Encode()
		return changed.String()
	}
	expires, err := strconv.ParseInt(address.Query().Get("expires"), 10, 64)
	must(t, err)
	mark := address.Query().Get("signature")
	for what, forged := range map[string]string{
		"another file":      strings.Replace(address.String(), download.NodeID(), other.NodeID(), 1),
		"a longer life":     with("expires", strconv.FormatInt(expires+1, 10)),
		"for ever":          with("expires", ""),
		"no signature":      with("signature", ""),
		"half a signature":  with("signature", mark[:20]),
		"another signature": with("signature", strings.Map(func(r rune) rune { return r ^ 1 }, mark)),
		"no query":          FilesPath + download.NodeID(),
	} {
		answer := s.ask(t, http.MethodGet, forged, nil)
		equal(t, what, answer.Code, http.StatusForbidden)
		equal(t, what+": code", strings.Contains(answer.Body.String(), `"LINK_INVALID"`), true)
	}
	for _, c := range []struct {
		after  time.Duration
		status int
	}{{0, http.StatusOK}, {LinkLife - time.Second, http.StatusOK}, {LinkLife, http.StatusForbidden}} {
		moment := now.Add(c.after)
		s.now.Store(&moment)
		equal(t, c.after.String(), s.ask(t, http.MethodGet, address.String(), nil).Code, c.status)
	}
	equal(t, "a fresh one", s.ask(t, http.MethodGet, *s.look(t, download).URL(), nil).Code, http.StatusOK)

	// A process of its own on the same database makes and opens the same addresses.
	next, err := NewDownloads(s.pool, s.store, s.directory, s.signer, s.settings)
	must(t, err)
	s.downloads = next
	equal(t, "at another process", s.ask(t, http.MethodGet, *s.look(t, download).URL(), nil).Code, http.StatusOK)
}

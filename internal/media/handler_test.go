package media

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/storage"
)

func TestHandler_GivesSoundByRanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	sound := wave(20_000)
	s.put(t, canary+".wav", sound)
	url := address(t, s.record(t, s.listener(t), "1", canary+".wav")[0])
	whole := s.ask(t, http.MethodGet, url, nil)
	for name, want := range map[string]string{
		"Content-Type": "audio/wav", "Content-Length": fmt.Sprint(len(sound)), "Accept-Ranges": "bytes", "Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
		"Content-Disposition": `inline; filename="Recording 2024-04-10 11.29.00.wav"; filename*=UTF-8''Recording%202024-04-10%2011.29.00.wav`,
	} {
		if got := whole.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if whole.Code != http.StatusOK || !bytes.Equal(whole.Body.Bytes(), sound) {
		t.Errorf("status %d, %d bytes", whole.Code, whole.Body.Len())
	}
	tag := whole.Header().Get("ETag")
	for what, c := range map[string]struct {
		header http.Header
		status int
		body   []byte
	}{
		"a part":             {http.Header{"Range": {"bytes=40000-40099"}}, http.StatusPartialContent, sound[40000:40100]},
		"the rest":           {http.Header{"Range": {"bytes=79000-"}}, http.StatusPartialContent, sound[79000:]},
		"the end":            {http.Header{"Range": {"bytes=-10"}}, http.StatusPartialContent, sound[len(sound)-10:]},
		"beyond it":          {http.Header{"Range": {"bytes=900000-"}}, http.StatusRequestedRangeNotSatisfiable, nil},
		"of the same":        {http.Header{"Range": {"bytes=0-3"}, "If-Range": {tag}}, http.StatusPartialContent, []byte("RIFF")},
		"of another content": {http.Header{"Range": {"bytes=0-3"}, "If-Range": {`"other"`}}, http.StatusOK, sound},
		"what is there":      {http.Header{"If-None-Match": {tag}}, http.StatusNotModified, nil},
		"in Polish":          {http.Header{"Range": {"bytes=0-3"}, "Accept-Language": {"pl"}}, http.StatusPartialContent, []byte("RIFF")},
	} {
		got := s.ask(t, http.MethodGet, url, c.header)
		if got.Code != c.status || c.body != nil && !bytes.Equal(got.Body.Bytes(), c.body) {
			t.Errorf("%s: status %d, %d bytes", what, got.Code, got.Body.Len())
		}
	}
	several := s.ask(t, http.MethodGet, url, http.Header{"Range": {"bytes=0-3,8-11"}})
	if several.Code != http.StatusPartialContent || !strings.HasPrefix(several.Header().Get("Content-Type"), "multipart/byteranges") ||
		!strings.Contains(several.Body.String(), "RIFF") || !strings.Contains(several.Body.String(), "WAVE") {
		t.Errorf("two parts: %d %v", several.Code, several.Header())
	}
	head := s.ask(t, http.MethodHead, url, nil)
	if head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("Content-Length") != fmt.Sprint(len(sound)) {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
	if post := s.ask(t, http.MethodPost, url, nil); post.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", post.Code)
	}
	s.put(t, canary+".wav", wave(10)) // another recording under the same name
	if got := s.ask(t, http.MethodGet, url, http.Header{"Range": {"bytes=0-3"}, "If-Range": {tag}}); got.Code != http.StatusOK {
		t.Errorf("a part of what is another file now: %d", got.Code)
	}
}

func TestHandler_SaysWhatIsWrongWithAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, content := range map[string]string{
		"empty.wav": "", "broken.wav": "RIFF\x10\x00\x00\x00WAVEfmt \xff\xff", "page.html": "<html><script>alert(1)</script></html>", "gone.wav": "x",
	} {
		s.put(t, name, []byte(content))
	}
	found := s.record(t, s.listener(t), "1", "empty.wav", "broken.wav", "page.html", "gone.wav")
	for i, want := range []struct {
		status int
		begins string
	}{
		{http.StatusNotFound, `{"code":"NOT_FOUND","message":"The file is empty`},
		{http.StatusOK, "RIFF"},
		{http.StatusOK, "<html>"},
		{http.StatusNotFound, `{"code":"NOT_FOUND","message":"The file is not where`},
	} {
		url := address(t, found[i])
		if i == 3 {
			must(t, os.Remove(filepath.Join(s.folder, "gone.wav")))
		}
		got := s.ask(t, http.MethodGet, url, nil)
		if got.Code != want.status || !strings.HasPrefix(got.Body.String(), want.begins) {
			t.Errorf("%s: %d %.60s", found[i].Path, got.Code, got.Body)
		}
		kept := strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") && got.Header().Get("Content-Type") == "application/octet-stream"
		if got.Code == http.StatusOK && !kept {
			t.Errorf("%s may be shown: %v", found[i].Path, got.Header())
		}
	}
}

func TestHandler_OpensToTheOneWhoWasGivenTheLinkAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.put(t, "a.wav", wave(100))
	s.put(t, "b.wav", wave(200))
	anna, annas := s.person(t, access.Grants{Campaigns: []string{"k1"}}, access.ScopeRead, access.ScopeContent)
	_, others := s.person(t, access.Grants{Unrestricted: true}, access.ScopeRead, access.ScopeContent)
	found := s.record(t, anna, "1", "a.wav", "b.wav")
	first, second := address(t, found[0]), address(t, found[1])
	ask := func(what, url string, header http.Header, want int) {
		t.Helper()
		got := s.ask(t, http.MethodGet, url, header)
		if got.Code != want || want != http.StatusOK && strings.Contains(got.Body.String(), "RIFF") {
			t.Errorf("%s: %d %.80q, want %d", what, got.Code, got.Body, want)
		}
	}
	ask("a link", first, nil, http.StatusOK)
	ask("with its principal's credentials", first, annas, http.StatusOK)
	ask("with another's", first, others, http.StatusForbidden)
	ask("with wrong ones", first, http.Header{"Authorization": {"Bearer kky_x"}}, http.StatusUnauthorized)
	path, token, _ := strings.Cut(first, "?")
	secondPath, secondToken, _ := strings.Cut(second, "?")
	for what, url := range map[string]string{
		"without a token": path, "of another recording": path + "?" + secondToken, "with another's token": secondPath + "?" + token,
		"with more behind": first + "&a=b", "cut": first[:len(first)-1], "spelt in another way": strings.Replace(first, "/recording/", "/%72ecording/", 1),
		"of a file": "/files/" + strings.TrimPrefix(first, Path), "of no part": strings.Replace(first, "/recording/1", "", 1),
		"of a part beyond": strings.Replace(first, "/recording/1", "/recording/3", 1), "with a path in it": strings.Replace(first, "/recording/1", "/../recording/1", 1),
	} {
		ask(what, url, nil, http.StatusForbidden)
	}
	for i := range len(token) - len("token=") {
		altered := []byte(first)
		at := len(first) - 1 - i
		altered[at] = map[bool]byte{true: 'B', false: 'A'}[altered[at] == 'A']
		if i%7 == 0 {
			ask("altered", string(altered), nil, http.StatusForbidden)
		}
	}

	change := func(sql string) {
		t.Helper()
		_, err := s.pool.Exec(t.Context(), `UPDATE api_keys SET `+sql+` WHERE key_id = $1`, anna.ID)
		must(t, err)
	}
	change(`grants = '{"campaigns": ["k2"]}'`)
	ask("with a reach that lost the contact", first, nil, http.StatusNotFound)
	change(`grants = '{"campaigns": ["k1"]}', scopes = '{contacts:read}'`)
	ask("without the scope", first, nil, http.StatusForbidden)
	change(`scopes = '{contacts:read,contacts:content}', revoked_at = now(), revoked_by = 'local'`)
	ask("of a revoked key", first, nil, http.StatusForbidden)
	change(`revoked_at = NULL, revoked_by = NULL`)
	ask("with its rights back", first, nil, http.StatusOK)
	late := start.Add(5*time.Minute - time.Second)
	s.now.Store(&late)
	ask("in its last second", first, nil, http.StatusOK)
	late = start.Add(5 * time.Minute)
	s.now.Store(&late)
	ask("that is over", first, nil, http.StatusForbidden)
}

func TestHandler_WritesDownWhoHears(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.put(t, "a.wav", wave(100))
	to := s.listener(t)
	url := address(t, s.record(t, to, "1", "a.wav")[0])
	opened := func() (n int) {
		t.Helper()
		must(t, s.pool.QueryRow(t.Context(), `SELECT count(*) FROM audit_entries WHERE action = 'OPENED_RECORDING' AND principal = $1 AND address = '192.0.2.1'`, to.String()).Scan(&n))
		return n
	}
	for range 5 { // a player asks for many parts
		s.ask(t, http.MethodGet, url, http.Header{"Range": {"bytes=0-9"}})
	}
	if n := opened(); n != 1 {
		t.Errorf("five parts within a minute are written down %d times", n)
	}
	later := start.Add(2 * time.Minute)
	s.now.Store(&later)
	s.ask(t, http.MethodHead, url, nil)
	if n := opened(); n != 1 {
		t.Errorf("HEAD is written down")
	}
	s.ask(t, http.MethodGet, url, nil)
	if n := opened(); n != 2 {
		t.Errorf("what is heard later is written down %d times in all", n)
	}
	_, err := s.pool.Exec(t.Context(), `ALTER TABLE audit_events RENAME TO lost`)
	must(t, err)
	later = start.Add(4 * time.Minute)
	s.now.Store(&later)
	if got := s.ask(t, http.MethodGet, url, nil); got.Code != http.StatusServiceUnavailable || strings.Contains(got.Body.String(), "RIFF") {
		t.Errorf("what cannot be written down: %d %.40q", got.Code, got.Body)
	}
}

func TestHandler_SendsToTheArchiveItself(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	sound := wave(100)
	s.set(t, func(config *Config) {
		config.Redirect = true
		config.Recordings = Places{Default: storage.NewCollection(archive{func(ctx context.Context) (storage.Object, error) {
			return object{bytes.NewReader(sound), ctx, int64(len(sound)), stuck}, nil
		}}, "")}
	})
	url := address(t, s.record(t, s.listener(t), "1", "a.wav")[0])
	got := s.ask(t, http.MethodGet, url, nil)
	if got.Code != http.StatusFound || got.Header().Get("Location") != "https://bucket.example.com/a?type=audio/wav" {
		t.Errorf("%d %v", got.Code, got.Header())
	}
	if head := s.ask(t, http.MethodHead, url, nil); head.Code != http.StatusOK || head.Header().Get("Location") != "" {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
	if got := s.library.SignedAddresses(t.Context()); len(got) != 1 || !strings.HasPrefix(got[0], "https://bucket.example.com/") {
		t.Errorf("the pages may play from %v", got)
	}
}

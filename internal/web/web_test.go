package web_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/web"
)

// get asks the handler as a browser would; header is pairs of names and values.
func get(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, web.Config{Endpoint: "/graphql"}, http.MethodGet, path, header...)
}

func ask(t *testing.T, config web.Config, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response := httptest.NewRecorder()
	web.Handler(config).ServeHTTP(response, request)
	return response
}

func TestPageIsHTMLThatBrowsersAskForAnew(t *testing.T) {
	t.Parallel()
	response := get(t, "/graphiql")
	if response.Code != http.StatusOK {
		t.Fatalf("GET /graphiql: status %d, want 200", response.Code)
	}
	for name, want := range map[string]string{
		"Content-Type":  "text/html; charset=utf-8",
		"Cache-Control": "no-cache",
	} {
		if got := response.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/graphiql", "/graphiql/", "/graphiql/licenses.md", "/graphiql/no-such-file"} {
		header := get(t, path).Header()
		for name, want := range map[string]string{
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Referrer-Policy":              "no-referrer",
			"X-Content-Type-Options":       "nosniff",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("GET %s: %s: %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestPolicyAllowsScriptsAndWorkersFromOurOriginOnly(t *testing.T) {
	t.Parallel()
	directives := make(map[string]string)
	for directive := range strings.SplitSeq(get(t, "/graphiql").Header().Get("Content-Security-Policy"), ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		directives[name] = sources
	}
	for name, want := range map[string]string{
		"default-src":     "'self'",
		"script-src":      "'self'",
		"object-src":      "'none'",
		"base-uri":        "'none'",
		"form-action":     "'none'",
		"frame-ancestors": "'none'",
	} {
		if directives[name] != want {
			t.Errorf("%s is %q, want %q", name, directives[name], want)
		}
	}
	for _, name := range []string{"connect-src", "worker-src", "child-src", "frame-src"} {
		if sources, ok := directives[name]; ok {
			t.Errorf("%s is %q; it should be left to default-src", name, sources)
		}
	}
}

func TestPageHasNothingInlineThatThePolicyForbids(t *testing.T) {
	t.Parallel()
	page := get(t, "/graphiql").Body.String()
	scripts := regexp.MustCompile(`(?is)<script\b([^>]*)>(.*?)</script>`).FindAllStringSubmatch(page, -1)
	if len(scripts) == 0 {
		t.Error("the page has no script")
	}
	for _, script := range scripts {
		if !strings.Contains(script[1], " src=") || strings.TrimSpace(script[2]) != "" {
			t.Errorf("inline script: %s", script[0])
		}
	}
	if found := regexp.MustCompile(`(?i)<style\b|\son\w+\s*=|javascript:`).FindString(page); found != "" {
		t.Errorf("the page contains %q", found)
	}
}

var builtFile = regexp.MustCompile(`[\w.-]+-[\w-]{8}\.(?:js|css|svg|ttf)\b`)

func TestEveryFileThatThePageNeedsIsThere(t *testing.T) {
	t.Parallel()
	page := get(t, "/graphiql").Body.String()
	references := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(references) < 3 {
		t.Fatalf("the page refers to %d files; a script, a style sheet and an icon are expected:\n%s", len(references), page)
	}
	for _, reference := range references {
		if !strings.HasPrefix(reference[1], "/graphiql/assets/") {
			t.Errorf("the page refers to %s, outside its own assets", reference[1])
		}
	}

	// From the page to what it names, to what that names: the chunks and workers.
	seen := make(map[string]bool)
	wanted := builtFile.FindAllString(page, -1)
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		response := get(t, "/graphiql/assets/"+name)
		if response.Code != http.StatusOK {
			t.Errorf("%s is referred to but not there: status %d", name, response.Code)
			continue
		}
		if got, want := response.Header().Get("Content-Type"), typeOf(name); got != want {
			t.Errorf("%s: Content-Type %q, want %q", name, got, want)
		}
		if got, want := response.Header().Get("Cache-Control"), "public, max-age=31536000, immutable"; got != want {
			t.Errorf("%s: Cache-Control %q, want %q", name, got, want)
		}
		wanted = append(wanted, builtFile.FindAllString(response.Body.String(), -1)...)
	}
	workers := 0
	for name := range seen {
		if strings.Contains(name, ".worker-") {
			workers++
		}
	}
	if workers != 3 {
		t.Errorf("%d workers are bundled, want 3 (editor, JSON, GraphQL)", workers)
	}
	built, err := filepath.Glob("graphiql/dist/assets/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range built {
		if !seen[filepath.Base(file)] {
			t.Errorf("%s is committed but nothing refers to it", file)
		}
	}
}

func typeOf(name string) string {
	return map[string]string{
		".css": "text/css; charset=utf-8",
		".js":  "text/javascript; charset=utf-8",
		".svg": "image/svg+xml",
		".ttf": "font/ttf",
	}[path.Ext(name)]
}

func TestStyleSheetsLoadNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	sheets, err := filepath.Glob("graphiql/dist/assets/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatalf("no style sheet is built (%v)", err)
	}
	outside := regexp.MustCompile(`(?i)(?:url\(\s*["']?|@import\s+["'])\s*(?:https?:)?//[^)"']*`)
	for _, sheet := range sheets {
		content, err := os.ReadFile(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if found := outside.Find(content); found != nil {
			t.Errorf("%s loads %s", sheet, found)
		}
	}
}

func TestEndpointIsHandedToThePageEscaped(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"/graphql":         `data-endpoint="/graphql"`,
		"/api/v1/graphql":  `data-endpoint="/api/v1/graphql"`,
		`/"><script>x("&'`: `data-endpoint="/&#34;&gt;&lt;script&gt;x(&#34;&amp;&#39;"`,
	} {
		page := ask(t, web.Config{Endpoint: endpoint}, http.MethodGet, "/graphiql").Body.String()
		if strings.Count(page, "data-endpoint=") != 1 || !strings.Contains(page, want) {
			t.Errorf("endpoint %s: the page does not say %s exactly once:\n%s", endpoint, want, page)
		}
	}
}

func TestFilesAreCompressedForThoseWhoAcceptIt(t *testing.T) {
	t.Parallel()
	plain := get(t, "/graphiql").Body.String()
	for accept, compressed := range map[string]bool{
		"gzip, deflate, br, zstd": true,
		"GZIP":                    true,
		"br;q=1, gzip; q=0.5":     true,
		"*":                       true,
		"":                        false,
		"br":                      false,
		"identity":                false,
		"gzip;q=0":                false,
		"gzip;q=0.000, *":         false,
		"*;q=0":                   false,
	} {
		response := get(t, "/graphiql", "Accept-Encoding", accept)
		if got := response.Header().Get("Content-Encoding") == "gzip"; got != compressed {
			t.Errorf("Accept-Encoding %q: compressed is %t, want %t", accept, got, compressed)
			continue
		}
		if got := response.Header().Get("Content-Length"); got != fmt.Sprint(response.Body.Len()) {
			t.Errorf("Accept-Encoding %q: Content-Length %s for %d bytes", accept, got, response.Body.Len())
		}
		if got := response.Header().Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary %q", accept, got)
		}
		var body io.Reader = response.Body
		if compressed {
			var err error
			if body, err = gzip.NewReader(response.Body); err != nil {
				t.Fatalf("Accept-Encoding %q: %v", accept, err)
			}
		}
		content, err := io.ReadAll(body)
		if err != nil || string(content) != plain {
			t.Errorf("Accept-Encoding %q: another content than the plain one (%v)", accept, err)
		}
	}
}

func TestABrowserThatHoldsTheFileGetsNoSecondCopy(t *testing.T) {
	t.Parallel()
	plain := get(t, "/graphiql").Header().Get("ETag")
	zipped := get(t, "/graphiql", "Accept-Encoding", "gzip").Header().Get("ETag")
	if plain == "" || zipped == "" || plain == zipped {
		t.Fatalf("ETags %s (plain) and %s (gzip) must be there and differ", plain, zipped)
	}
	for _, test := range []struct {
		accept, match string
		want          int
	}{
		{"", plain, http.StatusNotModified},
		{"", "W/" + plain, http.StatusNotModified},
		{"", `"other", ` + plain, http.StatusNotModified},
		{"", "*", http.StatusNotModified},
		{"", zipped, http.StatusOK},
		{"gzip", zipped, http.StatusNotModified},
		{"gzip", plain, http.StatusOK},
	} {
		response := get(t, "/graphiql", "Accept-Encoding", test.accept, "If-None-Match", test.match)
		if response.Code != test.want {
			t.Errorf("Accept-Encoding %q, If-None-Match %s: status %d, want %d", test.accept, test.match, response.Code, test.want)
		}
		if response.Code == http.StatusNotModified && response.Body.Len() != 0 {
			t.Errorf("If-None-Match %s: 304 with a body of %d bytes", test.match, response.Body.Len())
		}
	}
	other := ask(t, web.Config{Endpoint: "/elsewhere"}, http.MethodGet, "/graphiql").Header().Get("ETag")
	if other == plain {
		t.Error("pages with different endpoints have the same ETag")
	}
}

func TestHeadTellsTheSizeWithoutTheBody(t *testing.T) {
	t.Parallel()
	response := ask(t, web.Config{Endpoint: "/graphql"}, http.MethodHead, "/graphiql")
	want := fmt.Sprint(get(t, "/graphiql").Body.Len())
	if response.Code != http.StatusOK || response.Body.Len() != 0 || response.Header().Get("Content-Length") != want {
		t.Errorf("HEAD: status %d, %d bytes, Content-Length %s; want 200, 0, %s",
			response.Code, response.Body.Len(), response.Header().Get("Content-Length"), want)
	}
}

func TestWhatIsNotServedIsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "/graphiql/", http.StatusMovedPermanently},
		{http.MethodGet, "/graphiql/assets/", http.StatusNotFound},
		{http.MethodGet, "/graphiql/index.html", http.StatusNotFound},
		{http.MethodGet, "/graphiql/package.json", http.StatusNotFound},
		{http.MethodGet, "/graphiql/assets/../../../go.mod", http.StatusNotFound},
		{http.MethodPost, "/graphiql", http.StatusMethodNotAllowed},
		{http.MethodDelete, "/graphiql/licenses.md", http.StatusMethodNotAllowed},
	} {
		response := ask(t, web.Config{Endpoint: "/graphql"}, test.method, test.path)
		if response.Code != test.want {
			t.Errorf("%s %s: status %d, want %d", test.method, test.path, response.Code, test.want)
		}
	}
}

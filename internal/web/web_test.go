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

// pages are the paths of the pages and the folders that they are built in.
var pages = map[string]string{"/": "report", web.Path: "graphiql"}

// assetsOf is where the assets of a page are served.
func assetsOf(page string) string { return strings.TrimSuffix(page, "/") + "/assets/" }

// directivesOf are the sources of each directive of a page's policy.
func directivesOf(t *testing.T, page string) map[string]string {
	t.Helper()
	directives := make(map[string]string)
	for directive := range strings.SplitSeq(get(t, page).Header().Get("Content-Security-Policy"), ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		directives[name] = sources
	}
	return directives
}

func TestPages_AreHTMLThatBrowsersAskForAnew(t *testing.T) {
	t.Parallel()
	for page := range pages {
		response := get(t, page)
		if response.Code != http.StatusOK {
			t.Fatalf("GET %s: status %d, want 200", page, response.Code)
		}
		for name, want := range map[string]string{
			"Content-Type":  "text/html; charset=utf-8",
			"Cache-Control": "no-cache",
		} {
			if got := response.Header().Get(name); got != want {
				t.Errorf("GET %s: %s: %q, want %q", page, name, got, want)
			}
		}
	}
}

func TestAnswers_CarryTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/licenses.md", "/no-such-file", "/session.json", "/graphiql", "/graphiql/", "/graphiql/licenses.md", "/graphiql/no-such-file"} {
		header := get(t, path).Header()
		if !strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src ") {
			t.Errorf("GET %s: Content-Security-Policy: %q", path, header.Get("Content-Security-Policy"))
		}
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

func TestPolicies_AllowScriptsAndWorkersFromOurOriginOnly(t *testing.T) {
	t.Parallel()
	for page, fallback := range map[string]string{"/": "'none'", web.Path: "'self'"} {
		directives := directivesOf(t, page)
		for name, want := range map[string]string{
			"default-src":     fallback,
			"script-src":      "'self'",
			"base-uri":        "'none'",
			"form-action":     "'none'",
			"frame-ancestors": "'none'",
		} {
			if directives[name] != want {
				t.Errorf("%s: %s is %q, want %q", page, name, directives[name], want)
			}
		}
		for _, name := range []string{"worker-src", "child-src", "frame-src"} {
			if sources, ok := directives[name]; ok {
				t.Errorf("%s: %s is %q; it should be left to default-src", page, name, sources)
			}
		}
	}
	if objects := directivesOf(t, web.Path)["object-src"]; objects != "'none'" {
		t.Errorf("GraphiQL: object-src is %q, want 'none'", objects)
	}
}

func TestReportPage_TakesNoTextAsMarkup(t *testing.T) {
	t.Parallel()
	directives := directivesOf(t, "/")
	if directives["require-trusted-types-for"] != "'script'" || directives["trusted-types"] != "default" {
		t.Errorf("trusted types: %q, %q", directives["require-trusted-types-for"], directives["trusted-types"])
	}
}

func TestReportPage_NeedsNoExceptionForStyles(t *testing.T) {
	t.Parallel()
	for name, sources := range directivesOf(t, "/") {
		for _, loose := range []string{"unsafe", "data:", "blob:", "*", "http"} {
			if strings.Contains(sources, loose) {
				t.Errorf("%s is %q, which holds %s", name, sources, loose)
			}
		}
	}
}

func TestPages_HaveNothingInlineThatThePoliciesForbid(t *testing.T) {
	t.Parallel()
	for path := range pages {
		page := get(t, path).Body.String()
		scripts := regexp.MustCompile(`(?is)<script\b([^>]*)>(.*?)</script>`).FindAllStringSubmatch(page, -1)
		if len(scripts) == 0 {
			t.Errorf("%s has no script", path)
		}
		for _, script := range scripts {
			if !strings.Contains(script[1], " src=") || strings.TrimSpace(script[2]) != "" {
				t.Errorf("%s: inline script: %s", path, script[0])
			}
		}
		if found := regexp.MustCompile(`(?i)<style\b|\sstyle=|\son\w+\s*=|javascript:`).FindString(page); found != "" {
			t.Errorf("%s contains %q", path, found)
		}
	}
}

var builtFile = regexp.MustCompile(`[\w.-]+-[\w-]{8}\.(?:js|css|svg|ttf)\b`)

func TestFiles_ThatThePagesNeedAreThere(t *testing.T) {
	t.Parallel()
	for path, folder := range pages {
		page := get(t, path).Body.String()
		references := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1)
		if len(references) < 3 {
			t.Fatalf("%s refers to %d files; a script, a style sheet and an icon are expected:\n%s", path, len(references), page)
		}
		for _, reference := range references {
			if !strings.HasPrefix(reference[1], assetsOf(path)) {
				t.Errorf("%s refers to %s, outside its own assets", path, reference[1])
			}
		}
		seen := loaded(t, path, page)
		built, err := filepath.Glob(folder + "/dist/assets/*")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range built {
			if !seen[filepath.Base(file)] {
				t.Errorf("%s is committed but nothing refers to it", file)
			}
		}
	}
}

// loaded are the files that a page loads: those that it names, and those that these name, its chunks and
// workers. Each must be there, and be what its name says.
func loaded(t *testing.T, path, page string) map[string]bool {
	t.Helper()
	seen := make(map[string]bool)
	wanted := builtFile.FindAllString(page, -1)
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		response := get(t, assetsOf(path)+name)
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
	return seen
}

func TestGraphiQL_HasItsWorkers(t *testing.T) {
	t.Parallel()
	workers := 0
	for name := range loaded(t, web.Path, get(t, web.Path).Body.String()) {
		if strings.Contains(name, ".worker-") {
			workers++
		}
	}
	if workers != 3 {
		t.Errorf("%d workers are bundled, want 3 (editor, JSON, GraphQL)", workers)
	}
}

func TestReportPage_LoadsLessThan300KilobytesOfScriptAtFirst(t *testing.T) {
	t.Parallel()
	total := 0
	page := get(t, "/").Body.String()
	for _, reference := range regexp.MustCompile(`(?:src|href)="(/assets/[^"]*\.js)"`).FindAllStringSubmatch(page, -1) {
		total += get(t, reference[1], "Accept-Encoding", "gzip").Body.Len()
	}
	if total == 0 || total >= 300_000 {
		t.Errorf("the report's first scripts are %d bytes compressed, want less than 300,000", total)
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

func TestStyleSheets_LoadNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	sheets, err := filepath.Glob("*/dist/assets/*.css")
	if err != nil || len(sheets) < len(pages) {
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

func TestEndpoint_IsHandedToThePagesEscaped(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"/graphql":         `data-endpoint="/graphql"`,
		"/api/v1/graphql":  `data-endpoint="/api/v1/graphql"`,
		`/"><script>x("&'`: `data-endpoint="/&#34;&gt;&lt;script&gt;x(&#34;&amp;&#39;"`,
	} {
		for path := range pages {
			page := ask(t, web.Config{Endpoint: endpoint}, http.MethodGet, path).Body.String()
			if strings.Count(page, "data-endpoint=") != 1 || !strings.Contains(page, want) {
				t.Errorf("endpoint %s: %s does not say %s exactly once:\n%s", endpoint, path, want, page)
			}
		}
	}
}

func TestFiles_AreCompressedForThoseWhoAcceptIt(t *testing.T) {
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

func TestFiles_AreNotSentAgainToABrowserThatHoldsThem(t *testing.T) {
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

func TestHead_GivesTheSizeWithoutTheBody(t *testing.T) {
	t.Parallel()
	response := ask(t, web.Config{Endpoint: "/graphql"}, http.MethodHead, "/graphiql")
	want := fmt.Sprint(get(t, "/graphiql").Body.Len())
	if response.Code != http.StatusOK || response.Body.Len() != 0 || response.Header().Get("Content-Length") != want {
		t.Errorf("HEAD: status %d, %d bytes, Content-Length %s; want 200, 0, %s",
			response.Code, response.Body.Len(), response.Header().Get("Content-Length"), want)
	}
}

func TestPages_RefuseWhatIsNotServed(t *testing.T) {
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
		{http.MethodGet, "/assets/", http.StatusNotFound},
		{http.MethodGet, "/index.html", http.StatusNotFound},
		{http.MethodGet, "/package.json", http.StatusNotFound},
		{http.MethodGet, "/graphiqlx", http.StatusNotFound},
		{http.MethodPost, "/", http.StatusMethodNotAllowed},
		{http.MethodPost, "/session.json", http.StatusMethodNotAllowed},
		{http.MethodPost, "/graphiql", http.StatusMethodNotAllowed},
		{http.MethodDelete, "/graphiql/licenses.md", http.StatusMethodNotAllowed},
	} {
		response := ask(t, web.Config{Endpoint: "/graphql"}, test.method, test.path)
		if response.Code != test.want {
			t.Errorf("%s %s: status %d, want %d", test.method, test.path, response.Code, test.want)
		}
	}
}

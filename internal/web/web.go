// Package web serves the page on which people try the API: GraphiQL with its explorer, at /graphiql.
//
// The page is built from internal/web/graphiql by build.sh and committed, so that building the binary needs no Node.
// What must hold: everything comes from our own origin (it works without any network), no inline script is needed or
// allowed, and what is committed is exactly what its sources build (check.sh).
package web

import (
	"bytes"
	"embed"
	"html"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// Path is where Handler expects to be mounted, itself and everything below it.
const Path = "/graphiql"

// ContentSecurityPolicy is what a browser may do on the page. Every exception is one that GraphiQL's editor, Monaco,
// needs: it positions lines and colours tokens with inline styles, and its style sheet carries its fonts and pictures
// as data. Scripts and workers have none.
const ContentSecurityPolicy = "default-src 'self'; " +
	"script-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; " +
	"font-src 'self' data:; " +
	"img-src 'self' data:; " +
	"object-src 'none'; " +
	"base-uri 'none'; " +
	"form-action 'none'; " +
	"frame-ancestors 'none'"

// Config is what differs between installations.
type Config struct {
	// Endpoint is the path of the GraphQL API on the page's own origin, such as "/graphql".
	Endpoint string
}

//go:embed graphiql/dist
var built embed.FS

// Handler serves the page at Path and its assets below it. Mount it at both Path and Path + "/".
func Handler(config Config) http.Handler {
	assets, err := load(config)
	if err != nil {
		panic(err) // The files are part of the binary: reading them cannot fail.
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", ContentSecurityPolicy)
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")

		found, ok := assets[r.URL.Path]
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "Only GET and HEAD are served here.", http.StatusMethodNotAllowed)
		case r.URL.Path == Path+"/":
			http.Redirect(w, r, Path, http.StatusMovedPermanently)
		case !ok:
			http.NotFound(w, r)
		default:
			found.ServeHTTP(w, r)
		}
	})
}

// load reads the built files, keyed by the path of the request that asks for them.
func load(config Config) (map[string]*asset, error) {
	dist, err := fs.Sub(built, "graphiql/dist")
	if err != nil {
		return nil, err
	}
	assets := make(map[string]*asset)
	err = fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		switch {
		case name == "index.html":
			assets[Path] = newAsset(name, withEndpoint(content, config.Endpoint), revalidated)
		case strings.HasPrefix(name, "assets/"):
			assets[path.Join(Path, name)] = newAsset(name, content, immutable)
		default:
			assets[path.Join(Path, name)] = newAsset(name, content, revalidated)
		}
		return nil
	})
	return assets, err
}

// builtEndpoint is how the built page names the API; it is there exactly once.
const builtEndpoint = `data-endpoint="/graphql"`

func withEndpoint(page []byte, endpoint string) []byte {
	return bytes.Replace(page, []byte(builtEndpoint), []byte(`data-endpoint="`+html.EscapeString(endpoint)+`"`), 1)
}

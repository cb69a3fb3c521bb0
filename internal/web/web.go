// Package web serves the pages of the product: the report on screen at /, GraphiQL with its explorer at /graphiql, and
// /session.json, which tells both how to sign in.
//
// The whole package is one handler, mounted once, behind every other route:
//
//	mux.Handle("/", web.Handler(web.Config{
//		Endpoint: "/graphql",
//		Session:  web.Session{Key: demoKey, OIDC: &web.Provider{Issuer: …, ClientID: …, Scopes: …}},
//	}))
//
// Key stays empty but in a demo; OIDC is nil where no provider is configured.
//
// The pages are built from internal/web/report and internal/web/graphiql by build.sh and committed, so that building the
// binary needs no Node. What must hold: everything comes from our own origin (it works without any network), no inline
// script is needed or allowed, and what is committed is exactly what its sources build (check.sh). The demo's key is
// given to nobody but a browser on the same machine that shows one of these pages.
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

// Path is where GraphiQL is, itself and everything below it.
const Path = "/graphiql"

// Config is what differs between installations.
type Config struct {
	// Endpoint is the path of the GraphQL API on the pages' own origin, such as "/graphql".
	Endpoint string
	// Session is how people sign in; the zero value leaves pasting an API key.
	Session Session
	// MediaAddresses are addresses at the origins, other than the pages' own, that the links of recordings redirect to;
	// empty where the server gives the sound itself.
	MediaAddresses []string
}

//go:embed report/dist graphiql/dist
var built embed.FS

// Handler serves the report at "/", GraphiQL at Path, their assets below, and SessionPath. It answers 404 for anything
// else. Mount it at "/".
func Handler(config Config) http.Handler {
	report, err := load("report/dist", "/", config)
	if err != nil {
		panic(err) // The files are part of the binary: reading them cannot fail.
	}
	graphiql, err := load("graphiql/dist", Path, config)
	if err != nil {
		panic(err)
	}
	reportPolicy, graphiqlPolicy := reportPolicy(config), graphiqlPolicy()

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		assets := report
		header.Set("Content-Security-Policy", reportPolicy)
		if r.URL.Path == Path || strings.HasPrefix(r.URL.Path, Path+"/") {
			assets = graphiql
			header.Set("Content-Security-Policy", graphiqlPolicy)
		}

		found, ok := assets[r.URL.Path]
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "Only GET and HEAD are served here.", http.StatusMethodNotAllowed)
		case r.URL.Path == SessionPath:
			config.Session.ServeHTTP(w, r)
		case r.URL.Path == Path+"/":
			http.Redirect(w, r, Path, http.StatusMovedPermanently)
		case !ok:
			http.NotFound(w, r)
		default:
			found.ServeHTTP(w, r)
		}
	})
}

// load reads the built files of a page, keyed by the path of the request that asks for them.
func load(folder, base string, config Config) (map[string]*asset, error) {
	dist, err := fs.Sub(built, folder)
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
			assets[base] = newAsset(name, withEndpoint(content, config.Endpoint), revalidated)
		case strings.HasPrefix(name, "assets/"):
			assets[path.Join(base, name)] = newAsset(name, content, immutable)
		default:
			assets[path.Join(base, name)] = newAsset(name, content, revalidated)
		}
		return nil
	})
	return assets, err
}

// builtEndpoint is how the built pages name the API; it is there exactly once in each.
const builtEndpoint = `data-endpoint="/graphql"`

func withEndpoint(page []byte, endpoint string) []byte {
	return bytes.Replace(page, []byte(builtEndpoint), []byte(`data-endpoint="`+html.EscapeString(endpoint)+`"`), 1)
}

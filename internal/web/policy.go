package web

import (
	"net/url"
	"slices"
	"strings"
)

// directive is one line of a Content-Security-Policy.
type directive struct {
	name    string
	sources []string
}

// pressableStyle is the hash of the one style element on the report page that is no file: the accessible components
// put it there so that a touch presses instead of zooming. Its text is constant; the end-to-end test fails if it changes.
const pressableStyle = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"

// What a browser may do on the report page: talk to our own origin, and run nothing that is not a file of ours. React
// sets single style properties, which is no inline style for a policy.
var reportDirectives = []directive{
	{"default-src", []string{"'none'"}},
	{"script-src", []string{"'self'"}},
	{"style-src", []string{"'self'", pressableStyle}},
	{"img-src", []string{"'self'"}},
	{"media-src", []string{"'self'"}},
	{"connect-src", []string{"'self'"}},
	{"base-uri", []string{"'none'"}},
	{"form-action", []string{"'none'"}},
	{"frame-ancestors", []string{"'none'"}},
	// No text ever becomes markup: the browser refuses it. The page's one policy, default, lets nothing but "" through.
	{"require-trusted-types-for", []string{"'script'"}},
	{"trusted-types", []string{"default"}},
}

// What a browser may do on GraphiQL. Every exception is one that its editor, Monaco, needs: it positions lines and
// colours tokens with inline styles, and its style sheet carries its fonts and pictures as data. Scripts and workers
// have none.
var graphiqlDirectives = []directive{
	{"default-src", []string{"'self'"}},
	{"script-src", []string{"'self'"}},
	{"style-src", []string{"'self'", "'unsafe-inline'"}},
	{"font-src", []string{"'self'", "data:"}},
	{"img-src", []string{"'self'", "data:"}},
	{"object-src", []string{"'none'"}},
	{"base-uri", []string{"'none'"}},
	{"form-action", []string{"'none'"}},
	{"frame-ancestors", []string{"'none'"}},
}

// reportPolicy is the report page's policy. The page asks the provider, if there is one, for its tokens, and plays
// recordings from the buckets that our links send it on to: a browser checks redirects too.
func reportPolicy(config Config) string {
	directives := slices.Clone(reportDirectives)
	for i, one := range directives {
		switch one.name {
		case "connect-src":
			directives[i].sources = append(slices.Clone(one.sources), config.Session.OIDC.origins()...)
		case "media-src":
			directives[i].sources = append(slices.Clone(one.sources), originsOf(config.MediaAddresses)...)
		}
	}
	return written(directives)
}

func graphiqlPolicy() string { return written(graphiqlDirectives) }

func written(directives []directive) string {
	lines := make([]string, 0, len(directives))
	for _, one := range directives {
		lines = append(lines, one.name+" "+strings.Join(one.sources, " "))
	}
	return strings.Join(lines, "; ")
}

// origins are what the page must connect to at the provider: its issuer's origin, and those of endpoints that lie elsewhere.
func (p *Provider) origins() []string {
	if p == nil {
		return nil
	}
	return originsOf(append([]string{p.Issuer}, p.Endpoints...))
}

// originsOf are the origins of addresses, each once; what is no address has none.
func originsOf(addresses []string) []string {
	var origins []string
	for _, address := range addresses {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host == "" || strings.ContainsAny(parsed.Host, " ;,'") {
			continue
		}
		if origin := parsed.Scheme + "://" + parsed.Host; !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return origins
}

package export

import (
	"fmt"
	"mime"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fileTitle is what a file is called: the report, its days, and its kind, in the language of the file.
func fileTitle(d *Download) string {
	days := d.ResolvedPeriod.From + " – " + d.ResolvedPeriod.To
	if d.ResolvedPeriod.From == d.ResolvedPeriod.To {
		days = d.ResolvedPeriod.From
	}
	return fmt.Sprintf("%s %s, %s", reportLabel.in(d.Locale), days, kindLabels[d.Kind].in(d.Locale))
}

// fileName is the name under which a browser saves the file.
func fileName(d *Download) string { return fileTitle(d) + ".xlsx" }

// disposition is the Content-Disposition of a file: its name as RFC 5987 says, after one that every client reads.
func disposition(name string) string {
	plain := mime.FormatMediaType("attachment", map[string]string{"filename": plainASCII(name)})
	return plain + "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// plainASCII is a name without its diacritics.
func plainASCII(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.NewReplacer("–", "-", "ł", "l", "Ł", "L").Replace(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < ' ' || r > '~':
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

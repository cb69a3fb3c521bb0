package link

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
)

// Refuse says why no file is given, in the language asked for: JSON, {"code", "message"}.
func Refuse(w http.ResponseWriter, r *http.Request, status int, problem *fault.Error) {
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"code": string(problem.Code), "message": problem.Sentence(httpfault.Locale(r))})
}

// The ways in which a browser takes a file.
const (
	// Kept: it saves the file.
	Kept = "attachment"
	// Shown: it plays or shows the file where it can.
	Shown = "inline"
)

// Disposition is the Content-Disposition of a file that is Kept or Shown: its name as RFC 5987 says, after one that every
// client reads.
func Disposition(way, name string) string {
	plain := mime.FormatMediaType(way, map[string]string{"filename": plainASCII(name)})
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

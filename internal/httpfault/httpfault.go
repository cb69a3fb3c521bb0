// Package httpfault says a fault over HTTP: in the language that its request accepts, by a status and the headers that
// belong to it, and under the id by which the log knows the request. What the body looks like is the handler's own.
package httpfault

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"strconv"

	"golang.org/x/text/language"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
)

// RequestIDHeader carries the id by which the log knows a request.
const RequestIDHeader = "X-Request-Id"

// loggableID is an id that may stand in a log, whoever made it up.
var loggableID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// RequestID is the id of a request: the given one where a log may hold it, a new one otherwise.
func RequestID(given string) string {
	if loggableID.MatchString(given) {
		return given
	}
	return rand.Text()
}

// maxLanguages bounds an Accept-Language that is read: matching takes time that grows faster than its length.
const maxLanguages = 200

// languages are offered in this order, so that English is for requests that accept neither.
var languages = language.NewMatcher([]language.Tag{language.English, language.Polish})

// Locale is the language of a request's faults, by its Accept-Language.
func Locale(r *http.Request) fault.Locale {
	header := r.Header.Get("Accept-Language")
	if len(header) > maxLanguages {
		return fault.English
	}
	accepted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(accepted) == 0 {
		return fault.English
	}
	if _, index, _ := languages.Match(accepted...); index == 1 {
		return fault.Polish
	}
	return fault.English
}

// Status is the HTTP status of an error that refuses a whole request, whoever answers it, and 0 for every other error. The
// headers that belong to the status, WWW-Authenticate and Retry-After, are set.
func Status(header http.Header, err error) int {
	switch fault.CodeOf(err) {
	case fault.Unauthenticated:
		header.Set("WWW-Authenticate", "Bearer")
		return http.StatusUnauthorized
	case fault.Forbidden, fault.LinkInvalid:
		return http.StatusForbidden
	case fault.RateLimited:
		if wait, found := access.RetryAfter(err); found {
			header.Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
		}
		return http.StatusTooManyRequests
	case fault.Unavailable, fault.Timeout:
		return http.StatusServiceUnavailable
	case fault.StorageFull:
		return http.StatusInsufficientStorage
	default:
		return 0
	}
}

package transport

import (
	"iter"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The media types that answers come in.
const (
	plainJSON    = "application/json"
	responseJSON = "application/graphql-response+json"
	serverEvents = "text/event-stream"
)

// isJSON says whether a body of this Content-Type is JSON in UTF-8. No other body is taken: a form of a foreign page can send
// those without asking.
func isJSON(contentType string) bool {
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	charset := parameters["charset"]
	return err == nil && mediaType == plainJSON && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

// negotiate is the media type of the answer: the one with the largest weight in Accept, the first among equals;
// application/json for clients that accept anything or do not say; empty where Accept leaves no choice.
func negotiate(r *http.Request) string {
	if strings.TrimSpace(strings.Join(r.Header.Values("Accept"), "")) == "" {
		return plainJSON
	}
	best, weight := "", 0.0
	for mediaType, q := range accepted(r) {
		switch mediaType {
		case plainJSON, responseJSON:
		case "*/*", "application/*":
			mediaType = plainJSON
		default:
			continue
		}
		if q > weight {
			best, weight = mediaType, q
		}
	}
	return best
}

// acceptsEvents says whether Accept asks for an event stream. Clients that accept JSON as well want JSON: some offer both
// for every query, and a stream taken for each of them would cost a connection.
func acceptsEvents(r *http.Request) bool {
	asked := false
	for mediaType, q := range accepted(r) {
		switch {
		case q <= 0:
		case mediaType == plainJSON, mediaType == responseJSON:
			return false
		case mediaType == serverEvents:
			asked = true
		}
	}
	return asked
}

// accepted are the media types of Accept with their weights, in the order given; what cannot be read is left out.
func accepted(r *http.Request) iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		for _, part := range strings.Split(strings.Join(r.Header.Values("Accept"), ","), ",") {
			mediaType, parameters, err := mime.ParseMediaType(strings.TrimSpace(part))
			if err != nil {
				continue
			}
			q := 1.0
			if given, found := parameters["q"]; found {
				if q, err = strconv.ParseFloat(given, 64); err != nil {
					continue
				}
			}
			if !yield(mediaType, q) {
				return
			}
		}
	}
}

package graph

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The media types that answers come in.
const (
	plainJSON    = "application/json"
	responseJSON = "application/graphql-response+json"
)

// isJSON says whether a body of this Content-Type is JSON in UTF-8. Nothing else is taken: what a form in a foreign
// page can send must not be.
func isJSON(contentType string) bool {
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	charset := parameters["charset"]
	return err == nil && mediaType == plainJSON && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

// negotiated is the media type of the answer: the one that Accept weighs most, the first named among equals,
// application/json for who accepts anything or says nothing. Empty if Accept leaves no choice.
func negotiated(r *http.Request) string {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return plainJSON
	}
	best, weight := "", 0.0
	for _, part := range strings.Split(accept, ",") {
		mediaType, parameters, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		switch mediaType {
		case plainJSON, responseJSON:
		case "*/*", "application/*":
			mediaType = plainJSON
		default:
			continue
		}
		q := 1.0
		if given, found := parameters["q"]; found {
			if q, err = strconv.ParseFloat(given, 64); err != nil {
				continue
			}
		}
		if q > weight {
			best, weight = mediaType, q
		}
	}
	return best
}

// answer is the body of a response. An answer without Data is that of a request which was not executed.
type answer struct {
	Errors []*gqlerror.Error
	Data   json.RawMessage
}

// write sends an answer. Data is sent as it is: it was just written by the executor.
func write(w http.ResponseWriter, mediaType string, status int, a answer) {
	var body bytes.Buffer
	body.WriteByte('{')
	if len(a.Errors) > 0 {
		errs, err := json.Marshal(a.Errors)
		if err != nil {
			panic(err) // texts, numbers and lists of them
		}
		body.WriteString(`"errors":`)
		body.Write(errs)
		if a.Data != nil {
			body.WriteByte(',')
		}
	}
	if a.Data != nil {
		body.WriteString(`"data":`)
		body.Write(a.Data)
	}
	body.WriteByte('}')
	if mediaType == "" {
		mediaType = plainJSON
	}
	header := w.Header()
	header.Set("Content-Type", mediaType+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept, Accept-Language")
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // nobody is left to tell
}

package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The media types that answers come in.
const (
	plainJSON    = "application/json"
	responseJSON = "application/graphql-response+json"
	eventStream  = "text/event-stream"
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

// IsStream says whether the answer to a request is an event stream or a WebSocket, which lasts as long as its client likes.
func IsStream(r *http.Request) bool { return isEventStream(r) || websocket.IsWebSocketUpgrade(r) }

// isEventStream says whether the answer to a request is an event stream: an operation is posted, and wantsEvents.
func isEventStream(r *http.Request) bool { return r.Method == http.MethodPost && wantsEvents(r) }

// wantsEvents says whether the answer is to be an event stream. Clients that name JSON beside it want JSON: some offer
// both for every query, and a stream taken for each of them would cost a connection.
func wantsEvents(r *http.Request) bool {
	wanted := false
	for mediaType, q := range accepted(r) {
		switch {
		case q <= 0:
		case mediaType == plainJSON, mediaType == responseJSON:
			return false
		case mediaType == eventStream:
			wanted = true
		}
	}
	return wanted
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

// answer is the body of a response. An answer without Data is that of a request which was not executed.
type answer struct {
	Errors []*gqlerror.Error
	Data   json.RawMessage
	// Cost is what the operation was charged, nil if it was not.
	Cost *Cost
}

// encode is the answer as JSON.
func (a answer) encode() []byte {
	var body bytes.Buffer
	a.writeTo(&body)
	return body.Bytes()
}

// writeTo writes the answer as JSON. Data is taken as it is: it was just written by the executor.
func (a answer) writeTo(body *bytes.Buffer) {
	body.Grow(len(a.Data) + 128)
	body.WriteByte('{')
	if len(a.Errors) > 0 {
		body.WriteString(`"errors":`)
		body.Write(encodeErrors(a.Errors))
		if a.Data != nil {
			body.WriteByte(',')
		}
	}
	if a.Data != nil {
		body.WriteString(`"data":`)
		body.Write(a.Data)
	}
	if a.Cost != nil {
		fmt.Fprintf(body, `,"extensions":{"cost":{"requested":%d,"remaining":%d}}`, a.Cost.Requested, a.Cost.Remaining)
	}
	body.WriteByte('}')
}

func encodeErrors(list []*gqlerror.Error) []byte {
	errs, err := json.Marshal(list)
	if err != nil {
		panic(err) // texts, numbers and lists of them
	}
	return errs
}

// bodies are used again: a page has some 40 kB, which the garbage collector would otherwise have to follow.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestKept is the size of the largest body that is kept for use.
const largestKept = 256 << 10

// write sends an answer.
func write(w http.ResponseWriter, mediaType string, status int, a answer) {
	if mediaType == "" {
		mediaType = plainJSON
	}
	body := bodies.Get().(*bytes.Buffer)
	body.Reset()
	a.writeTo(body)
	header := w.Header()
	header.Set("Content-Type", mediaType+"; charset=utf-8")
	uncached(header)
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // nobody is left to tell; whoever writes keeps nothing of it
	if body.Cap() <= largestKept {
		bodies.Put(body)
	}
}

// uncached keeps an answer from being kept, and from being taken for something else.
func uncached(header http.Header) {
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept, Accept-Language")
}

package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/graph/guard"
)

// answer is the body of a response; one without Data is that of an operation that was not executed.
type answer struct {
	Errors gqlerror.List
	Data   json.RawMessage
	// Cost is what the operation was charged, nil if it was not.
	Cost *guard.Cost
}

// answerOf is what an operation answered, with what it was charged.
func answerOf(operation *graphql.OperationContext, response *graphql.Response) answer {
	return answer{Errors: response.Errors, Data: response.Data, Cost: guard.CostOf(operation)}
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
		fmt.Fprintf(body, `,"extensions":{"cost":{"requested":%d,"charged":%d,"remaining":%d}}`,
			a.Cost.Requested, a.Cost.Charged, a.Cost.Remaining)
	}
	body.WriteByte('}')
}

func encodeErrors(list gqlerror.List) []byte {
	errs, err := json.Marshal(list)
	if err != nil {
		panic(err) // texts, numbers and lists of them
	}
	return errs
}

// bodies are used again: a page has some 40 kB, which the garbage collector would otherwise have to follow.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxKept is the size of the largest body that is kept for use.
const maxKept = 256 << 10

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
	neverStore(header)
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // nobody is left to tell
	if body.Cap() <= maxKept {
		bodies.Put(body)
	}
}

// neverStore keeps caches from storing an answer, and browsers from taking it for another media type.
func neverStore(header http.Header) {
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept, Accept-Language")
}

package transport

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
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

// answerOf is what an operation answered, with what it was charged. Fields are resolved at the same time; their errors come in
// the order of the document, whichever was first.
func answerOf(operation *graphql.OperationContext, response *graphql.Response) answer {
	slices.SortStableFunc(response.Errors, byPlace)
	return answer{Errors: response.Errors, Data: response.Data, Cost: guard.CostOf(operation)}
}

// byPlace orders errors by where their field stands in the document, and by the item of a list that they are of. Those of one
// field stay as they are.
func byPlace(a, b *gqlerror.Error) int {
	if a, b := placeOf(a), placeOf(b); a != b {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	}
	return slices.CompareFunc(a.Path, b.Path, func(a, b ast.PathElement) int {
		if a, isIndex := a.(ast.PathIndex); isIndex {
			if b, isIndex := b.(ast.PathIndex); isIndex {
				return cmp.Compare(a, b)
			}
		}
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}

func placeOf(err *gqlerror.Error) gqlerror.Location {
	if len(err.Locations) == 0 {
		return gqlerror.Location{}
	}
	return err.Locations[0]
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

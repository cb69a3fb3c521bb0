package transport

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
)

// post takes operations as JSON in the body.
type post struct {
	operations
	// maxBody bounds a body, and maxRecord that of whoever mayRecord, if it does nothing else.
	maxBody, maxRecord int64
	mayRecord          func(context.Context) bool
}

// Supports takes every POST: one that is not JSON is refused with a reason.
func (post) Supports(r *http.Request) bool { return r.Method == http.MethodPost }

// Do answers.
func (t post) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	maxBytes := t.maxBody
	if t.mayRecord(r.Context()) {
		maxBytes = max(t.maxBody, t.maxRecord)
	}
	params, bytes, status, err := readSizedBody(w, r, maxBytes)
	if err != nil {
		t.refuse(w, r, exec, status, err)
		return
	}
	t.answer(w, r, exec, params, bytes)
}

// get takes queries from the URL. What changes something is refused: anybody's link could do it.
type get struct {
	operations
	maxQuery int64
}

// Supports takes every GET.
func (get) Supports(r *http.Request) bool { return r.Method == http.MethodGet }

// Do answers.
func (t get) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	params, status, err := readURL(r, t.maxQuery)
	if err != nil {
		t.refuse(w, r, exec, status, err)
		return
	}
	t.answer(w, r, exec, params, 0)
}

// unsupported takes what no other transport took.
type unsupported struct{ operations }

// Supports takes everything.
func (unsupported) Supports(*http.Request) bool { return true }

// Do names the methods that are taken.
func (t unsupported) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	w.Header().Set("Allow", "GET, POST")
	t.refuse(w, r, exec, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
}

// refusalOf is the status for a stream that may not be opened.
func refusalOf(err error) int {
	if fault.CodeOf(err) == fault.LimitExceeded {
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

// refuse answers a request that is not executed.
func (o operations) refuse(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, status int, err error) {
	errs := present(r.Context(), exec, gqlerror.Wrap(err))
	o.observed(r.Context(), nil, time.Now(), errs)
	write(w, negotiate(r), status, answer{Errors: errs})
}

// WriteError answers a request that is not executed with an error as its sender may read it.
func WriteError(w http.ResponseWriter, r *http.Request, status int, err *gqlerror.Error) {
	write(w, negotiate(r), status, answer{Errors: gqlerror.List{err}})
}

// answer executes an operation and sends its one answer. A request error (the document or its variables are wrong) is status
// 400, or 200 for clients that know application/json only; whatever happens while fields are resolved is 200.
func (o operations) answer(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, params *graphql.RawParams, bytes int64) {
	begun, mediaType := time.Now(), negotiate(r)
	if mediaType == "" {
		o.refuse(w, r, exec, http.StatusNotAcceptable, fault.New(fault.MediaTypeNotOffered, ""))
		return
	}
	operation, refused := o.create(r.Context(), exec, params)
	if len(refused) > 0 {
		status := http.StatusOK
		if mediaType == responseJSON {
			status = http.StatusBadRequest
		}
		o.observed(r.Context(), nil, begun, refused)
		write(w, mediaType, cmp.Or(httpfault.Status(w.Header(), refused[0]), status), answer{Errors: refused})
		return
	}
	switch kind := operation.Operation.Operation; {
	case bytes > o.guard.Limits().BodyBytes && !guard.Records(operation):
		o.refuse(w, r, exec, http.StatusRequestEntityTooLarge, fault.New(fault.BodyTooLarge, "", o.guard.Limits().BodyBytes))
		return
	case r.Method == http.MethodGet && kind != ast.Query:
		w.Header().Set("Allow", http.MethodPost)
		o.refuse(w, r, exec, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
		return
	case kind == ast.Subscription: // it has many answers, and this is room for one
		o.refuse(w, r, exec, http.StatusNotAcceptable, fault.New(fault.SubscriptionAsJSON, ""))
		return
	}
	ctx := o.begun(r.Context(), operation)
	response, err := o.once(ctx, exec, operation)
	if response == nil {
		late := present(ctx, exec, gqlerror.Wrap(tookTooLong(err)))
		o.observed(ctx, operation, begun, late)
		write(w, mediaType, http.StatusServiceUnavailable, answer{Errors: late})
		return
	}
	o.observed(ctx, operation, begun, response.Errors)
	write(w, mediaType, http.StatusOK, answerOf(operation, response))
}

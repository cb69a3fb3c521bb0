package graph

import (
	"cmp"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
)

// gqlgen's own transports read bodies without a limit, echo them in errors, and answer parse and validation errors
// with a status that the specification does not know; hence these.

// overPOST takes operations as JSON in the body.
type overPOST struct {
	most    int64
	timeout time.Duration
}

// Supports takes every POST: one that is not JSON is refused with a reason.
func (t overPOST) Supports(r *http.Request) bool { return r.Method == http.MethodPost }

// Do answers.
func (t overPOST) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if !isJSON(r.Header.Get("Content-Type")) {
		refuse(w, r, exec, http.StatusUnsupportedMediaType, fault.New(fault.MediaTypeNotOffered, ""))
		return
	}
	params, status, err := readBody(w, r, t.most)
	if err != nil {
		refuse(w, r, exec, status, err)
		return
	}
	run(w, r, exec, t.timeout, params)
}

// overGET takes queries from the address. What changes something is refused: anybody's link could do it.
type overGET struct {
	most    int64
	timeout time.Duration
}

// Supports takes every GET.
func (t overGET) Supports(r *http.Request) bool { return r.Method == http.MethodGet }

// Do answers.
func (t overGET) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	params, status, err := readAddress(r, t.most)
	if err != nil {
		refuse(w, r, exec, status, err)
		return
	}
	run(w, r, exec, t.timeout, params)
}

// refusal takes what no other transport took.
type refusal struct{}

// Supports takes everything.
func (refusal) Supports(*http.Request) bool { return true }

// Do says what is taken.
func (refusal) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	w.Header().Set("Allow", "GET, POST")
	refuse(w, r, exec, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
}

// refuse answers a request that is not GraphQL over HTTP.
func refuse(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, status int, err error) {
	response := exec.DispatchError(r.Context(), gqlerror.List{gqlerror.Wrap(err)})
	write(w, negotiated(r), status, answer{Errors: response.Errors})
}

// run executes an operation. A request error (the document or its variables are wrong) is status 400, or 200 for
// clients that know application/json only; whatever happens while fields are resolved is 200.
func run(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, timeout time.Duration, params *graphql.RawParams) {
	mediaType := negotiated(r)
	if mediaType == "" {
		refuse(w, r, exec, http.StatusNotAcceptable, fault.New(fault.MediaTypeNotOffered, ""))
		return
	}
	operation, errs := exec.CreateOperationContext(r.Context(), params)
	if len(errs) > 0 {
		chargeRefusal(r.Context(), errs)
		status := http.StatusOK
		if mediaType == responseJSON {
			status = http.StatusBadRequest
		}
		status = cmp.Or(httpfault.Status(w.Header(), errs[0]), status)
		response := exec.DispatchError(graphql.WithOperationContext(r.Context(), operation), errs)
		write(w, mediaType, status, answer{Errors: response.Errors})
		return
	}
	if r.Method == http.MethodGet && operation.Operation.Operation != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, r, exec, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
		return
	}
	if operation.Operation.Operation == ast.Subscription { // which has many answers, and this is room for one
		refuse(w, r, exec, http.StatusNotAcceptable, fault.New(fault.SubscriptionAsJSON, ""))
		return
	}
	ctx, cancel := withTimeout(r.Context(), operation, timeout)
	defer cancel()
	next, ctx := exec.DispatchOperation(ctx, operation)
	response := next(ctx)
	if response == nil { // the context ended before the first field
		refuse(w, r, exec, http.StatusServiceUnavailable, fault.New(fault.TookTooLong, "").Because(ctx.Err()))
		return
	}
	write(w, mediaType, http.StatusOK, answerOf(operation, response))
}

package graph

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
)

// overEvents answers with server-sent events, in the "distinct connections" mode of GraphQL over SSE: an event `next` for
// each answer, then `complete`. A handler that is closed says so with an error UNAVAILABLE before `complete`; a stream
// that ends without `complete` was cut off. Either way its client connects again.
type overEvents struct {
	most    int64
	timeout time.Duration
	pace    Pace
	streams *streams
}

// Supports takes who posts an operation and accepts an event stream, but not JSON, in return.
func (t overEvents) Supports(r *http.Request) bool { return isEventStream(r) }

// Do answers. What is no GraphQL request at all is refused as JSON; everything else goes through the stream, as clients
// take any other status for a connection that failed.
func (t overEvents) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if !isJSON(r.Header.Get("Content-Type")) {
		refuse(w, r, exec, http.StatusUnsupportedMediaType, fault.New(fault.MediaTypeNotOffered, ""))
		return
	}
	params, status, err := readBody(w, r, t.most)
	if err != nil {
		refuse(w, r, exec, status, err)
		return
	}
	ctx, leave, err := t.streams.enter(r.Context())
	if err != nil {
		refuse(w, r, exec, http.StatusServiceUnavailable, err)
		return
	}
	defer leave()
	events, ctx := openEvents(ctx, w, t.pace)
	defer events.close()
	failed, err := perform(ctx, exec, t.timeout, params, events.next)
	if err != nil && errors.Is(context.Cause(ctx), errStopping) {
		failed, err = exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(errStopping)}).Errors, nil
	}
	if err == nil && len(failed) > 0 {
		err = events.next(answer{Errors: failed})
	}
	if err == nil {
		_ = events.send("event: complete\ndata:\n\n") // nobody is left to tell
	}
}

// events is an open event stream.
type events struct {
	writer  http.ResponseWriter
	control *http.ResponseController
	patient time.Duration
	mutex   sync.Mutex
	cancel  context.CancelFunc
	pinging sync.WaitGroup
}

// openEvents begins an event stream and keeps it alive until it is closed. The context returned ends when the client
// is gone or takes nothing any more.
func openEvents(ctx context.Context, w http.ResponseWriter, pace Pace) (*events, context.Context) {
	e := &events{writer: w, control: http.NewResponseController(w), patient: pace.Delivery}
	ctx, e.cancel = context.WithCancel(ctx)
	header := w.Header()
	header.Set("Content-Type", eventStream)
	header.Set("X-Accel-Buffering", "no") // or nginx holds events back
	uncached(header)
	w.WriteHeader(http.StatusOK)
	_ = e.send(":\n\n") // the client hears at once that it is connected
	e.pinging.Go(func() {
		ticker := time.NewTicker(pace.Ping)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				_ = e.send(": ping\n\n") // a failure ends the context
			}
		}
	})
	return e, ctx
}

// next sends an answer.
func (e *events) next(a answer) error {
	return e.send("event: next\ndata: " + string(a.encode()) + "\n\n")
}

// send sends a part of the stream. After an error the stream is over.
func (e *events) send(part string) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	// Instead of the server's deadline, which is for answers that end. Where there are none, as in tests, none is set.
	_ = e.control.SetWriteDeadline(time.Now().Add(e.patient))
	_, err := e.writer.Write([]byte(part))
	if err == nil {
		err = flush(e.writer)
	}
	if err != nil {
		e.cancel()
	}
	return err
}

// close ends what belongs to the stream; the writer is not touched any more.
func (e *events) close() {
	e.cancel()
	e.pinging.Wait()
}

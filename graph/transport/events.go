package transport

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

// eventStream answers with server-sent events, in the "distinct connections" mode of GraphQL over SSE: an event `next` for
// each answer, then `complete`. A server that stops says so with an error UNAVAILABLE before `complete`, and UNAUTHENTICATED
// ends the stream of credentials that no longer count, at the next ping; a stream without `complete` was cut off.
type eventStream struct {
	streaming
	maxBody int64
}

// Supports takes the operations that are answered by an event stream.
func (eventStream) Supports(r *http.Request) bool { return isEventStream(r) }

// Do answers. What is no GraphQL request at all is refused as JSON; everything else goes through the stream, as clients
// take any other status for a connection that failed.
func (t eventStream) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	params, status, err := readBody(w, r, t.maxBody)
	if err != nil {
		t.refuse(w, r, exec, status, err)
		return
	}
	ctx, entered, err := t.enter(r.Context())
	if err != nil {
		t.refuse(w, r, exec, refusalOf(err), err)
		return
	}
	defer entered.leave()
	events, ctx := openEvents(ctx, w, t.pace, func(ctx context.Context) error {
		_, err := t.reauthenticate(ctx, r.Header)
		return err
	})
	defer events.close()
	failed, err := t.stream(ctx, exec, params, events.next)
	var reason *fault.Error // the server stops, or its sender is nobody any more
	if err != nil && errors.As(context.Cause(ctx), &reason) {
		failed, err = present(ctx, exec, gqlerror.Wrap(reason)), nil
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
	// delivery is how long each part may take to be sent.
	delivery time.Duration
	mu       sync.Mutex
	cancel   context.CancelCauseFunc
	pinging  sync.WaitGroup
}

// openEvents begins an event stream and keeps it alive until it is closed. The context returned ends when the client is gone
// or takes nothing any more, and with the error UNAUTHENTICATED of recheck, which is asked at each ping, as its cause.
func openEvents(ctx context.Context, w http.ResponseWriter, pace Pace, recheck func(context.Context) error) (*events, context.Context) {
	e := &events{writer: w, control: http.NewResponseController(w), delivery: pace.Delivery}
	ctx, e.cancel = context.WithCancelCause(ctx)
	header := w.Header()
	header.Set("Content-Type", serverEvents)
	header.Set("X-Accel-Buffering", "no") // or nginx holds events back
	neverStore(header)
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
				if err := recheck(ctx); fault.CodeOf(err) == fault.Unauthenticated {
					e.cancel(err)
				}
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
	e.mu.Lock()
	defer e.mu.Unlock()
	// The server's own deadline is for answers that end. A connection without deadlines, as in tests, has none to be set.
	_ = e.control.SetWriteDeadline(time.Now().Add(e.delivery))
	_, err := e.writer.Write([]byte(part))
	if err == nil {
		err = flush(e.writer)
	}
	if err != nil {
		e.cancel(nil)
	}
	return err
}

// close ends the stream, whose writer is not used any more.
func (e *events) close() {
	e.cancel(nil)
	e.pinging.Wait()
}

package graph

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/fault"
)

// streams are the open event streams and WebSockets of a handler.
type streams struct {
	most    int
	ending  context.Context
	end     context.CancelFunc
	mutex   sync.Mutex
	open    int
	running sync.WaitGroup
}

func newStreams(most int) *streams {
	s := &streams{most: most}
	s.ending, s.end = context.WithCancel(context.Background())
	return s
}

// errStopping is the cause of a stream's end where the handler was closed.
var errStopping = fault.New(fault.ServerStopping, "")

// enter counts a stream in. It runs in the context returned, which ends with the request and with the handler, and calls
// leave when nothing of it runs any more. Errors: LIMIT_EXCEEDED, UNAVAILABLE.
func (s *streams) enter(request context.Context) (ctx context.Context, leave func(), err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case s.ending.Err() != nil:
		return nil, nil, errStopping
	case s.open >= s.most:
		return nil, nil, fault.New(fault.StreamsExceeded, "", s.most)
	}
	s.open++
	s.running.Add(1)
	ctx, cancel := context.WithCancelCause(request)
	forget := context.AfterFunc(s.ending, func() { cancel(errStopping) })
	return ctx, func() {
		forget()
		cancel(nil)
		s.mutex.Lock()
		s.open--
		s.mutex.Unlock()
		s.running.Done()
	}, nil
}

// close ends all streams and waits for them.
func (s *streams) close() {
	s.mutex.Lock()
	s.end() // within the mutex, so that nothing enters while it is waited for
	s.mutex.Unlock()
	s.running.Wait()
}

// perform executes an operation and delivers its answers, one for a query, any number for a subscription. It returns
// what kept the operation from being executed, or broke it off, as users may read it; or the error of the context or of
// deliver, after which there is nobody to tell; or nothing when the operation ended.
func perform(ctx context.Context, exec graphql.GraphExecutor, timeout time.Duration, params *graphql.RawParams, deliver func(answer) error) (failed []*gqlerror.Error, err error) {
	defer func() {
		if value := recover(); value != nil {
			failed, err = exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(recovered(ctx, value))}).Errors, nil
		}
	}()
	operation, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		chargeRefusal(ctx, errs)
		return exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs).Errors, nil
	}
	bounded, cancel := withTimeout(ctx, operation, timeout)
	defer cancel()
	next, bounded := exec.DispatchOperation(bounded, operation)
	for {
		response := next(bounded)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case response == nil && bounded.Err() != nil:
			return exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(fault.New(fault.TookTooLong, "").Because(bounded.Err()))}).Errors, nil
		case response == nil:
			return nil, nil
		}
		if err := deliver(answerOf(operation, response)); err != nil {
			return nil, err
		}
		if operation.Operation.Operation != ast.Subscription {
			return nil, nil
		}
	}
}

// withTimeout is the context in which an operation is executed: it ends after the timeout, except for a subscription,
// which lasts as long as its client likes. A timeout of zero is none.
func withTimeout(ctx context.Context, operation *graphql.OperationContext, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout == 0 || operation.Operation.Operation == ast.Subscription {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

// whilePermitted passes updates on for as long as who asked may see files: a stream can outlive a key.
func (r *Resolver) whilePermitted(ctx context.Context, updates <-chan *export.Download) <-chan *export.Download {
	if updates == nil {
		return nil
	}
	passed := make(chan *export.Download)
	go func() {
		defer close(passed)
		for update := range updates { // they end with the context
			now, err := r.config.Access.Authenticator.Current(ctx, actorOf(ctx).String())
			if err != nil || !now.May(access.ScopeExports) {
				return
			}
			select {
			case passed <- update:
			case <-ctx.Done():
				return
			}
		}
	}()
	return passed
}

// oneField refuses subscriptions that do not come to exactly one field. gqlparser counts names, so it misses one field
// asked for twice, and one that @skip leaves out.
type oneField struct{}

// ExtensionName names the check to gqlgen.
func (oneField) ExtensionName() string { return "OneField" }

// Validate accepts every schema.
func (oneField) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses. Nothing is changed.
func (oneField) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	asked := operation.Operation
	if asked.Operation == ast.Subscription && len(graphql.CollectFields(operation, asked.SelectionSet, []string{"Subscription"})) != 1 {
		return misfit(nil, "a subscription selects exactly one field")
	}
	return nil
}

package transport

import (
	"context"
	"encoding/json"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/fault"
)

// operations are executed in the same way whatever transport they come over.
type operations struct {
	guard   *guard.Guard
	timeout func(context.Context) (time.Duration, bool)
	recover graphql.RecoverFunc
	begin   func(ctx context.Context, operation, operationType string) context.Context
	observe func(context.Context, Observation)
}

// create parses and validates an operation. What it refuses is charged, and returned as its sender may read it.
func (o operations) create(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	operation, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) == 0 {
		return operation, nil
	}
	o.guard.NameUnknown(operation, params.Variables, errs[0])
	o.guard.ChargeRefusal(ctx, errs)
	return nil, present(graphql.WithOperationContext(ctx, operation), exec, errs...)
}

// withTimeout is the context in which an operation is executed: it ends after the timeout, except for a subscription,
// which lasts as long as its client likes.
func (o operations) withTimeout(ctx context.Context, operation *graphql.OperationContext) (context.Context, context.CancelFunc) {
	timeout, bounded := o.timeout(ctx)
	if !bounded || operation.Operation.Operation == ast.Subscription {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

// once executes an operation that has one answer, nil if the context ended before its first field.
func (o operations) once(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) (*graphql.Response, error) {
	ctx, cancel := o.withTimeout(ctx, operation)
	defer cancel()
	metered, end := o.guard.Meter(ctx, operation)
	defer end()
	next, metered := exec.DispatchOperation(metered, operation)
	return o.settled(metered, exec, operation, next(metered)), ctx.Err()
}

// settled is an answer that was paid for, or the refusal of one that is too large.
func (o operations) settled(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, response *graphql.Response) *graphql.Response {
	if err := o.guard.Exceeded(operation); err != nil {
		response = &graphql.Response{Errors: present(ctx, exec, gqlerror.Wrap(err)), Data: json.RawMessage("null")}
	}
	answered := 0
	if response != nil {
		answered = len(response.Data)
	}
	o.guard.Settle(operation, answered)
	return response
}

// stream executes an operation and delivers its answers, one for a query or a mutation, any number for a subscription. It
// returns what kept the operation from being executed, or broke it off, as its sender may read it; or the error of the
// context or of deliver, after which nobody is left to read it; or nothing when the operation ended.
func (o operations) stream(
	ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams, deliver func(answer) error,
) (failed gqlerror.List, err error) {
	begun := time.Now()
	var operation *graphql.OperationContext
	var answered gqlerror.List
	defer func() {
		if value := recover(); value != nil {
			failed, err = present(ctx, exec, gqlerror.Wrap(o.recover(ctx, value))), nil
		}
		o.observed(ctx, operation, begun, append(answered, failed...))
	}()
	operation, refused := o.create(ctx, exec, params)
	if len(refused) > 0 {
		return refused, nil
	}
	ctx = o.begun(ctx, operation)
	bounded, cancel := o.withTimeout(ctx, operation)
	defer cancel()
	metered, end := o.guard.Meter(bounded, operation)
	defer end()
	next, metered := exec.DispatchOperation(metered, operation)
	for {
		response := o.settled(metered, exec, operation, next(metered))
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case response == nil && bounded.Err() != nil:
			return present(ctx, exec, gqlerror.Wrap(tookTooLong(bounded.Err()))), nil
		case response == nil:
			return nil, nil
		}
		if answered == nil {
			answered = response.Errors // of a subscription the first that has any
		}
		if err := deliver(answerOf(operation, response)); err != nil {
			return nil, err
		}
		if operation.Operation.Operation != ast.Subscription {
			return nil, nil
		}
	}
}

// present makes errors readable for the sender of an operation.
func present(ctx context.Context, exec graphql.GraphExecutor, errs ...*gqlerror.Error) gqlerror.List {
	return exec.DispatchError(ctx, errs).Errors
}

func tookTooLong(cause error) error { return fault.New(fault.TookTooLong, "").Because(cause) }

package guard

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Cost is what an operation cost, in units: one is a tenth of a millisecond of statements, or a KiB of the answer.
type Cost struct {
	// Requested is what was reckoned and held beforehand, by rows, objects and counts.
	Requested int `json:"requested"`
	// Charged is what was taken in the end, by what the operation took.
	Charged int `json:"charged"`
	// Remaining is what is left in the bucket of its sender.
	Remaining int `json:"remaining"`
}

const (
	// unitTime is how long statements may run for a unit.
	unitTime = 100 * time.Microsecond
	// unitBytes is how many bytes of an answer are had for a unit.
	unitBytes = 1 << 10
)

// usageExtension names the usage among the statistics of an operation.
const usageExtension = "cost"

// usage is what an operation was charged beforehand, and what it took since.
type usage struct {
	principal string
	price     price
	meter     postgres.Meter
	answer    room

	mu             sync.Mutex
	bytes, charged int
	remaining      int
}

func usageOf(operation *graphql.OperationContext) *usage {
	u, _ := operation.Stats.GetExtension(usageExtension).(*usage)
	return u
}

// CostOf is what an operation was charged until now, nil for one that was not.
func CostOf(operation *graphql.OperationContext) *Cost {
	u := usageOf(operation)
	if u == nil {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return &Cost{Requested: u.price.units(), Charged: u.charged, Remaining: u.remaining}
}

// costLimit charges the sender of an operation with its cost before it is executed, and refuses one that costs too much.
type costLimit struct{ *Guard }

// ExtensionName names the check to gqlgen.
func (costLimit) ExtensionName() string { return "CostLimit" }

// Validate accepts every schema.
func (costLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext charges. Errors: LIMIT_EXCEEDED, RATE_LIMITED, FORBIDDEN for the schema where it is not shown.
func (c costLimit) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = false
	reckoned, introspects := priceOf(operation)
	units, principal := reckoned.units(), c.config.Principal(ctx)
	switch {
	case introspects && !c.config.Introspection:
		return gqlerror.Wrap(fault.New(fault.IntrospectionOff, "query"))
	case units > c.config.Limits.Cost:
		return gqlerror.Wrap(fault.New(fault.OperationTooCostly, "query", units, c.config.Limits.Cost))
	}
	if err := c.config.Limiter.Charge(principal, units); err != nil {
		return gqlerror.Wrap(err)
	}
	operation.Stats.SetExtension(usageExtension, &usage{
		principal: principal, price: reckoned, charged: units, remaining: c.config.Limiter.Remaining(principal),
		answer: room{max: c.config.Limits.AnswerBytes},
	})
	return nil
}

// Meter is the context to execute an operation in, whose statements are charged for, and which ends when its answer gets too
// large.
func (g *Guard) Meter(ctx context.Context, operation *graphql.OperationContext) (context.Context, context.CancelFunc) {
	u := usageOf(operation)
	ctx, cancel := context.WithCancel(ctx)
	if u == nil {
		return ctx, cancel
	}
	u.answer.cancel = cancel
	return postgres.WithMeter(ctx, &u.meter), cancel
}

// Exceeded says that the answer of an operation was not written to its end. Errors: LIMIT_EXCEEDED.
func (g *Guard) Exceeded(operation *graphql.OperationContext) error {
	if u := usageOf(operation); u != nil && u.answer.exceeded.Load() {
		return fault.New(fault.AnswerTooLarge, "", u.answer.max)
	}
	return nil
}

// Settle corrects what an operation was charged by what it has taken: the time of its statements until now and the bytes of
// a further answer. What was reckoned for reading is given back as far as it was not taken, except to a subscription, which
// goes on; what was taken beyond it is owed, even where the bucket does not hold so much.
func (g *Guard) Settle(operation *graphql.OperationContext, answered int) {
	u := usageOf(operation)
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.bytes += answered
	taken := sum(u.price.fixed, sum(int(min(u.meter.Spent()/unitTime, maxCount)), u.bytes/unitBytes))
	if taken = max(1, taken); operation.Operation.Operation == ast.Subscription {
		taken = max(taken, u.charged)
	}
	g.config.Limiter.Adjust(u.principal, taken-u.charged)
	u.charged, u.remaining = taken, g.config.Limiter.Remaining(u.principal)
}

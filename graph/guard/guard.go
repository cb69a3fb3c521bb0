package guard

import (
	"context"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
)

// Config is what a guard is made of. Every field but Limits and Introspection is required.
type Config struct {
	// Limits bound a request; a limit of zero takes its value from DefaultLimits.
	Limits Limits
	// Limiter holds the bucket of every principal, from which operations are paid.
	Limiter *access.Limiter
	// Principal names the sender of the request that a context belongs to.
	Principal func(context.Context) string
	// Introspection lets every principal read the schema.
	Introspection bool
}

// Guard refuses operations that would cost too much.
type Guard struct {
	config Config
	// schema is that of the server that the guard is installed in.
	schema *ast.Schema
}

// New makes a guard.
func New(config Config) *Guard {
	config.Limits = config.Limits.OrDefault()
	return &Guard{config: config}
}

// Limits are those in force.
func (g *Guard) Limits() Limits { return g.config.Limits }

// Install lets every operation of a server of this schema pass the guard: its document before it is parsed by the server,
// its variables and its cost before it is executed.
func (g *Guard) Install(server *handler.Server, schema *ast.Schema) {
	g.schema = schema
	server.SetDisableSuggestion(true)
	server.SetValidationRulesFn(validationRules)
	server.Use(documentLimits{Guard: g, accepted: lru.New[struct{}](MaxDocuments)})
	server.Use(strictVariables{schema: schema})
	server.Use(singleField{})
	server.Use(costLimit{Guard: g})
	server.Use(answerLimit{})
}

// MaxDocuments is how many documents are remembered; within the limits each of them is small.
const MaxDocuments = 1000

// ChargeRefusal takes from the sender of an operation what its refusal took, and nothing where less than that is left.
func (g *Guard) ChargeRefusal(ctx context.Context, errs gqlerror.List) {
	switch fault.CodeOf(errs[0]) {
	case fault.RateLimited, fault.Unauthenticated:
	default:
		_ = g.config.Limiter.Charge(g.config.Principal(ctx), g.refusalCost()) // the refusal stays the same
	}
}

// refusalCost is what a document costs that is refused before it is executed: more than most that are answered, for
// reading it may take as long, and nobody needs many. A full bucket pays for fifty at least.
func (g *Guard) refusalCost() int { return min(2_000, max(1, g.config.Limiter.Burst()/50)) }

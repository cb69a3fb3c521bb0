package compiled

import (
	"context"
	"errors"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// Source reads for one request what answers are made of, each kind of thing for many contacts at once. What does not
// exist, or may not be seen, is missing.
type Source interface {
	// Viewer is who reads.
	Viewer() contact.Viewer
	// Unfinished says that a contact never ended.
	Unfinished(*contact.Contact) bool
	List(context.Context, report.ListQuery) (*report.Connection, error)
	Agents(context.Context, []int64) (map[int64]*directory.Agent, error)
	Campaigns(context.Context, []int64) (map[int64]*directory.Campaign, error)
	Queues(context.Context, []int64) (map[int64]*directory.Queue, error)
	Classifiers(context.Context, []int64) (map[int64]*directory.Classifier, error)
	SiteCalls(context.Context, []int64) (map[int64]*directory.SiteCall, error)
	Records(context.Context, []int64) (map[int64]*contact.Record, error)
	IVRSteps(context.Context, []contact.Key) (map[int64][]*contact.IVRStep, error)
}

// Answers is the extension of gqlgen that answers `contacts` by plans.
type Answers struct {
	source func(context.Context) (Source, error)
	plans  *plans
}

// New makes the extension. The source is asked for once for each list, with the context of its request; its error, where
// nothing may be read, is that of the field.
func New(source func(context.Context) (Source, error)) *Answers {
	return &Answers{source: source, plans: newPlans()}
}

// ExtensionName names the extension to gqlgen.
func (*Answers) ExtensionName() string { return "CompiledAnswers" }

// Validate accepts every schema.
func (*Answers) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField answers the field if it is `contacts` and there is a plan for what is selected of it. Where a resolver
// gives the executor a Marshaler instead of a value, that is taken for the finished answer.
func (a *Answers) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if field.Object != "Query" || field.Field.Name != "contacts" {
		return next(ctx)
	}
	plan := a.plans.of(graphql.GetOperationContext(ctx), field.Field)
	if plan == nil {
		return next(ctx)
	}
	source, err := a.source(ctx)
	if err != nil {
		return nil, err
	}
	if plan.refuses(source.Viewer()) {
		return next(ctx)
	}
	page, err := plan.read(ctx, source, query(field.Args))
	switch {
	case errors.Is(err, errReported):
		return graphql.Null, nil
	case err != nil:
		return nil, err
	default:
		return answer{plan: plan, page: page}, nil
	}
}

// query is what the arguments of the field ask for. The generated executor has read them.
func query(arguments map[string]any) report.ListQuery {
	query := report.ListQuery{
		Filter: arguments["filter"].(contact.Filter),
		Order:  contact.NewestFirst,
		Page: relay.PageArgs{
			First: arguments["first"].(*int), After: arguments["after"].(*string),
			Last: arguments["last"].(*int), Before: arguments["before"].(*string),
		},
	}
	if order := arguments["orderBy"].(*contact.Order); order != nil {
		query.Order = *order
	}
	return query
}

// answer is a page that waits to be written.
type answer struct {
	plan *plan
	page *page
}

// MarshalGQL writes the page as JSON.
func (a answer) MarshalGQL(w io.Writer) { a.plan.writeTo(w, a.page) }

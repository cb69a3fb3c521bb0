package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
)

// errorPresenter is the only way out for errors.
type errorPresenter struct {
	// translate turns what the database reports into faults; nil where there is no database yet.
	translate func(error) error
	log       *slog.Logger
}

// Present makes of any error what its reader may know: a code, a sentence in the reader's language, the argument that is
// wrong, and where in document and answer it happened. A defect is logged.
func (p *errorPresenter) Present(ctx context.Context, err error) *gqlerror.Error {
	request := requestOf(ctx)
	presented := &gqlerror.Error{Extensions: map[string]any{}}
	cause := err
	var located *gqlerror.Error
	if errors.As(err, &located) {
		presented.Locations = located.Locations
		presented.Path, cause = located.Path, located.Err
	}
	field := cutArgument(ctx, presented)
	problem := p.problem(cause, located)
	if problem == nil {
		problem = fault.New(fault.Defect, "", request.id).Because(err)
	}
	if problem.Code == fault.Internal {
		presented.Extensions["requestId"] = request.id
		p.logDefect(ctx, request, err, presented.Path)
	}
	presented.Err = problem
	presented.Message = problem.Sentence(request.locale)
	presented.Extensions["code"] = string(problem.Code)
	if field = namedPath.FindString(fault.JoinField(field, problem.Field)); field != "" {
		presented.Extensions["field"] = field
	}
	return presented
}

// problem is the fault behind an error, nil for a defect. An error without a cause is gqlgen's own, with a code if its
// parser or its validator made it.
func (p *errorPresenter) problem(cause error, located *gqlerror.Error) *fault.Error {
	if cause == nil && located != nil {
		switch located.Extensions["code"] {
		case errcode.ParseFailed:
			return fault.New(fault.DocumentUnreadable, "", withoutValues(located.Message))
		case errcode.ValidationFailed:
			return fault.New(fault.DocumentInvalid, "", withoutValues(located.Message))
		}
	}
	if p.translate != nil {
		cause = p.translate(cause)
	}
	var problem *fault.Error
	switch {
	case errors.As(cause, &problem):
		return problem
	case errors.Is(cause, context.DeadlineExceeded), errors.Is(cause, context.Canceled):
		return fault.New(fault.TookTooLong, "").Because(cause)
	default:
		return nil
	}
}

// quoting are the messages of gqlparser that quote a value of the document or of its variables, and what is kept of them. A
// value can be anybody's number; names, which people need to find their mistake, are kept.
var quoting = []struct {
	message *regexp.Regexp
	kept    string
}{
	{regexp.MustCompile(`(?s)^(.* cannot represent .*?value): .*$`), "$1"},
	{regexp.MustCompile(`(?s)^(Expected value of type "[^"]*"), found .*$`), "$1"},
	{regexp.MustCompile(`(?s)^.* (is not a valid \w+)$`), "The value $1"},
	{regexp.MustCompile(`(?s)(Unexpected|found) (String|BlockString|Int|Float|Comment) ".*$`), "$1 $2"},
}

// withoutValues removes the values from a message of gqlparser, and replaces the message that misleads: it quotes zero for a
// number that could not be read.
func withoutValues(message string) string {
	if strings.HasPrefix(message, "cannot use value ") {
		return "the number does not fit its type"
	}
	for _, one := range quoting {
		message = one.message.ReplaceAllString(message, one.kept)
	}
	return message
}

// cutArgument cuts the path of an argument off the path of an error, which by the specification ends at the field, and
// returns it as in "input.contacts[3].startedAt". It does the same with the path of a variable.
func cutArgument(ctx context.Context, presented *gqlerror.Error) string {
	at := graphql.GetFieldContext(ctx)
	if at == nil || at.Field.Field == nil {
		path := presented.Path
		presented.Path = nil
		if len(path) > 0 && path[0] == ast.PathName("variable") {
			return dotted(path[1:])
		}
		return ""
	}
	if position := at.Field.Position; len(presented.Locations) == 0 && position != nil {
		presented.Locations = []gqlerror.Location{{Line: position.Line, Column: position.Column}}
	}
	field := at.Path()
	if len(presented.Path) <= len(field) {
		return ""
	}
	below := presented.Path[len(field):]
	presented.Path = field
	return dotted(below)
}

func dotted(path ast.Path) string {
	var field string
	for _, part := range path {
		switch part := part.(type) {
		case ast.PathIndex:
			field += fmt.Sprintf("[%d]", part)
		case ast.PathName:
			field = fault.JoinField(field, string(part))
		}
	}
	return field
}

// namedPath is as much of a path as consists of names, for the keys of variables can be any text.
var namedPath = regexp.MustCompile(`^[A-Za-z_]\w*(\[\d+\])*(\.[A-Za-z_]\w*(\[\d+\])*)*`)

// panicked is a panic on its way out.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return "panic" }

// recovered keeps the stack of a panic for the log.
func recovered(_ context.Context, value any) error {
	return &panicked{value: value, stack: debug.Stack()}
}

// logDefect logs a defect under the request's id. Messages of errors may quote what users sent or what the database
// holds, so only types are logged: those of the chain, the database's code and names, a panic's stack.
func (p *errorPresenter) logDefect(ctx context.Context, request *request, err error, path ast.Path) {
	attributes := []slog.Attr{slog.String("requestId", request.id), slog.String("error", errorTypes(err))}
	if len(path) > 0 {
		attributes = append(attributes, slog.String("field", fieldNames(ctx)))
	}
	var database *pgconn.PgError
	if errors.As(err, &database) {
		attributes = append(attributes, slog.Group("database",
			"sqlstate", database.Code, "table", database.TableName, "constraint", database.ConstraintName, "routine", database.Routine))
		if !strings.HasPrefix(database.Code, "22") { // the messages of data exceptions quote the data
			attributes = append(attributes, slog.String("message", database.Message))
		}
	}
	var panicking *panicked
	if errors.As(err, &panicking) {
		attributes = append(attributes, slog.String("panic", fmt.Sprintf("%T", panicking.value)), slog.String("stack", string(panicking.stack)))
	}
	p.log.LogAttrs(ctx, slog.LevelError, "request failed", attributes...)
}

// fieldNames is the path of the field being resolved in names of the schema, for aliases are the user's.
func fieldNames(ctx context.Context) string {
	var names []string
	for at := graphql.GetFieldContext(ctx); at != nil; at = at.Parent {
		if at.Field.Field != nil {
			names = append([]string{at.Field.Name}, names...)
		}
	}
	return strings.Join(names, ".")
}

// errorTypes are the types of an error and of those that it wraps, the outermost first.
func errorTypes(err error) string {
	var names []string
	for ; err != nil; err = errors.Unwrap(err) {
		names = append(names, fmt.Sprintf("%T", err))
	}
	return strings.Join(names, " > ")
}

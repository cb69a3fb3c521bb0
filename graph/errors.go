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

// door is the only way out for errors.
type door struct {
	translate func(error) error
	log       *slog.Logger
}

// present makes of any error what a user may read: a code, a sentence in his language, the argument that is wrong, and
// where in document and answer it happened.
func (d *door) present(ctx context.Context, err error) *gqlerror.Error {
	request := requestOf(ctx)
	presented := &gqlerror.Error{Extensions: map[string]any{}}
	cause := err
	var located *gqlerror.Error
	if errors.As(err, &located) {
		presented.Locations = located.Locations
		presented.Path, cause = located.Path, located.Err
	}
	field := argument(ctx, presented)
	problem := d.problem(cause, located)
	if problem == nil {
		problem = fault.New(fault.Defect, "", request.id).Because(err)
	}
	if problem.Code == fault.Internal {
		presented.Extensions["requestId"] = request.id
		d.report(ctx, request, err, presented.Path)
	}
	presented.Err = problem
	presented.Message = problem.Sentence(request.locale)
	presented.Extensions["code"] = string(problem.Code)
	if field = names.FindString(join(field, problem.Field)); field != "" {
		presented.Extensions["field"] = field
	}
	return presented
}

// problem is the fault behind an error, nil for a defect. What has no cause of its own was said by gqlgen: by its
// parser and validator with a code, by anything else of it without one.
func (d *door) problem(cause error, located *gqlerror.Error) *fault.Error {
	if cause == nil && located != nil {
		switch located.Extensions["code"] {
		case errcode.ParseFailed:
			return fault.New(fault.DocumentUnreadable, "", plain(located.Message))
		case errcode.ValidationFailed:
			return fault.New(fault.DocumentInvalid, "", plain(located.Message))
		}
	}
	var problem *fault.Error
	switch cause = d.translate(cause); {
	case errors.As(cause, &problem):
		return problem
	case errors.Is(cause, context.DeadlineExceeded), errors.Is(cause, context.Canceled):
		return fault.New(fault.TookTooLong, "").Because(cause)
	default:
		return nil
	}
}

// quoted are the messages of gqlparser that hold a value of the document or of its variables, and what stays of them. A
// value can be anybody's number; names, which people need to find their mistake, are quoted.
var quoted = []struct {
	message *regexp.Regexp
	stays   string
}{
	{regexp.MustCompile(`(?s)^(.* cannot represent .*?value): .*$`), "$1"},
	{regexp.MustCompile(`(?s)^(Expected value of type "[^"]*"), found .*$`), "$1"},
	{regexp.MustCompile(`(?s)^.* (is not a valid \w+)$`), "The value $1"},
	{regexp.MustCompile(`(?s)(Unexpected|found) (String|BlockString|Int|Float|Comment) ".*$`), "$1 $2"},
}

// plain takes the values out of a message of gqlparser, and replaces the one that misleads: it prints the zero it got from
// a number it could not read.
func plain(message string) string {
	if strings.HasPrefix(message, "cannot use value ") {
		return "the number does not fit its type"
	}
	for _, one := range quoted {
		message = one.message.ReplaceAllString(message, one.stays)
	}
	return message
}

// argument takes the path of an argument off the path of an error, which by the specification ends at the field, and
// gives it as a field: "input.contacts[3].startedAt". So does it with the path of a variable.
func argument(ctx context.Context, presented *gqlerror.Error) string {
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
			field = join(field, string(part))
		}
	}
	return field
}

// names are as much of a path as consists of names: the keys of variables can be any text.
var names = regexp.MustCompile(`^[A-Za-z_]\w*(\[\d+\])*(\.[A-Za-z_]\w*(\[\d+\])*)*`)

func join(above, below string) string {
	if above == "" || below == "" || below[0] == '[' {
		return above + below
	}
	return above + "." + below
}

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

// report logs a defect under the request's id. Messages of errors may quote what users sent or what the database
// holds, so only kinds are logged: the types of the chain, the database's code and names, a panic's stack.
func (d *door) report(ctx context.Context, request *request, err error, path ast.Path) {
	attributes := []slog.Attr{slog.String("requestId", request.id), slog.String("error", kinds(err))}
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
	d.log.LogAttrs(ctx, slog.LevelError, "request failed", attributes...)
}

// fieldNames is the path of the field being resolved in the schema's own names; aliases are the user's.
func fieldNames(ctx context.Context) string {
	var names []string
	for at := graphql.GetFieldContext(ctx); at != nil; at = at.Parent {
		if at.Field.Field != nil {
			names = append([]string{at.Field.Name}, names...)
		}
	}
	return strings.Join(names, ".")
}

// kinds are the types of the errors that an error wraps, the outermost first.
func kinds(err error) string {
	var names []string
	for ; err != nil; err = errors.Unwrap(err) {
		names = append(names, fmt.Sprintf("%T", err))
	}
	return strings.Join(names, " > ")
}

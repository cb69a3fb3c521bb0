package guard_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/kontakty/kontakty/graph/generated"
	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/access"
)

// A document that exceeds a limit is refused before gqlgen parses it.
func ExampleGuard_Install() {
	limiter := access.NewLimiter(1_000, 1_000, func() time.Time { return time.Time{} })
	schema := generated.NewExecutableSchema(generated.Config{})
	server := handler.New(schema)
	server.AddTransport(transport.POST{})
	guard.New(guard.Config{
		Limits:    guard.Limits{Aliases: 2},
		Limiter:   limiter,
		Principal: func(context.Context) string { return "key:1" },
	}).Install(server, schema.Schema())

	for _, document := range []string{"{a: __typename b: __typename}", "{a: __typename b: __typename c: __typename}"} {
		request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query": "`+document+`"}`))
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, request)
		fmt.Println(answer.Body)
	}
	fmt.Println(limiter.Remaining("key:1"), "units are left")
	// Output:
	// {"data":{"a":"Query","b":"Query"}}
	// {"errors":[{"message":"query: The GraphQL document is too complex: more than 2 aliases."}],"data":null}
	// 999 units are left
}

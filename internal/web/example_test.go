package web_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/kontakty/kontakty/internal/web"
)

// The pages are told where the API is and how to sign in.
func ExampleHandler() {
	pages := web.Handler(web.Config{Endpoint: "/graphql"})
	answer := httptest.NewRecorder()
	pages.ServeHTTP(answer, httptest.NewRequest("GET", web.SessionPath, nil))
	fmt.Println(answer.Code, answer.Body)
	// Output: 200 {"key":null,"oidc":null}
}

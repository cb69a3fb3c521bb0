package graph_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/fault"
)

// What is not executed is refused in the language of the request.
func ExampleRefuse() {
	request := httptest.NewRequest("POST", "/graphql", nil)
	request.Header.Set("Accept-Language", "pl")
	answer := httptest.NewRecorder()
	graph.Refuse(answer, request, fault.New(fault.DatabaseAway, ""))
	fmt.Println(answer.Code, answer.Body)
	// Output: 503 {"errors":[{"message":"Serwer nie może teraz połączyć się z bazą danych. Spróbuj za chwilę.","extensions":{"code":"UNAVAILABLE"}}]}
}

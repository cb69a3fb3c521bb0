package server

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/postgres"
)

// allowed makes a key that may do everything in a test's own database.
func allowed(t *testing.T, pool *postgres.Pool) string {
	t.Helper()
	_, key, err := access.NewKeys(pool, nil, time.Now, nil).Create(t.Context(), access.Actor{Principal: access.Operator()}, access.KeyInput{
		Name: "test", Scopes: access.Scopes, Grants: access.Grants{Unrestricted: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// send sends a request with a key, unless that is empty; the caller closes the body of the answer.
func send(t *testing.T, key, method, address string, header http.Header, body io.Reader) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// get fetches a page and gives its status and body.
func get(t *testing.T, key, address string) (int, string) {
	t.Helper()
	response := send(t, key, http.MethodGet, address, nil, nil)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

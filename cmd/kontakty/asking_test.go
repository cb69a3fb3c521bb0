package main

import (
	"bytes"
	"encoding/json"
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
func (p *process) get(path string) (int, string) {
	p.t.Helper()
	return get(p.t, p.key, p.url+path)
}

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

// ask sends a GraphQL operation and decodes its data into answer; an error fails the test.
func (p *process) ask(query string, variables map[string]any, answer any) {
	p.t.Helper()
	ask(p.t, p.url, p.key, query, variables, answer)
}

func ask(t *testing.T, base, key, query string, variables map[string]any, answer any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	response := send(t, key, http.MethodPost, base+"/graphql", http.Header{"Content-Type": {"application/json"}}, bytes.NewReader(body))
	defer response.Body.Close()
	var result struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&result); err != nil {
		t.Fatalf("status %d: %v", response.StatusCode, err)
	}
	if len(result.Errors) > 0 {
		t.Fatalf("%s\n%v: %+v", query, variables, result.Errors)
	}
	if err := json.Unmarshal(result.Data, answer); err != nil {
		t.Fatal(err)
	}
}

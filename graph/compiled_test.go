package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/sample"
)

// counted tells how many lists were answered by plans, and how many were left to the generated executor.
type counted struct {
	interceptor
	compiled, left atomic.Int64
}

type interceptor interface {
	graphql.HandlerExtension
	graphql.FieldInterceptor
}

func (c *counted) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field, left := graphql.GetFieldContext(ctx), false
	answer, err := c.interceptor.InterceptField(ctx, func(ctx context.Context) (any, error) {
		left = true
		return next(ctx)
	})
	switch {
	case field.Object != "Query" || field.Field.Name != "contacts":
	case left:
		c.left.Add(1)
	default:
		c.compiled.Add(1)
	}
	return answer, err
}

// The proof of compiled answers: over operations drawn by chance, asked by people who see more and less, they are what the
// generated executor answers, byte for byte.
func TestCompiledAnswers_AreThoseOfTheGeneratedExecutor(t *testing.T) {
	t.Parallel()
	const askings = 8                     // with other values each time
	collecting := debug.SetGCPercent(400) // thousands of documents are remembered, and would be gone through over and over
	t.Cleanup(func() { debug.SetGCPercent(collecting) })
	s := newSite(t)
	if _, err := sample.Load(t.Context(), s.database.Pool, sample.Config{Contacts: 3_000, Months: 2, Seed: 1, Until: now}, nil); err != nil {
		t.Fatal(err)
	}
	for _, hostile := range []string{
		"UPDATE campaigns SET name = name || $1", "UPDATE records SET significant_value = $1 WHERE id % 3 = 0",
		"UPDATE ivr_steps SET choice = $1 WHERE choice IS NOT NULL", "UPDATE contacts SET cc_addresses = ARRAY[$1, $1] WHERE id % 7 = 0",
	} {
		if _, err := s.database.Pool.Exec(t.Context(), hostile, "\"'\\\t\r\n\x01\x7f\u2028ż</"); err != nil {
			t.Fatal(err)
		}
	}
	s.refresh(t)
	config := s.config
	pool := s.database.Open(t, postgres.Config{ReadOnly: true, GenericPlans: true, MaxConns: 8}) // as the API has it
	settings := report.Config{Zone: time.UTC, Now: func() time.Time { return now }}
	config.Store = report.NewStore(pool.DB, s.directory, relay.NewSigner([]byte("another key for tests")), settings)
	answers := &counted{interceptor: graph.CompiledAnswers(config).(interceptor)}
	compiled, generated := graph.NewHandlerWith(config, answers), graph.NewHandlerWith(config)
	t.Cleanup(compiled.Close)
	t.Cleanup(generated.Close)
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL})
	var grants access.Grants
	if err := s.database.Pool.QueryRow(t.Context(), "SELECT array_agg(external_id) FROM campaigns WHERE id < 3").Scan(&grants.Campaigns); err != nil {
		t.Fatal(err)
	}
	asked := 0

	t.Run("drawn", func(t *testing.T) {
		for i, who := range []struct {
			name      string
			documents int
			key       string
		}{
			{"an administrator", 800, s.key},
			{"another", 800, s.key},
			{"who sees little of two campaigns", 550, s.newKey(t, grants, access.ScopeRead)},
			{"who sees all of two campaigns", 320, s.newKey(t, grants,
				access.ScopeRead, access.ScopeAddresses, access.ScopeBcc, access.ScopeContent)},
			{"who may not read", 50, s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeExports)},
		} {
			asked += who.documents * askings
			t.Run(who.name, func(t *testing.T) {
				t.Parallel()
				o := &operations{random: rand.New(rand.NewPCG(uint64(i), 0)), schema: schema}
				for range who.documents {
					document, variables := o.draw()
					for range askings {
						body, err := json.Marshal(map[string]any{"query": document, "variables": variables()})
						if err != nil {
							t.Fatal(err)
						}
						got, want := answerTo(t, compiled, who.key, body), answerTo(t, generated, who.key, body)
						if got != want {
							t.Fatalf("%s\nis answered\n%s\nwant\n%s", body, got, want)
						}
						o.remember(want)
					}
				}
			})
		}
	})
	lists, left := int(answers.compiled.Load()), int(answers.left.Load())
	t.Logf("%d operations: %d lists by plans, %d by the generated executor", asked, lists, left)
	if asked < 20_000 || lists < asked*7/10 || left == 0 {
		t.Errorf("%d operations, %d lists by plans, %d by the generated executor: the comparison says little", asked, lists, left)
	}
}

// answerTo is the status and the body of an answer, but for what is left to its sender. Errors come in no certain order.
func answerTo(t *testing.T, handler http.Handler, key string, body []byte) string {
	request := post(bytes.NewReader(body)).WithContext(t.Context())
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("X-Request-Id", "compared")
	request.Header.Set("Accept", "application/graphql-response+json")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	var failed struct {
		Errors []json.RawMessage
		Data   json.RawMessage
	}
	answer := recorder.Body.String()
	if err := json.Unmarshal(recorder.Body.Bytes(), &failed); err != nil {
		t.Fatalf("%s\nis answered without JSON: %v\n%s", body, err, answer)
	}
	if len(failed.Errors) > 1 {
		slices.SortFunc(failed.Errors, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
		answer = fmt.Sprintf("%s %s", failed.Errors, failed.Data)
	}
	return fmt.Sprintf("%d %s", recorder.Code, remaining.ReplaceAllString(answer, ""))
}

var remaining = regexp.MustCompile(`,"remaining":\d+`)

var sealed = regexp.MustCompile(`[cC]ursor\d*":"([\w-]+)"`)

// remember keeps a few cursors of an answer, to go on from them.
func (o *operations) remember(answer string) {
	for _, found := range sealed.FindAllStringSubmatch(answer, 3) {
		o.cursors = append(o.cursors, found[1])
	}
	o.cursors = o.cursors[max(0, len(o.cursors)-10):]
}

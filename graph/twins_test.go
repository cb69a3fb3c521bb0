package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
)

var (
	twinOperations = flag.Int("twins.operations", 2_000, "how many operations each kind of principal sends to twins")
	twinSeed       = flag.Uint64("twins.seed", 1, "the seed of the operations")
)

// The proof that nobody sees what is not theirs: two databases that are equal as far as a principal sees, and different
// in everything else, answer every operation with the same bytes, whatever an unrestricted principal records meanwhile.
func TestTwins_AnswerAlikeToViewersOfWhatTheyShare(t *testing.T) {
	t.Parallel()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL})
	everything := restriction{
		name: "unrestricted", grants: access.Grants{Unrestricted: true}, sees: func(string, string) bool { return true },
		agents: map[string][]string{"anna": {"first"}, "deleted": {"second"}},
	}
	for _, r := range append([]restriction{everything}, restrictions...) {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newTwins(t, r)
			a := newAuthor(w, schema, *twinSeed)
			lacking := func() bool {
				return len(a.missing()) > 0 || len(a.neverAnswered()) > 0 && r.name != "nothing"
			}
			if !w.compareSeldomAnswered(t, a) {
				return
			}
			recording := newWriter(t, w, *twinSeed)
			sent, begun := 0, time.Now()
			for sent < *twinOperations || sent < *twinOperations+3_000 && lacking() { // few operations leave something out, by chance
				sent++
				if a.once(12) {
					if !recording.write(t) {
						return
					}
				} else if !w.compare(t, a) {
					return
				}
				if sent%2_000 == 0 {
					w.compareNumbers(t)
					for _, s := range w.sites {
						s.statements.Reset() // or hundreds of thousands of operations fill the memory
					}
				}
			}
			t.Logf("%d operations, %.0f a second; writes: %s", sent, float64(sent)/time.Since(begun).Seconds(), recording.told())
			for _, place := range slices.Sorted(maps.Keys(a.strange)) {
				t.Errorf("there is no case for %s", place)
			}
			if missing := a.missing(); len(missing) > 0 {
				t.Errorf("never asked for: %s", strings.Join(missing, ", "))
			}
			if unseen := a.neverAnswered(); len(unseen) > 0 && r.name != "nothing" {
				t.Errorf("never answered with a value: %s", strings.Join(unseen, ", "))
			}
		})
	}
}

// Without it, the comparison could be blind: whoever sees everything does tell the twins from one another.
func TestTwins_DifferForViewersOfEverything(t *testing.T) {
	t.Parallel()
	w := newTwins(t, restrictions[0])
	a := newAuthor(w, gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL}), *twinSeed)
	everything := access.Grants{Unrestricted: true}
	keys := [2]string{w.sites[0].newKey(t, everything, scopesOfTwins[0]...), w.sites[1].newKey(t, everything, scopesOfTwins[0]...)}
	different, asked := 0, 300
	for range asked {
		kind, document, variables := a.operation()
		if kind != "query" {
			continue
		}
		body := must(json.Marshal(map[string]any{"query": document, "variables": variables}))
		var answers [2]string
		for i, s := range w.sites {
			_, answers[i] = w.ask(t, s, keys[i], body)
		}
		if answers[0] != answers[1] {
			different++
		}
	}
	t.Logf("%d of %d answers differ", different, asked)
	if different < asked/5 {
		t.Errorf("%d of %d answers differ: the twins are too much alike", different, asked)
	}
}

// compare sends one operation to both, and says whether they answer alike.
func (w *twins) compare(t *testing.T, a *author) bool {
	t.Helper()
	kind, document, variables := a.operation()
	key := a.pick(w.keys...)
	if a.once(2) {
		key = w.keys[0]
	}
	_, alike := w.compareAnswers(t, a, kind, key, payload(document, variables))
	return alike
}

// compareAnswers sends an operation to both with a key, gives the answer, and says whether they answer alike.
func (w *twins) compareAnswers(t *testing.T, a *author, kind, key string, body []byte) (string, bool) {
	t.Helper()
	var answers [2]string
	for i, s := range w.sites {
		if kind == "subscription" {
			answers[i] = w.follow(t, s, key, body)
		} else {
			_, answers[i] = w.ask(t, s, key, body)
		}
	}
	if answers[0] != answers[1] {
		t.Errorf("%s\nwith the scopes %v is answered\n%s\nand by the twin\n%s", body, scopesOfTwins[slices.Index(w.keys, key)], answers[0], answers[1])
	}
	for _, found := range valued.FindAllStringSubmatch(answers[0], -1) {
		a.answered[found[1]] = true
	}
	_, answer, _ := strings.Cut(answers[0], "\n")
	a.remember(answer)
	return answer, answers[0] == answers[1]
}

// ask gives the status, and all of the answer: the headers too. Errors come in no certain order, so they are sorted;
// nothing else is changed.
func (w *twins) ask(t *testing.T, s *site, key string, body []byte) (int, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, w.request(t.Context(), key, body))
	return recorder.Code, fmt.Sprint(recorder.Code, " ", recorder.Header(), "\n", sorted(recorder.Body.String()))
}

func (w *twins) request(ctx context.Context, key string, body []byte) *http.Request {
	request := post(bytes.NewReader(body)).WithContext(ctx)
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("X-Request-Id", "compared")
	return request
}

func sorted(answer string) string {
	var failed struct {
		Errors     []json.RawMessage `json:"errors"`
		Data       json.RawMessage   `json:"data"`
		Extensions json.RawMessage   `json:"extensions"`
	}
	if json.Unmarshal([]byte(answer), &failed) != nil || len(failed.Errors) < 2 {
		return answer
	}
	slices.SortFunc(failed.Errors, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	return fmt.Sprintf("%s %s %s", failed.Errors, failed.Data, failed.Extensions)
}

// follow gives what a subscription says first.
func (w *twins) follow(t *testing.T, s *site, key string, body []byte) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heard := &firstWord{ResponseRecorder: httptest.NewRecorder(), heard: cancel}
	request := w.request(ctx, key, body)
	request.Header.Set("Accept", "text/event-stream")
	s.ServeHTTP(heard, request)
	said, _, _ := strings.Cut(heard.Body.String(), "event: complete")
	return said
}

// firstWord hangs up once it has heard something.
type firstWord struct {
	*httptest.ResponseRecorder
	heard func()
}

func (f *firstWord) Write(part []byte) (int, error) {
	if bytes.Contains(part, []byte("event: next")) {
		defer f.heard()
	}
	return f.ResponseRecorder.Write(part)
}

// valued finds the keys of an answer that have a value.
var valued = regexp.MustCompile(`"(\w+?)(?:_\d+)?":(?:[^n\[]|\[[^\]])`)

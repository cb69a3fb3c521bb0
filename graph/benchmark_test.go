package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/sample"
)

// The whole way of a page but the network, by plans and by the generated executor.
func BenchmarkPage(b *testing.B) {
	s := newEmptySite(b, graph.Config{})
	if _, err := sample.Load(b.Context(), s.database.Pool, sample.Config{Contacts: 20_000, Months: 2, Seed: 1, Until: now}, nil); err != nil {
		b.Fatal(err)
	}
	s.refresh(b)
	generated := graph.NewHandlerWith(s.config)
	b.Cleanup(generated.Close)
	for name, document := range map[string]string{
		"full": `{contacts(` + march + `) {nodes {
			id externalId type status startedAt sourceAddress destinationAddress ccAddresses ticketId ivrTime ringTime agentTalkTime talkTime hangupParty
			campaign {id name} agent {id name deletedAt} queue {id name} classifier {id name} record {id externalId significantField {name value}}
			ivrSteps {position name kind choice enteredAt leftAt duration}} pageInfo {hasNextPage endCursor}}}`,
		"lean": `{contacts(` + march + `) {nodes {externalId startedAt status} pageInfo {hasNextPage endCursor}}}`,
	} {
		body, err := json.Marshal(map[string]any{"query": document})
		if err != nil {
			b.Fatal(err)
		}
		for way, handler := range map[string]http.Handler{"compiled": s.Handler, "generated": generated} {
			b.Run(name+" "+way, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					request := post(bytes.NewReader(body)).WithContext(b.Context())
					request.Header.Set("Authorization", "Bearer "+s.key)
					recorder := httptest.NewRecorder()
					handler.ServeHTTP(recorder, request)
					if recorder.Code != http.StatusOK || !bytes.HasPrefix(recorder.Body.Bytes(), []byte(`{"data"`)) {
						b.Fatal(recorder.Body)
					}
				}
			})
		}
	}
}

package transport_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kontakty/kontakty/graph/transport"
)

// Clients that offer JSON beside an event stream are answered with JSON, whatever its weight.
func ExampleIsStream() {
	request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	for _, accept := range []string{"text/event-stream", "text/event-stream, application/json;q=0.1", "text/event-stream, application/json;q=0"} {
		request.Header.Set("Accept", accept)
		fmt.Println(transport.IsStream(request), accept)
	}
	// Output:
	// true text/event-stream
	// false text/event-stream, application/json;q=0.1
	// true text/event-stream, application/json;q=0
}

func TestIsStream_IsWhatTheTransportsAnswer(t *testing.T) {
	t.Parallel()
	upgrade := http.Header{"Connection": {"keep-alive, Upgrade"}, "Upgrade": {"WebSocket"}}
	for name, c := range map[string]struct {
		method string
		header http.Header
		want   bool
	}{
		"an event stream":                 {http.MethodPost, http.Header{"Accept": {"text/event-stream"}}, true},
		"events where JSON is refused":    {http.MethodPost, http.Header{"Accept": {"text/event-stream, application/json;q=0"}}, true},
		"events or JSON":                  {http.MethodPost, http.Header{"Accept": {"text/event-stream", "application/json"}}, false},
		"events that are refused":         {http.MethodPost, http.Header{"Accept": {"text/event-stream;q=0"}}, false},
		"a link that accepts events":      {http.MethodGet, http.Header{"Accept": {"text/event-stream"}}, false},
		"a WebSocket":                     {http.MethodGet, upgrade, true},
		"an upgrade without a connection": {http.MethodGet, http.Header{"Upgrade": {"websocket"}}, false},
		"a POST":                          {http.MethodPost, nil, false},
	} {
		request := httptest.NewRequest(c.method, "/graphql", nil)
		request.Header = c.header.Clone()
		if got := transport.IsStream(request); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

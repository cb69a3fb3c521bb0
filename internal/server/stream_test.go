package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
)

// The request timeout is for what is answered once. Who names JSON only to refuse it is answered by a stream.
func TestStream_OutlivesTheRequestTimeout(t *testing.T) {
	t.Parallel()
	const timeout = time.Second
	database := pgtest.New(t)
	config := configFor(t, database.URL)
	config.RequestTimeout, config.NoWorker = timeout, true
	m, key := started(t, config, slog.New(slog.DiscardHandler)), allowed(t, database.Pool)
	order := answer{code: "TIMEOUT"}
	for order.code == "TIMEOUT" { // on a slow machine the order may not be in time
		order = say(t, m, key, `mutation { exportContacts(input: {filter: {period: {preset: TODAY}}}) { download { id } } }`, nil)
	}
	node := strings.Split(order.content, `"`)[9]
	response := send(t, key, http.MethodPost, m.URL()+"/graphql", http.Header{
		"Content-Type": {"application/json"}, "Accept": {"text/event-stream, application/json;q=0"}, "Accept-Encoding": {"gzip"},
	}, strings.NewReader(`{"query": "subscription { downloadUpdated(id: \"`+node+`\") { state } }"}`))
	defer response.Body.Close()
	if media, encoding := response.Header.Get("Content-Type"), response.Header.Get("Content-Encoding"); media != "text/event-stream" || encoding != "" {
		t.Fatalf("answered with %q, encoded %q: %s", media, encoding, order.content)
	}
	defer time.AfterFunc(2*timeout, func() {
		_, _ = database.Pool.Exec(context.Background(), `UPDATE downloads SET state = 'CANCELLED', finished_at = now()`)
	}).Stop()
	heard, _ := io.ReadAll(response.Body)
	if text := string(heard); !strings.Contains(text, `"CANCELLED"`) || !strings.HasSuffix(text, "event: complete\ndata:\n\n") {
		t.Errorf("the stream was cut: %q", text)
	}
}

// Package tracingtest is a collector of OpenTelemetry for tests.
package tracingtest

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector takes spans by OTLP over HTTP and keeps them. It is safe for use by many goroutines.
type Collector struct {
	// URL is what OTEL_EXPORTER_OTLP_ENDPOINT names it by.
	URL string

	mu    sync.Mutex
	sent  bytes.Buffer
	spans []Span
}

// Span is what was sent of a span.
type Span struct {
	// Name and Kind are as OpenTelemetry has them, the kind without its prefix.
	Name, Kind string
	// Trace, ID and Parent are in hexadecimal digits, Parent "" of the first of a trace; Links are the traces linked to.
	Trace, ID, Parent string
	Links             []string
	// Attributes are in the form that a person reads.
	Attributes map[string]string
	// Failed says whether its status is an error.
	Failed bool
}

// New is a collector that listens until the test ends.
func New(t *testing.T) *Collector {
	t.Helper()
	c := &Collector{}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

// ServeHTTP takes spans.
func (c *Collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var request collector.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &request) != nil {
		http.Error(w, "no spans", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, values := range r.Header {
		c.sent.WriteString(name + ": " + strings.Join(values, ", ") + "\n")
	}
	c.sent.Write(body)
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, span := range scope.Spans {
				c.spans = append(c.spans, spanOf(span, resource.Resource.Attributes))
			}
		}
	}
}

// spanOf is a span with the attributes of its process, too.
func spanOf(span *trace.Span, process []*common.KeyValue) Span {
	s := Span{
		Name: span.Name, Kind: strings.TrimPrefix(span.Kind.String(), "SPAN_KIND_"), Attributes: map[string]string{},
		Trace: hex.EncodeToString(span.TraceId), ID: hex.EncodeToString(span.SpanId), Parent: hex.EncodeToString(span.ParentSpanId),
		Failed: span.Status.GetCode() == trace.Status_STATUS_CODE_ERROR,
	}
	for _, attributes := range [][]*common.KeyValue{process, span.Attributes} {
		for _, attribute := range attributes {
			_, value, _ := strings.Cut(attribute.Value.String(), ":")
			s.Attributes[attribute.Key] = strings.Trim(value, `"`)
		}
	}
	for _, link := range span.Links {
		s.Links = append(s.Links, hex.EncodeToString(link.TraceId))
	}
	return s
}

// Spans are those that were sent until now.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// Sent is all that was sent until now, headers and bodies, as it was on the wire.
func (c *Collector) Sent() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.sent.Bytes())
}

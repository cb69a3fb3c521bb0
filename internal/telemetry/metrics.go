package telemetry

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are what /metrics tells Prometheus. They are safe for use by many goroutines.
type Metrics struct {
	registry *prometheus.Registry
	serving
	database
	files
	ingest
	directory
	access
	storage
	sources
	feed
}

// The bounds of durations, in seconds: of what is answered, and of what goes on in the background.
var (
	answerBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60}
	fileBuckets   = []float64{.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600}
)

// NewMetrics are those of a process of a version of this program.
func NewMetrics(version string) *Metrics {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	in := promauto.With(registry)
	in.NewGaugeVec(prometheus.GaugeOpts{
		Name: "kontakty_build_info", Help: "1 for the version, the commit and the Go that this process was built with.",
	}, []string{"version", "commit", "go"}).WithLabelValues(version, commit(), runtime.Version()).Set(1)
	return &Metrics{
		registry: registry, serving: newServing(in), database: newDatabase(in), files: newFiles(in), ingest: newIngest(in), sources: newSources(in),
		directory: newDirectory(in), access: newAccess(in), storage: newStorage(registry), feed: newFeed(in),
	}
}

// commit is that of the source the program was built from, "unknown" where the build did not note it.
func commit() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				return setting.Value
			}
		}
	}
	return "unknown"
}

// Handler answers /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// serving are the metrics of requests.
type serving struct {
	requests, operations *prometheus.HistogramVec
	operationErrors      *prometheus.CounterVec
	rateLimited          prometheus.Counter
}

func newServing(in promauto.Factory) serving {
	return serving{
		requests: in.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kontakty_http_request_duration_seconds",
			Help:    "Time from the first byte of a request to the last of its answer, by route and status code.",
			Buckets: answerBuckets,
		}, []string{"route", "code"}),
		operations: in.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kontakty_operation_duration_seconds",
			Help:    "Time that a GraphQL operation took, by the field of Query or Mutation that it asks for; several, other where it was refused before that is known. Subscriptions are not in it.",
			Buckets: answerBuckets,
		}, []string{"operation"}),
		operationErrors: in.NewCounterVec(prometheus.CounterOpts{
			Name: "kontakty_operation_errors_total", Help: "GraphQL operations whose answer had an error, by the gravest code in it; HTTP says 200 of most.",
		}, []string{"operation", "code"}),
		rateLimited: in.NewCounter(prometheus.CounterOpts{
			Name: "kontakty_rate_limited_total", Help: "GraphQL operations that were refused with RATE_LIMITED.",
		}),
	}
}

// Request notes a request that was answered.
func (s *serving) Request(route string, status int, took time.Duration) {
	s.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Operation notes an operation and the gravest code of its errors, "" for none. One that lasts as long as its client likes has
// no time.
func (s *serving) Operation(name, code string, took time.Duration, lasting bool) {
	if !lasting {
		s.operations.WithLabelValues(name).Observe(took.Seconds())
	}
	switch code {
	case "":
	case "RATE_LIMITED":
		s.rateLimited.Inc()
		fallthrough
	default:
		s.operationErrors.WithLabelValues(name, code).Inc()
	}
}

// access are the metrics of recognising callers and of the audit log.
type access struct {
	failures      *prometheus.CounterVec
	auditFailures prometheus.Counter
}

func newAccess(in promauto.Factory) access {
	return access{
		failures: in.NewCounterVec(prometheus.CounterOpts{
			Name: "kontakty_auth_failures_total", Help: "Requests whose credentials were not taken, by why: missing, wrong, mistyped, expired, revoked, limited (too many wrong ones came from there), unavailable (they could not be checked).",
		}, []string{"reason"}),
		auditFailures: in.NewCounter(prometheus.CounterOpts{
			Name: "kontakty_audit_write_failures_total", Help: "Entries of the audit log that could not be written; what they tell of was not given out, or did not happen.",
		}),
	}
}

// AuthFailure notes that credentials were not taken.
func (a *access) AuthFailure(reason string) { a.failures.WithLabelValues(reason).Inc() }

// AuditFailure notes that an entry of the audit log could not be written.
func (a *access) AuditFailure() { a.auditFailures.Inc() }

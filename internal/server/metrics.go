package server

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is what /metrics tells Prometheus.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kontakty_http_request_duration_seconds",
			Help:    "Time from the first byte of a request to the last of its answer, by route and status code.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60},
		}, []string{"route", "code"}),
	}
	m.registry.MustRegister(m.requests,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// watchPool adds the figures of a pool of database connections.
func (m *metrics) watchPool(name string, pool *pgxpool.Pool) {
	m.registry.MustRegister(&poolCollector{pool: pool, labels: prometheus.Labels{"pool": name}})
}

// poolCollector reads a pool's figures when they are asked for.
type poolCollector struct {
	pool   *pgxpool.Pool
	labels prometheus.Labels
}

// Describe says nothing, which makes the collector an unchecked one: Collect describes what it sends.
func (c *poolCollector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the figures.
func (c *poolCollector) Collect(out chan<- prometheus.Metric) {
	stat := c.pool.Stat()
	send := func(name, help string, kind prometheus.ValueType, value float64) {
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc("kontakty_database_"+name, help, nil, c.labels), kind, value)
	}
	send("connections", "Connections open now.", prometheus.GaugeValue, float64(stat.TotalConns()))
	send("connections_max", "Connections that may be open at once.", prometheus.GaugeValue, float64(stat.MaxConns()))
	send("connections_busy", "Connections in use now.", prometheus.GaugeValue, float64(stat.AcquiredConns()))
	send("connection_waits_total", "Times that a request had to wait for a connection.", prometheus.CounterValue, float64(stat.EmptyAcquireCount()))
	send("connection_wait_seconds_total", "Time spent waiting for a connection.", prometheus.CounterValue, stat.AcquireDuration().Seconds())
}

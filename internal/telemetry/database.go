package telemetry

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/kontakty/kontakty/internal/statement"
)

// primary is the server that statements run on.
const primary = "primary"

// slow is how long a statement may take without a line in the log.
const slow = time.Second

// database are the metrics of statements.
type database struct {
	statements *prometheus.HistogramVec
	up         *prometheus.GaugeVec
	listening  *prometheus.GaugeVec
	lockWait   *prometheus.GaugeVec
	restarts   prometheus.Counter
}

func newDatabase(in promauto.Factory) database {
	return database{
		statements: in.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kontakty_database_statement_duration_seconds",
			Help:    "Time from when a statement was sent to when its last row was read, by what it is for. Of kind write it is the whole of a call that records contacts, of kind chunk a chunk of an import.",
			Buckets: answerBuckets,
		}, []string{"kind", "server"}),
		up: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_database_up", Help: "1 if the figures that are read from the database every 15 s could be read the last time; where 0, they are those of before.",
		}, nil),
		listening: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_listen_connected", Help: "1 while notifications of the channel are listened to.",
		}, []string{"channel"}),
		lockWait: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_write_lock_wait_seconds", Help: "How long the writer has waited that waits longest for others now, in any process; 0 if none waits.",
		}, nil),
		restarts: in.NewCounter(prometheus.CounterOpts{
			Name: "kontakty_postgres_restarts_total", Help: "Times that this process had to start the private PostgreSQL again because it had ended.",
		}),
	}
}

// PostgresRestarted notes that the private PostgreSQL had to be started again.
func (d *database) PostgresRestarted() { d.restarts.Inc() }

// Statement notes how long statements of a kind took.
func (d *database) Statement(kind statement.Kind, took time.Duration) {
	d.statements.WithLabelValues(string(kind), primary).Observe(took.Seconds())
}

// DatabaseUp notes whether the database could be read.
func (d *database) DatabaseUp(up bool) { d.up.WithLabelValues().Set(oneIf(up)) }

// Listening notes whether a channel is listened to.
func (d *database) Listening(channel string, connected bool) {
	d.listening.WithLabelValues(channel).Set(oneIf(connected))
}

// LockWait notes how long the writer has waited that waits longest.
func (d *database) LockWait(longest time.Duration) {
	d.lockWait.WithLabelValues().Set(longest.Seconds())
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// Tracer watches the statements of a pool, of which those that nobody marked are of a kind. Slow ones it tells the log, without
// their text.
func (m *Metrics) Tracer(kind statement.Kind, log *slog.Logger) pgx.QueryTracer {
	return &statementTracer{database: &m.database, kind: kind, log: log}
}

// statementTracer sees the statements of a pool.
type statementTracer struct {
	database *database
	kind     statement.Kind
	log      *slog.Logger
}

type begunKey struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (t *statementTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, begunKey{}, time.Now())
}

// TraceQueryEnd implements pgx.QueryTracer.
func (t *statementTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	begun, known := ctx.Value(begunKey{}).(time.Time)
	if !known {
		return
	}
	took, kind := time.Since(begun), statement.KindOf(ctx)
	if kind == "" {
		kind = t.kind
	}
	t.database.Statement(kind, took)
	rows, failed := data.CommandTag.RowsAffected(), data.Err != nil
	if took >= slow {
		t.log.LogAttrs(ctx, slog.LevelInfo, "a statement was slow", slog.String("kind", string(kind)),
			slog.Int64("ms", took.Milliseconds()), slog.Int64("rows", rows), slog.Bool("failed", failed))
	}
}

// WatchPools adds the figures of pools of connections, by their names.
func (m *Metrics) WatchPools(pools map[string]*pgxpool.Pool) {
	m.registry.MustRegister(poolCollector(pools))
}

// poolCollector reads the figures of pools when they are asked for.
type poolCollector map[string]*pgxpool.Pool

// poolFigures are what is told of each pool.
var poolFigures = []struct {
	description *prometheus.Desc
	kind        prometheus.ValueType
	of          func(*pgxpool.Stat) float64
}{
	{poolFigure("connections", "Connections open now."), prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.TotalConns()) }},
	{poolFigure("connections_max", "Connections that may be open at once."), prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.MaxConns()) }},
	{poolFigure("connections_busy", "Connections in use now."), prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) }},
	{poolFigure("connection_waits_total", "Times that a request had to wait for a connection."), prometheus.CounterValue, func(s *pgxpool.Stat) float64 { return float64(s.EmptyAcquireCount()) }},
	{poolFigure("connection_wait_seconds_total", "Time spent waiting for a connection."), prometheus.CounterValue, func(s *pgxpool.Stat) float64 { return s.AcquireDuration().Seconds() }},
}

func poolFigure(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("kontakty_database_"+name, help, []string{"pool"}, nil)
}

// Describe implements prometheus.Collector.
func (c poolCollector) Describe(out chan<- *prometheus.Desc) {
	for _, figure := range poolFigures {
		out <- figure.description
	}
}

// Collect implements prometheus.Collector.
func (c poolCollector) Collect(out chan<- prometheus.Metric) {
	for name, pool := range c {
		stat := pool.Stat()
		for _, figure := range poolFigures {
			out <- prometheus.MustNewConstMetric(figure.description, figure.kind, figure.of(stat), name)
		}
	}
}

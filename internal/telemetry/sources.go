package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// sources are the metrics of telephone systems whose records are taken.
type sources struct {
	rows, errors, lag *prometheus.GaugeVec
}

func newSources(in promauto.Factory) sources {
	return sources{
		rows: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_source_rows", Help: "Rows that were read of a telephone system, by any process, every 15 s.",
		}, []string{"source"}),
		errors: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_source_errors", Help: "How often reading a telephone system failed, in any process, every 15 s.",
		}, []string{"source"}),
		lag: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_source_lag_seconds", Help: "How far the follower of a telephone system is behind, every 15 s; absent where it never had one.",
		}, []string{"source"}),
	}
}

// Source notes how a telephone system stands; lag is nil if it never had a follower.
func (s *sources) Source(name string, rows, errors int64, lag *time.Duration) {
	s.rows.WithLabelValues(name).Set(float64(rows))
	s.errors.WithLabelValues(name).Set(float64(errors))
	if lag != nil {
		s.lag.WithLabelValues(name).Set(lag.Seconds())
	}
}

package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// feed are the metrics of the log of changes.
type feed struct{ position, kept, lag *prometheus.GaugeVec }

func newFeed(in promauto.Factory) feed {
	return feed{
		position: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_feed_position", Help: "The highest position of a change of contacts.",
		}, nil),
		kept: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_feed_kept_seconds", Help: "How old the oldest change of contacts is that is kept.",
		}, nil),
		lag: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_feed_lag_seconds", Help: "How long the change has waited for its position that waits longest, 0 if none waits.",
		}, nil),
	}
}

// Feed notes how the log of changes stands.
func (f *feed) Feed(position int64, kept, lag time.Duration) {
	f.position.WithLabelValues().Set(float64(position))
	f.kept.WithLabelValues().Set(kept.Seconds())
	f.lag.WithLabelValues().Set(lag.Seconds())
}

package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// files are the metrics of the files that are ordered.
type files struct {
	downloads    *prometheus.GaugeVec
	oldestQueued *prometheus.GaugeVec
	fileDuration prometheus.Histogram
	fileLines    prometheus.Counter
	filesFailed  *prometheus.CounterVec
}

func newFiles(in promauto.Factory) files {
	return files{
		downloads: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_downloads", Help: "Files that wait or are made now, in all processes, by state.",
		}, []string{"state"}),
		oldestQueued: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_downloads_oldest_queued_seconds", Help: "How long the file has waited that waits longest, 0 if none waits.",
		}, nil),
		fileDuration: in.NewHistogram(prometheus.HistogramOpts{
			Name: "kontakty_downloads_duration_seconds", Help: "Time that this process took to make a file, of those that are READY.", Buckets: fileBuckets,
		}),
		fileLines: in.NewCounter(prometheus.CounterOpts{
			Name: "kontakty_downloads_rows_total", Help: "Lines of the files that this process made.",
		}),
		filesFailed: in.NewCounterVec(prometheus.CounterOpts{
			Name: "kontakty_downloads_failed_total", Help: "Tries of this process to make a file that failed, by the code that its owner is told in the end.",
		}, []string{"code"}),
	}
}

// Queue notes how many files wait and are made, and for how long the oldest has waited.
func (f *files) Queue(queued, running int, oldest time.Duration) {
	f.downloads.WithLabelValues("QUEUED").Set(float64(queued))
	f.downloads.WithLabelValues("RUNNING").Set(float64(running))
	f.oldestQueued.WithLabelValues().Set(oldest.Seconds())
}

// FileMade notes a file that is READY.
func (f *files) FileMade(lines int, took time.Duration) {
	f.fileDuration.Observe(took.Seconds())
	f.fileLines.Add(float64(lines))
}

// FileFailed notes a try that failed.
func (f *files) FileFailed(code string) { f.filesFailed.WithLabelValues(code).Inc() }

// ingest are the metrics of contacts that come in.
type ingest struct {
	recorded, lines *prometheus.CounterVec
	newest          *prometheus.GaugeVec
	monthsAhead     *prometheus.GaugeVec
}

func newIngest(in promauto.Factory) ingest {
	return ingest{
		recorded: in.NewCounterVec(prometheus.CounterOpts{
			Name: "kontakty_recorded_contacts_total", Help: "Contacts that came over the API, by what became of them: recorded, replaced, unchanged, stale, skipped.",
		}, []string{"result"}),
		lines: in.NewCounterVec(prometheus.CounterOpts{
			Name: "kontakty_import_lines_total", Help: "Lines that this import has dealt with, by what became of them: landed, skipped.",
		}, []string{"result"}),
		newest: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_contacts_newest_seconds", Help: "How long ago the newest contact started; where none did in this month and the one before, the time since the beginning of that.",
		}, nil),
		monthsAhead: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_partition_months_ahead", Help: "For how many months after this one, without a gap, there are tables of contacts.",
		}, nil),
	}
}

// Recorded notes what became of contacts that came over the API.
func (i *ingest) Recorded(recorded, replaced, unchanged, stale, skipped int) {
	for result, count := range map[string]int{
		"recorded": recorded, "replaced": replaced, "unchanged": unchanged, "stale": stale, "skipped": skipped,
	} {
		i.recorded.WithLabelValues(result).Add(float64(count))
	}
}

// ImportLines notes lines that an import dealt with.
func (i *ingest) ImportLines(landed, skipped int) {
	i.lines.WithLabelValues("landed").Add(float64(landed))
	i.lines.WithLabelValues("skipped").Add(float64(skipped))
}

// Contacts notes how long ago the newest contact started, and for how many months to come there are tables.
func (i *ingest) Contacts(newest time.Duration, monthsAhead int) {
	i.newest.WithLabelValues().Set(newest.Seconds())
	i.monthsAhead.WithLabelValues().Set(float64(monthsAhead))
}

// directory are the metrics of the small things that are held in memory.
type directory struct {
	refreshes prometheus.Histogram
	things    *prometheus.GaugeVec
}

func newDirectory(in promauto.Factory) directory {
	return directory{
		refreshes: in.NewHistogram(prometheus.HistogramOpts{
			Name: "kontakty_directory_refresh_seconds", Help: "Time that it took to read again what changed of agents, campaigns and the like.", Buckets: answerBuckets,
		}),
		things: in.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kontakty_directory_things", Help: "Agents, campaigns and the like that are held in memory, by kind.",
		}, []string{"kind"}),
	}
}

// Refreshed notes that the directory was read again, and what it holds.
func (d *directory) Refreshed(took time.Duration, things map[string]int) {
	d.refreshes.Observe(took.Seconds())
	for kind, count := range things {
		d.things.WithLabelValues(kind).Set(float64(count))
	}
}

package telemetry

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kontakty/kontakty/internal/disk"
)

// storage are the metrics of the disks that a process writes to, read when they are asked for.
type storage struct{ watched *watchedStorage }

type watchedStorage struct {
	mu    sync.Mutex
	paths map[string]string
}

var (
	storageFree = prometheus.NewDesc("kontakty_storage_free_bytes", "Room that is left where this process keeps things, by what: data (the data directory), files (those made).", []string{"what"}, nil)
	storageSize = prometheus.NewDesc("kontakty_storage_size_bytes", "Room that there is in all where this process keeps things, by what.", []string{"what"}, nil)
)

func newStorage(registry *prometheus.Registry) storage {
	watched := &watchedStorage{paths: map[string]string{}}
	registry.MustRegister(watched)
	return storage{watched}
}

// WatchStorage tells how much room is left where a directory lies, under a name.
func (s *storage) WatchStorage(what, directory string) {
	s.watched.mu.Lock()
	defer s.watched.mu.Unlock()
	s.watched.paths[what] = directory
}

// Describe implements prometheus.Collector.
func (w *watchedStorage) Describe(out chan<- *prometheus.Desc) {
	out <- storageFree
	out <- storageSize
}

// Collect implements prometheus.Collector. What cannot be looked at is left out.
func (w *watchedStorage) Collect(out chan<- prometheus.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for what, directory := range w.paths {
		room, err := disk.Of(directory)
		if err != nil {
			continue
		}
		out <- prometheus.MustNewConstMetric(storageFree, prometheus.GaugeValue, float64(room.Free), what)
		out <- prometheus.MustNewConstMetric(storageSize, prometheus.GaugeValue, float64(room.Size), what)
	}
}

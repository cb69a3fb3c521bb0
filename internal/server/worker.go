package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/kontakty/kontakty/internal/postgres"
)

// Worker is a process that makes files and answers nothing.
type Worker struct{ backend backend }

// NewWorker gives a worker that is not started yet; now is its clock.
func NewWorker(config Config, log *slog.Logger, now func() time.Time) *Worker {
	return &Worker{backend: newBackend(config, log, now)}
}

// Run starts to make files and returns. After an error, Close still has to be called.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.backend.open(ctx); err != nil {
		return err
	}
	if err := w.backend.openFiles(ctx); err != nil {
		return err
	}
	if w.backend.metricsServer != nil {
		w.backend.watchWork(map[string]*postgres.Pool{"files": w.backend.files, "work": w.backend.work, "access": w.backend.principals.pool})
	}
	return nil
}

// Failed delivers the reason if the worker cannot go on: its private PostgreSQL does not stay up.
func (w *Worker) Failed() <-chan error { return w.backend.failed }

// Close hands the files in work to other processes and gives everything up, the database last.
func (w *Worker) Close() error {
	return errors.Join(w.backend.handOver(), w.backend.close())
}

package server

import (
	"log/slog"
	"net/http"
	"time"
)

// MaxAnswerTime is the deadline of a connection for an answer, or for each part of a file.
const MaxAnswerTime = 30 * time.Second

// The other bounds of a connection: a slow or silent client never holds one for longer.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
)

func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      MaxAnswerTime,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// withDeadlinePerPart gives a long answer a deadline for each part instead of one for the whole: a large file may take
// minutes as long as the client keeps reading.
func withDeadlinePerPart(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&deadlineWriter{ResponseWriter: w, control: http.NewResponseController(w)}, r)
	})
}

type deadlineWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (d *deadlineWriter) Write(part []byte) (int, error) {
	// A connection without deadlines, as in tests, simply has none.
	_ = d.control.SetWriteDeadline(time.Now().Add(MaxAnswerTime))
	return d.ResponseWriter.Write(part)
}

func (d *deadlineWriter) Unwrap() http.ResponseWriter { return d.ResponseWriter }

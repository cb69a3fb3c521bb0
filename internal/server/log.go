package server

import (
	"context"
	"log/slog"
)

// warnings is a log for a part that has much to say: of that only warnings and errors are kept.
func warnings(log *slog.Logger) *slog.Logger {
	return slog.New(warningHandler{log.Handler()})
}

type warningHandler struct{ slog.Handler }

// Enabled leaves out everything below a warning.
func (h warningHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the level.
func (h warningHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warningHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the level.
func (h warningHandler) WithGroup(name string) slog.Handler {
	return warningHandler{h.Handler.WithGroup(name)}
}

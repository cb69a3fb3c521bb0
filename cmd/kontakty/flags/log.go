package flags

import (
	"fmt"
	"io"
	"log/slog"
)

// Log say how a process that runs on and on tells what happens.
type Log struct {
	LogFormat string `name:"log-format" env:"KONTAKTY_LOG_FORMAT" default:"text" placeholder:"text|json" help:"Form of the log on standard error (default: ${default})."`
}

// Check reads the form.
func (f *Log) Check(wrong *Faults) {
	if f.LogFormat != "text" && f.LogFormat != "json" {
		wrong.Add("--log-format", fmt.Sprintf("%q is no form of log", f.LogFormat), "write text or json")
	}
}

// NewLog gives the log of a process. Nothing in it tells what callers ask for.
func (f *Log) NewLog(w io.Writer) *slog.Logger {
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

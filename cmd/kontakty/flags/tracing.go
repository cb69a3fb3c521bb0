package flags

import "github.com/kontakty/kontakty/internal/tracing"

// Tracing says whether spans are sent, by the variables that all programs with OpenTelemetry read: it has no flags.
type Tracing struct {
	traces bool
}

// Check reads the environment.
func (f *Tracing) Check(wrong *Faults) { f.traces = tracing.Asked(wrong.Add) }

// Traces says whether spans are sent.
func (f *Tracing) Traces() bool { return f.traces }

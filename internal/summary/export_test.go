package summary

import "github.com/kontakty/kontakty/internal/report/plan"

// Levels are the service levels that are asked for.
func (w *Wanted) Levels() []plan.Level { return w.levels }

// Percentiles are the durations whose percentiles are asked for.
func (w *Wanted) Percentiles() []plan.Duration { return w.percentiles }

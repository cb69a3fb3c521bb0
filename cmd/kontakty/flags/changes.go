package flags

import "time"

// Changes say how long changes of contacts are kept.
type Changes struct {
	ChangesKept Span `name:"changes-kept" env:"KONTAKTY_CHANGES_KEPT" default:"7d" placeholder:"TIME" help:"How long changes of contacts are kept for whoever keeps a copy, from 1d to 30d (default: ${default}). Every process on a database needs the same one."`

	kept time.Duration
}

// Check reads the time.
func (f *Changes) Check(wrong *Faults) {
	const day = 24 * time.Hour
	f.kept = f.ChangesKept.Read(wrong, "--changes-kept", day, 30*day)
}

// Kept is how long.
func (f *Changes) Kept() time.Duration { return f.kept }

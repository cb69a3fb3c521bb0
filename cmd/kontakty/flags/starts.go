package flags

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
)

// Starts say when contacts may start.
type Starts struct {
	OldestContact string `name:"oldest-contact" env:"KONTAKTY_OLDEST_CONTACT" default:"2000-01-01" placeholder:"DATE" help:"Take no contact that started before this day (UTC); none is taken that starts more than a year ahead (default: ${default})."`

	oldest time.Time
}

// Check reads the day.
func (f *Starts) Check(wrong *Faults) {
	oldest, err := time.Parse(time.DateOnly, f.OldestContact)
	if err != nil || oldest.Year() < 1990 || oldest.Year() > 2100 {
		wrong.Add("--oldest-contact", fmt.Sprintf("%q is not a day of the years 1990 to 2100", f.OldestContact), "write for example "+ingest.DefaultOldest.Format(time.DateOnly))
	}
	f.oldest = oldest
}

// Oldest is the first instant that a contact may start at.
func (f *Starts) Oldest() time.Time { return f.oldest }

package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/months"
)

// DefaultOldest is the first instant that a contact may start at unless an operator says otherwise.
var DefaultOldest = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// MaxNewMonths is how many months that hold nothing yet one call of Record may begin.
const MaxNewMonths = 24

// Starts bounds when contacts may start. Each month of a start makes tables of its own, which planning and locking pay for
// in every statement that names them all, so a wrong clock or a birthday in the place of a start must not make any.
type Starts struct {
	// Oldest is the first instant that a contact may start at, the zero time for DefaultOldest.
	Oldest time.Time
	// Now is the clock by which a contact starts at most a year ahead, nil for the system's.
	Now func() time.Time
}

// oldest is the bound in force.
func (s Starts) oldest() time.Time {
	if s.Oldest.IsZero() {
		return DefaultOldest
	}
	return s.Oldest
}

// now is the present instant.
func (s Starts) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// reason says why a contact may not start then, empty where it may.
func (s Starts) reason(start time.Time) string {
	if oldest := s.oldest(); start.Before(oldest) {
		return fmt.Sprintf("lies before %s, the oldest start that is taken here (--oldest-contact)", oldest.Format(time.DateOnly))
	}
	if start.After(s.now().AddDate(1, 0, 0)) {
		return "lies more than a year ahead"
	}
	return ""
}

// Takes says whether a contact may start then.
func (s Starts) Takes(start time.Time) bool { return s.reason(start) == "" }

// boundNewMonths refuses contacts with some starts that would begin more than MaxNewMonths months at once. It is a
// *fault.Error then.
func boundNewMonths(ctx context.Context, tx transaction, starts []time.Time) error {
	var names []string
	for _, month := range months.Distinct(starts) {
		names = append(names, months.Table("contacts", month))
	}
	if len(names) <= MaxNewMonths {
		return nil
	}
	var missing int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM unnest($1::text[]) n (name) WHERE to_regclass(n.name) IS NULL", names).Scan(&missing); err != nil {
		return fmt.Errorf("counting the months that contacts begin: %w", err)
	}
	if missing > MaxNewMonths {
		return fault.New(fault.MonthsTooMany, "contacts", missing, MaxNewMonths)
	}
	return nil
}

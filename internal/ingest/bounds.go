package ingest

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/months"
)

// DefaultOldest is the first instant that a contact may start at unless an operator says otherwise.
var DefaultOldest = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// MaxNewMonths is how many months that hold nothing yet one call of Record may begin.
const MaxNewMonths = 24

// MaxNewThings is how many agents, campaigns, queues, classifiers and SiteCall forms, together, one call of Record may make,
// and DefaultNewThingsADay how many of each all calls make on a day unless an operator says otherwise.
const (
	MaxNewThings         = 200
	DefaultNewThingsADay = 20_000
)

// Bounds are what Record takes at most.
type Bounds struct {
	// Starts bounds when contacts may start.
	Starts Starts
	// NewThingsADay is how many agents, campaigns, queues, classifiers and SiteCall forms, each, are made on a day of UTC, 0
	// for DefaultNewThingsADay. Every process holds them all in memory, and none is removed.
	NewThingsADay int
}

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

// newThings are how many things of each kind a call makes, which is counted for the day that it makes them on.
type newThings struct {
	day   time.Time
	kinds []string
	made  []int
}

// boundNewThings refuses a call that would make more things than it may. It is a *fault.Error then. Where it makes any, the
// lock of things is held, so that no other call counts meanwhile.
func (b Bounds) boundNewThings(ctx context.Context, tx transaction, made *[dimensions][]*thing) (newThings, error) {
	n := newThings{day: b.Starts.now().UTC()}
	all := 0
	for d := range made {
		if count := len(made[d]); count > 0 {
			n.kinds, n.made = append(n.kinds, dimensionTables[d]), append(n.made, count)
			all += count
		}
	}
	switch {
	case all == 0:
		return n, nil
	case all > MaxNewThings:
		return n, fault.New(fault.ThingsTooMany, "contacts", all, MaxNewThings)
	}
	most := cmp.Or(b.NewThingsADay, DefaultNewThingsADay)
	rows, err := tx.Query(ctx, "SELECT kind, made FROM things_made WHERE day >= $1", n.day)
	if err != nil {
		return n, fmt.Errorf("counting the things that were made: %w", err)
	}
	before := map[string]int{}
	var kind string
	var count int
	if _, err := pgx.ForEachRow(rows, []any{&kind, &count}, func() error {
		before[kind] = count
		return nil
	}); err != nil {
		return n, fmt.Errorf("counting the things that were made: %w", err)
	}
	for d := range made {
		if count := len(made[d]); count > 0 && before[dimensionTables[d]]+count > most {
			return n, fault.New(fault.ThingsTooManyToday, "contacts", count, referenceFields[d], before[dimensionTables[d]], most)
		}
	}
	return n, nil
}

// queue queues what counts them.
func (n *newThings) queue(p *pipeline) {
	if n.kinds == nil {
		return
	}
	p.queue(`INSERT INTO things_made AS kept (kind, day, made) SELECT kind, $1::date, made FROM unnest($2::text[], $3::int[]) n (kind, made)
		ON CONFLICT (kind) DO UPDATE SET day = greatest(kept.day, excluded.day),
			made = excluded.made + CASE WHEN kept.day >= excluded.day THEN kept.made ELSE 0 END`, n.day, n.kinds, n.made)
}

package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

// MaxNewMonths is how many months that hold nothing yet one call of Record may begin.
const MaxNewMonths = 24

// monthOf is the beginning of the UTC month, which is a partition.
func monthOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// partition is the name that ensure_contact_partitions gives the partition of a month.
func partition(parent string, month time.Time) string { return parent + "_" + month.Format("200601") }

// boundNewMonths refuses contacts with some starts that would begin more than MaxNewMonths months at once. It is a
// *fault.Error then.
func boundNewMonths(ctx context.Context, tx transaction, starts []time.Time) error {
	seen := map[time.Time]struct{}{}
	var names []string
	for _, start := range starts {
		month := monthOf(start)
		if _, again := seen[month]; !again {
			seen[month] = struct{}{}
			names = append(names, partition("contacts", month))
		}
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

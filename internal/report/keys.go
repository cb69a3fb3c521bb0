package report

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// MaxMonths is how many months one statement may read: PostgreSQL locks the tables and indexes of each.
const MaxMonths = 24

// byMonths cuts keys into parts of at most MaxMonths months each.
func byMonths(keys []contact.Key) [][]contact.Key {
	sorted := slices.Clone(keys)
	slices.SortFunc(sorted, func(a, b contact.Key) int { return a.StartedAt.Compare(b.StartedAt) })
	var parts [][]contact.Key
	begin, months := 0, 0
	for i, key := range sorted {
		if i == 0 || plan.MonthOf(key.StartedAt) != plan.MonthOf(sorted[i-1].StartedAt) {
			months++
		}
		if months > MaxMonths {
			parts = append(parts, sorted[begin:i])
			begin, months = i, 1
		}
	}
	if begin < len(sorted) {
		parts = append(parts, sorted[begin:])
	}
	return parts
}

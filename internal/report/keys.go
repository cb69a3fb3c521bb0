package report

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/months"
)

// MaxMonths is how many months one statement may read: PostgreSQL locks the tables and indexes of each.
const MaxMonths = 24

// byMonths cuts keys into parts of at most MaxMonths months each.
func byMonths(keys []contact.Key) [][]contact.Key {
	sorted := slices.Clone(keys)
	slices.SortFunc(sorted, func(a, b contact.Key) int { return a.StartedAt.Compare(b.StartedAt) })
	var parts [][]contact.Key
	begin, count := 0, 0
	for i, key := range sorted {
		if i == 0 || months.Of(key.StartedAt) != months.Of(sorted[i-1].StartedAt) {
			count++
		}
		if count > MaxMonths {
			parts = append(parts, sorted[begin:i])
			begin, count = i, 1
		}
	}
	if begin < len(sorted) {
		parts = append(parts, sorted[begin:])
	}
	return parts
}

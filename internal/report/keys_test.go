package report

import (
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/months"
)

func TestByMonths_ReadsFewMonthsAtOnceAndEveryKey(t *testing.T) {
	t.Parallel()
	var keys []contact.Key
	for i := range 100 {
		keys = append(keys, contact.Key{StartedAt: time.Date(2020, time.January, 31, 12, 0, 0, 0, time.UTC).AddDate(0, 0, i*37%3650), ID: int64(i)})
	}
	seen := map[int64]bool{}
	for _, part := range byMonths(keys) {
		found := map[time.Time]bool{}
		for _, key := range part {
			found[months.Of(key.StartedAt)] = true
			seen[key.ID] = true
		}
		if len(found) > MaxMonths {
			t.Errorf("a part has %d months, want at most %d", len(found), MaxMonths)
		}
	}
	if len(seen) != len(keys) {
		t.Errorf("%d keys are read, want %d", len(seen), len(keys))
	}
}

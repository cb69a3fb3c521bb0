package contact

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/uptrace/bun"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// shelf is small things of one kind, by number, by the platform's key, and in the order in which people look for them.
type shelf[T any] struct {
	byID   map[int64]*T
	byKey  map[string]int64
	sorted []spine[T]
}

// spine is a thing with what it is sorted and searched by.
type spine[T any] struct {
	thing     *T
	entry     entry
	key       []byte
	searching string
}

// entry is what the lists need to know of a thing.
type entry struct {
	id      int64
	key     string
	name    string
	deleted bool
}

func agentEntry(a *Agent) entry           { return entry{a.ID, a.ExternalID, a.Name, a.DeletedAt != nil} }
func groupEntry(g *AgentGroup) entry      { return entry{g.ID, g.ExternalID, g.Name, false} }
func campaignEntry(c *Campaign) entry     { return entry{c.ID, c.ExternalID, c.Name, false} }
func queueEntry(q *Queue) entry           { return entry{q.ID, q.ExternalID, q.Name, false} }
func classifierEntry(c *Classifier) entry { return entry{c.ID, c.ExternalID, c.Name, false} }
func siteCallEntry(s *SiteCall) entry     { return entry{s.ID, s.ExternalID, s.Name, false} }

func (s *shelf[T]) load(ctx context.Context, db *bun.DB, describe func(*T) entry) error {
	var things []*T
	if err := db.NewSelect().Model(&things).Scan(ctx); err != nil {
		return fmt.Errorf("reading %T: %w", things, err)
	}
	collator, buffer := collate.New(language.Polish), new(collate.Buffer)
	s.byID = make(map[int64]*T, len(things))
	s.byKey = make(map[string]int64, len(things))
	s.sorted = make([]spine[T], len(things))
	for i, thing := range things {
		one := describe(thing)
		s.byID[one.id] = thing
		s.byKey[one.key] = one.id
		s.sorted[i] = spine[T]{
			thing: thing, entry: one, searching: fold(one.name), key: bytes.Clone(collator.KeyFromString(buffer, one.name)),
		}
		buffer.Reset()
	}
	slices.SortFunc(s.sorted, compareSpines)
	return nil
}

// numbers finds things by the platform's key.
func (s *shelf[T]) numbers(keys []string) map[string]int64 {
	found := make(map[string]int64, len(keys))
	for _, key := range keys {
		if id, ok := s.byKey[key]; ok {
			found[key] = id
		}
	}
	return found
}

// compareSpines puts deleted things last, then goes by name in Polish collation, then by number.
func compareSpines[T any](a, b spine[T]) int {
	switch {
	case a.entry.deleted != b.entry.deleted && b.entry.deleted:
		return -1
	case a.entry.deleted != b.entry.deleted:
		return 1
	default:
		return cmp.Or(bytes.Compare(a.key, b.key), cmp.Compare(a.entry.id, b.entry.id))
	}
}

// find takes what is on the shelf and asks the database for the rest: something that was made a moment ago.
func find[T any](ctx context.Context, db *bun.DB, known *shelf[T], describe func(*T) entry, ids []int64) (map[int64]*T, error) {
	found := make(map[int64]*T, len(ids))
	var missing []int64
	for _, id := range ids {
		if thing, ok := known.byID[id]; ok {
			found[id] = thing
		} else {
			missing = append(missing, id)
		}
	}
	if missing == nil {
		return found, nil
	}
	var fresh []*T
	if err := db.NewSelect().Model(&fresh).Where("id IN (?)", bun.List(missing)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("finding %T: %w", fresh, err)
	}
	for _, thing := range fresh {
		found[describe(thing).id] = thing
	}
	return found, nil
}

// fold drops case and diacritics, so that a search for "zolc" finds "Żółć".
func fold(name string) string {
	var folded strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ł':
			folded.WriteRune('l')
		default:
			folded.WriteRune(r)
		}
	}
	return folded.String()
}

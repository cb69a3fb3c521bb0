package directory

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

// index is small things of one kind, by number, by the platform's id, and in the order in which people look for them. It is
// never changed once it is made.
type index[T any] struct {
	byID         layers[int64, *indexEntry[T]]
	byExternalID layers[string, int64]
	sorted       []*indexEntry[T]
	named        layers[string, int] // how many have a name
}

// indexEntry is a thing with what it is sorted and searched by.
type indexEntry[T any] struct {
	thing     *T
	key       indexKey
	collation []byte
	searching string
}

// indexKey is what a thing is found and sorted by.
type indexKey struct {
	id         int64
	externalID string
	name       string
	deleted    bool
}

func agentKey(a *Agent) indexKey           { return indexKey{a.ID, a.ExternalID, a.Name, a.DeletedAt != nil} }
func groupKey(g *AgentGroup) indexKey      { return indexKey{g.ID, g.ExternalID, g.Name, false} }
func campaignKey(c *Campaign) indexKey     { return indexKey{c.ID, c.ExternalID, c.Name, false} }
func queueKey(q *Queue) indexKey           { return indexKey{q.ID, q.ExternalID, q.Name, false} }
func classifierKey(c *Classifier) indexKey { return indexKey{c.ID, c.ExternalID, c.Name, false} }
func siteCallKey(s *SiteCall) indexKey     { return indexKey{s.ID, s.ExternalID, s.Name, false} }

func (s *index[T]) load(ctx context.Context, db *bun.DB, keyOf func(*T) indexKey) error {
	var things []*T
	if err := db.NewSelect().Model(&things).Scan(ctx); err != nil {
		return fmt.Errorf("reading %T: %w", things, err)
	}
	*s = indexOf(entriesOf(things, keyOf))
	return nil
}

// entriesOf are the entries of things, in their order.
func entriesOf[T any](things []*T, keyOf func(*T) indexKey) []*indexEntry[T] {
	collator, buffer := collate.New(language.Polish), new(collate.Buffer)
	entries := make([]*indexEntry[T], len(things))
	for i, thing := range things {
		one := keyOf(thing)
		entries[i] = &indexEntry[T]{
			thing: thing, key: one, searching: fold(one.name), collation: bytes.Clone(collator.KeyFromString(buffer, one.name)),
		}
		buffer.Reset()
	}
	return entries
}

// indexOf is the index of entries, which it sorts.
func indexOf[T any](entries []*indexEntry[T]) index[T] {
	byID := make(map[int64]*indexEntry[T], len(entries))
	byExternalID, named := make(map[string]int64, len(entries)), make(map[string]int, len(entries))
	for _, one := range entries {
		byID[one.key.id] = one
		byExternalID[one.key.externalID] = one.key.id
		named[one.key.name]++
	}
	slices.SortFunc(entries, compareEntries)
	return index[T]{
		byID: layers[int64, *indexEntry[T]]{base: byID}, byExternalID: layers[string, int64]{base: byExternalID},
		sorted: entries, named: layers[string, int]{base: named},
	}
}

// numbers finds things by the platform's id.
func (s *index[T]) numbers(externalIDs []string) map[string]int64 {
	found := make(map[string]int64, len(externalIDs))
	for _, externalID := range externalIDs {
		if id, ok := s.byExternalID.get(externalID); ok {
			found[externalID] = id
		}
	}
	return found
}

// compareEntries puts deleted things last, then goes by name in Polish collation, then by number.
func compareEntries[T any](a, b *indexEntry[T]) int {
	switch {
	case a.key.deleted != b.key.deleted && b.key.deleted:
		return -1
	case a.key.deleted != b.key.deleted:
		return 1
	default:
		return cmp.Or(bytes.Compare(a.collation, b.collation), cmp.Compare(a.key.id, b.key.id))
	}
}

// find takes what the index holds and asks the database for the rest: something that was made a moment ago.
func find[T any](ctx context.Context, db *bun.DB, held *index[T], keyOf func(*T) indexKey, ids []int64) (map[int64]*T, error) {
	found := make(map[int64]*T, len(ids))
	var missing []int64
	for _, id := range ids {
		if one, ok := held.byID.get(id); ok {
			found[id] = one.thing
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
		found[keyOf(thing).id] = thing
	}
	return found, nil
}

// has says which numbers are in the index.
func (s *index[T]) has(ids []int64) map[int64]bool {
	found := make(map[int64]bool, len(ids))
	for _, id := range ids {
		if _, ok := s.byID.get(id); ok {
			found[id] = true
		}
	}
	return found
}

// of is the part of an index that is seen, in the same order.
func (s *index[T]) of(seen map[int64]bool) index[T] {
	var part []*indexEntry[T]
	for _, one := range s.sorted {
		if seen[one.key.id] {
			part = append(part, one)
		}
	}
	return indexOf(part)
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

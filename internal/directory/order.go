package directory

import (
	"bytes"
	"cmp"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// order is that in which people look for things: deleted ones last, then by name in Polish collation, then by number. It
// belongs to one goroutine. What a name is sorted by is worked out when it is needed: it is longer than the name.
type order struct {
	collator *collate.Collator
	buffer   *collate.Buffer
}

func newOrder() order { return order{collate.New(language.Polish), new(collate.Buffer)} }

// place is where a thing comes in the order.
type place struct {
	deleted   bool
	collation []byte
	id        int64
}

// of is the place of a thing, which is good until the next is asked for.
func (o order) of(key indexKey) place {
	o.buffer.Reset()
	return place{key.deleted(), o.collator.KeyFromString(o.buffer, key.name), key.id}
}

func (p place) compare(other place) int {
	switch {
	case p.deleted != other.deleted && other.deleted:
		return -1
	case p.deleted != other.deleted:
		return 1
	default:
		return cmp.Or(bytes.Compare(p.collation, other.collation), cmp.Compare(p.id, other.id))
	}
}

// findPlace is where a place is among sorted entries, or belongs.
func findPlace[T keyed](o order, sorted []*indexEntry[T], wanted place) int {
	found, _ := slices.BinarySearchFunc(sorted, wanted, func(one *indexEntry[T], wanted place) int { return o.of(one.thing.key()).compare(wanted) })
	return found
}

// sortEntries puts entries into the order, and gives the places of them.
func sortEntries[T keyed](entries []*indexEntry[T]) []place {
	type placed struct {
		entry *indexEntry[T]
		place
	}
	o, all := newOrder(), make([]placed, len(entries))
	for i, one := range entries {
		all[i] = placed{one, o.of(one.thing.key())}
		all[i].collation = bytes.Clone(all[i].collation)
	}
	slices.SortFunc(all, func(a, b placed) int { return a.compare(b.place) })
	places := make([]place, len(entries))
	for i, one := range all {
		entries[i], places[i] = one.entry, one.place
	}
	return places
}

// mergeEntries is a sorted list without what has some keys, and with other entries where they belong.
func mergeEntries[T keyed](sorted []*indexEntry[T], without []indexKey, entries []*indexEntry[T]) []*indexEntry[T] {
	o := newOrder()
	gone := make([]int, len(without))
	for i, key := range without {
		wanted := o.of(key)
		wanted.collation = bytes.Clone(wanted.collation)
		gone[i] = findPlace(o, sorted, wanted)
	}
	slices.Sort(gone)
	merged := make([]*indexEntry[T], 0, len(sorted)-len(gone)+len(entries))
	begin := 0
	copyUpTo := func(end int) {
		for len(gone) > 0 && gone[0] < end {
			merged = append(merged, sorted[begin:gone[0]]...)
			begin, gone = gone[0]+1, gone[1:]
		}
		merged = append(merged, sorted[begin:end]...)
		begin = end
	}
	for i, wanted := range sortEntries(entries) {
		copyUpTo(findPlace(o, sorted, wanted))
		merged = append(merged, entries[i])
	}
	copyUpTo(len(sorted))
	return merged
}

package contact

import (
	"cmp"
	"slices"
)

// Set is sorted and has no value twice. In criteria, nil does not restrict and an empty set lets nothing through.
type Set[T cmp.Ordered] []T

// NewSet makes a set of values, nil of none.
func NewSet[T cmp.Ordered](values []T) Set[T] {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// And keeps what both sets let through.
func (s Set[T]) And(other Set[T]) Set[T] {
	if s == nil {
		return other
	}
	if other == nil {
		return s
	}
	both := Set[T]{}
	for _, value := range s {
		if _, found := slices.BinarySearch(other, value); found {
			both = append(both, value)
		}
	}
	return both
}

// SubsetOf says that the other set lets through all that this one does.
func (s Set[T]) SubsetOf(other Set[T]) bool {
	return s != nil && len(s.And(other)) == len(s)
}

// Texts are the values of a set as plain strings, nil of nil.
func Texts[T ~string](values Set[T]) Set[string] {
	if values == nil {
		return nil
	}
	plain := make(Set[string], len(values))
	for i, value := range values {
		plain[i] = string(value)
	}
	return plain
}

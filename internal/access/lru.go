package access

import "github.com/hashicorp/golang-lru/v2/simplelru"

// newLRU keeps the values of the keys used last, at most so many. Its owner's mutex guards it.
func newLRU[K comparable, V any](size int) *simplelru.LRU[K, V] {
	kept, err := simplelru.NewLRU[K, V](size, nil)
	if err != nil {
		panic(err) // only a size that is not positive is refused
	}
	return kept
}

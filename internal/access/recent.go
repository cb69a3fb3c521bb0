package access

import "container/list"

// recent keeps the values of the keys used last, at most a number of them. It is not safe for use by many goroutines.
type recent[K comparable, V any] struct {
	most   int
	byKey  map[K]*list.Element
	byTime *list.List // of recentEntry, the latest used in front
}

type recentEntry[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](most int) *recent[K, V] {
	return &recent[K, V]{most: most, byKey: map[K]*list.Element{}, byTime: list.New()}
}

// get finds a value and counts as use.
func (r *recent[K, V]) get(key K) (V, bool) {
	element, found := r.byKey[key]
	if !found {
		var none V
		return none, false
	}
	r.byTime.MoveToFront(element)
	return element.Value.(recentEntry[K, V]).value, true
}

// put keeps a value; the one used longest ago makes room for it.
func (r *recent[K, V]) put(key K, value V) {
	if element, found := r.byKey[key]; found {
		element.Value = recentEntry[K, V]{key, value}
		r.byTime.MoveToFront(element)
		return
	}
	r.byKey[key] = r.byTime.PushFront(recentEntry[K, V]{key, value})
	if r.byTime.Len() > r.most {
		oldest := r.byTime.Back()
		delete(r.byKey, r.byTime.Remove(oldest).(recentEntry[K, V]).key)
	}
}

// drop forgets a key.
func (r *recent[K, V]) drop(key K) {
	if element, found := r.byKey[key]; found {
		r.byTime.Remove(element)
		delete(r.byKey, key)
	}
}

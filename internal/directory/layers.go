package directory

import "maps"

// layers is a map that is never changed: with gives another, at a cost that goes by what is changed and not by what there is.
type layers[K comparable, V any] struct {
	base    map[K]V
	changes map[K]layered[V]
}

// layered is a value that stands for that of the base, or that there is none any more.
type layered[V any] struct {
	value V
	gone  bool
}

func (l layers[K, V]) get(key K) (V, bool) {
	if one, changed := l.changes[key]; changed {
		return one.value, !one.gone
	}
	value, found := l.base[key]
	return value, found
}

// with is the map after some changes. Every so often a new base takes them in, whose cost the many before it share.
func (l layers[K, V]) with(changes map[K]layered[V]) layers[K, V] {
	if len(changes) == 0 {
		return l
	}
	all := make(map[K]layered[V], len(l.changes)+len(changes))
	maps.Copy(all, l.changes)
	maps.Copy(all, changes)
	if len(all) <= 256+len(l.base)/256 {
		return layers[K, V]{l.base, all}
	}
	base := make(map[K]V, len(l.base)+len(all))
	maps.Copy(base, l.base)
	for key, one := range all {
		if one.gone {
			delete(base, key)
		} else {
			base[key] = one.value
		}
	}
	return layers[K, V]{base: base}
}

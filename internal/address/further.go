package address

// OptionalKey is the form by which filters find an address, nil where there is none.
func OptionalKey(raw *string) *string {
	if raw == nil {
		return nil
	}
	key, ok := Key(*raw)
	switch {
	case !ok:
		return nil
	case key == *raw:
		return raw
	default:
		return &key
	}
}

// All are the addresses of a contact, as they are stored.
type All struct {
	Source, Destination *string
	To, CC, BCC         []string
}

// Further is an address of a contact beside its source and its destination, by its key and its role: FROM, TO, CC or BCC.
type Further struct{ Key, Role string }

// Further are the addresses by which a contact is found beside those two. Each key comes once, and a hidden recipient
// who has another role is found by that one.
func (a *All) Further() []Further {
	if len(a.To) == 0 && len(a.CC) == 0 && len(a.BCC) == 0 && !isList(a.Source) {
		return nil
	}
	known := make(map[string]bool)
	for _, own := range []*string{OptionalKey(a.Source), OptionalKey(a.Destination)} {
		if own != nil {
			known[*own] = true
		}
	}
	var found []Further
	add := func(role string, all []string) {
		for _, raw := range all {
			written := List(raw)
			if written == nil {
				written = []string{raw}
			}
			for _, one := range written {
				if key, ok := Key(one); ok && !known[key] {
					known[key] = true
					found = append(found, Further{key, role})
				}
			}
		}
	}
	if a.Source != nil {
		add("FROM", []string{*a.Source})
	}
	if a.Destination != nil {
		add("TO", []string{*a.Destination})
	}
	add("TO", a.To)
	add("CC", a.CC)
	add("BCC", a.BCC)
	return found
}

func isList(raw *string) bool { return raw != nil && List(*raw) != nil }

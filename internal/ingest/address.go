package ingest

import "github.com/kontakty/kontakty/internal/address"

// addressKey is the form by which filters find an address, nil where there is none.
func addressKey(raw *string) *string {
	if raw == nil {
		return nil
	}
	key, ok := address.Key(*raw)
	switch {
	case !ok:
		return nil
	case key == *raw:
		return raw
	default:
		return &key
	}
}

// addresses are those of a contact, as they are stored.
type addresses struct {
	source, destination *string
	to, cc, bcc         []string
}

// further is an address of a contact beside its source and its destination, by its key and its role.
type further struct{ key, role string }

// further are the addresses by which a contact is found beside those two. Each key comes once, and a hidden recipient
// who has another role is found by that one.
func (a *addresses) further() []further {
	if len(a.to) == 0 && len(a.cc) == 0 && len(a.bcc) == 0 && !isList(a.source) {
		return nil
	}
	known := make(map[string]bool)
	for _, own := range []*string{addressKey(a.source), addressKey(a.destination)} {
		if own != nil {
			known[*own] = true
		}
	}
	var found []further
	add := func(role string, all []string) {
		for _, raw := range all {
			written := address.List(raw)
			if written == nil {
				written = []string{raw}
			}
			for _, one := range written {
				if key, ok := address.Key(one); ok && !known[key] {
					known[key] = true
					found = append(found, further{key, role})
				}
			}
		}
	}
	if a.source != nil {
		add("FROM", []string{*a.source})
	}
	if a.destination != nil {
		add("TO", []string{*a.destination})
	}
	add("TO", a.to)
	add("CC", a.cc)
	add("BCC", a.bcc)
	return found
}

func isList(raw *string) bool { return raw != nil && address.List(*raw) != nil }

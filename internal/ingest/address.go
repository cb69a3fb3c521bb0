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

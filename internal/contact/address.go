package contact

import (
	"github.com/kontakty/kontakty/internal/address"
	"github.com/kontakty/kontakty/internal/fault"
)

// NormalizeAddress gives the key of an address that is asked for; every address that can be stored has one. Errors:
// INVALID_ADDRESS for what is blank, longer than an address or holds control characters.
func NormalizeAddress(raw string) (string, error) {
	if !address.Askable(raw) {
		return "", fault.New(fault.AddressMalformed, "")
	}
	key, _ := address.Key(raw)
	return key, nil
}

package address_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/address"
)

// Spellings of one address have one key; a text that is no address that is understood stands for itself.
func ExampleKey() {
	for _, raw := range []string{"789 789 789", "tel:+48-789-789-789", "Jan Kowalski <Jan@Example.com>", "101", "Anonymous", "InPost"} {
		key, _ := address.Key(raw)
		fmt.Println(key)
	}
	// Output:
	// +48789789789
	// +48789789789
	// jan@example.com
	// 101
	// anonymous
	// inpost
}

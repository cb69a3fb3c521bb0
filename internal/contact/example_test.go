package contact_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/contact"
)

// Two spellings of a number have one key.
func ExampleNormalizeAddress() {
	for _, spelling := range []string{"789 789 789", "0048 789-789-789"} {
		key, err := contact.NormalizeAddress(spelling)
		fmt.Println(key, err)
	}
	// Output:
	// +48789789789 <nil>
	// +48789789789 <nil>
}

// The tags of Contact name the columns; the key is always among them.
func ExampleColumns_Names() {
	fmt.Println((contact.ColumnType | contact.ColumnTalkTime).Names())
	// Output: [id started_at type talk_time]
}

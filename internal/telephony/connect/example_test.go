package connect_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/telephony/connect"
)

// A record is known by its contact and by when it was updated: a later copy is another row of the same contact.
func ExampleRecords_Read() {
	for _, updated := range []string{`"2026-11-27T10:06:00Z"`, `"2026-11-27T10:09:00.5Z"`, `null`} {
		row, err := connect.Records{}.Read(`{"ContactId": "c1", "Channel": "VOICE", "InitiationTimestamp": "2026-11-27T10:00:00Z", "LastUpdateTimestamp": `+updated+`}`, 1)
		fmt.Println(row.Channel, row.Key, err)
	}
	// Output:
	// c1 c1 2026-11-27T10:06:00Z <nil>
	// c1 c1 2026-11-27T10:09:00.5Z <nil>
	//   is not a contact record of Amazon Connect
}

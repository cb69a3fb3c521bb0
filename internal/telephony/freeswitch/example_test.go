package freeswitch_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/telephony/freeswitch"
)

// A leg that does not say when it began is none.
func ExampleParseJSON() {
	for _, content := range []string{
		`{"channel_data": {"direction": "inbound"}, "variables": {"uuid": "u1", "start_uepoch": "1795816717000000", "end_uepoch": "1795816737000000", "rtp_use_pt": "8"}}`,
		`{"variables": {"uuid": "u1"}}`,
	} {
		leg, err := freeswitch.ParseJSON([]byte(content))
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(leg.UUID, leg.Direction, leg.Variables["rtp_use_pt"] == "")
	}
	// Output:
	// u1 inbound true
	// is not a leg of a FreeSWITCH
}

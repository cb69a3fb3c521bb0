package asterisk_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/telephony/asterisk"
)

// The name of a channel tells the device at its end, whatever it was called by.
func ExampleEndpoint() {
	fmt.Println(asterisk.Endpoint("PJSIP/201-0000000c"))
	fmt.Println(asterisk.EpochOf("1709540956.27"))
	// Output:
	// 201
	// 1709540956 true
}

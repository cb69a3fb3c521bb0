package reader_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
)

// A line that is of no call gives a row without a channel.
func ExampleLines_Read() {
	lines := reader.NewQueueLog(time.UTC)
	for i, line := range []string{
		"1709539756|1709539756.7|500|NONE|ENTERQUEUE||48501723894|1",
		"1709539700|NONE|NONE|NONE|QUEUESTART|",
		"yesterday|1709539756.7|500|NONE|ABANDON|1|1|9",
	} {
		row, err := lines.Read(line, int64(i+1))
		fmt.Printf("%q %t\n", row.Channel, err == nil)
	}
	// Output:
	// "1709539756.7" true
	// "" true
	// "" false
}

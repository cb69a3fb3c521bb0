package telephony_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
)

// Rows that share a channel or a link are one call, in whatever order they come.
func ExampleCallsOf() {
	nine := time.Date(2024, 3, 4, 9, 0, 0, 0, time.UTC)
	calls := telephony.CallsOf([]telephony.Row{
		{Kind: telephony.CEL, Key: "3", At: nine.Add(2 * time.Second), Channel: "b", Links: []string{"a"}},
		{Kind: telephony.CEL, Key: "1", At: nine, Channel: "a"},
		{Kind: telephony.CEL, Key: "2", At: nine.Add(time.Second), Channel: "c"},
	})
	for _, call := range calls {
		fmt.Println(len(call.Rows), call.First().Format(time.TimeOnly), call.Last().Format(time.TimeOnly))
	}
	// Unordered output:
	// 2 09:00:00 09:00:02
	// 1 09:00:01 09:00:01
}

package played_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/telephony/asterisk/played"
)

func ExampleCompare() {
	began := time.Date(2026, 11, 29, 9, 0, 0, 900_000_000, time.UTC)
	talk, tooLong := 7, 10
	want := played.Contact{Type: "INBOUND_CALL", Status: "ANSWERED", StartedAt: began, From: "+48501723894", To: "201", Agent: "201", HangupParty: "CUSTOMER", Talk: &talk}
	call := played.Call{Name: "own number", BeganAt: began, EndedAt: began.Add(20 * time.Second), Contacts: []played.Contact{want}}

	got := want
	got.ExternalID, got.StartedAt = "pbx1:1795942801.7", began.Add(200*time.Millisecond).Truncate(time.Second)
	comparison := played.Compare([]played.Call{call}, []played.Contact{got})
	fmt.Println(comparison.Differences, comparison.Worst(), comparison.Faults)

	got.Talk = &tooLong
	fmt.Println(played.Compare([]played.Call{call}, []played.Contact{got}).Faults)
	got.HangupParty = "AGENT"
	fmt.Println(len(played.Compare([]played.Call{call}, []played.Contact{got}).Faults))
	got.StartedAt = began.Add(time.Minute)
	fmt.Println(len(played.Compare(nil, []played.Contact{got}).Faults))
	// Output:
	// map[0:1 1:1] 1 []
	// [own number: talk differs by 3 s]
	// 2
	// 1
}

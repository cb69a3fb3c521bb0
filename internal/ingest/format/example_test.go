package format_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

func ExampleDecode() {
	line, fault := format.Decode(`{"externalId": "c1", "type": "CAMPAIGN_INBOUND_CALL", "status": "NO ANSWER", "startedAt": "2024-03-04T08:09:16+01:00"}`)
	fmt.Println(line.Kind, line.Contact.Status, line.Contact.StartedAt, fault)
	// Output: contact NO_ANSWER 2024-03-04 07:09:16 +0000 UTC <nil>
}

// A fault names the field, and repeats a word only where it should have been one of a few.
func ExampleDecode_fault() {
	for i, text := range []string{
		`{"externalId": "c1", "type": "INBOUND_CALL", "status": "ANSWERD", "startedAt": "2024-03-04T08:09:16Z"}`,
		`{"externalId": "c1", "type": "INBOUND_CALL", "status": "+48501723894", "startedAt": "2024-03-04T08:09:16Z"}`,
		`{"externalId": "c1", "ExternalID": "c2"}`,
	} {
		_, fault := format.Decode(text)
		fault.Line = i + 1
		fmt.Println(fault)
	}
	// Output:
	// line 1: status: "ANSWERD" is not a contact status
	// line 2: status: the value is not a contact status
	// line 3: "ExternalID" is not a key of a contact
}

// Two contacts have the same hash exactly if all that they say is the same, however it was spelled.
func ExampleContact_Hash() {
	a, _ := format.Decode(`{"externalId":"c1","type":"CHAT","status":"ANSWERED","startedAt":"2024-03-04T08:09:16+01:00"}`)
	b, _ := format.Decode(`{"startedAt":"2024-03-04T07:09:16Z","status":"ANSWERED","type":"CHAT","externalId":"\u00631","revision":0}`)
	c, _ := format.Decode(`{"startedAt":"2024-03-04T07:09:16Z","status":"ANSWERED","type":"CHAT","externalId":"c1","revision":1}`)
	fmt.Println(a.Contact.Hash() == b.Contact.Hash(), a.Contact.Hash() == c.Contact.Hash())
	// Output: true false
}

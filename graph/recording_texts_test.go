package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
)

// TestRecording_MendsWhatIsNoCharacter spoils each text of a contact in its turn, in every way in which JSON can.
func TestRecording_MendsWhatIsNoCharacter(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	texts := []string{
		`"externalId":"%s"`, `"channel":"%s"`, `"sourceAddress":"%s"`, `"destinationAddress":"%s"`, `"toAddresses":["a@example.com","%s"]`,
		`"ccAddresses":["%s"]`, `"bccAddresses":["%s"]`, `"campaign":{"externalId":"%s"}`, `"agent":{"externalId":"a","name":"%s"}`,
		`"record":{"externalId":"r","significantField":{"name":"%s","value":"x"}}`, `"record":{"externalId":"r2","significantField":{"name":"n","value":"%s"}}`,
		`"siteCallOrderId":"%s"`, `"ticketId":"%s"`, `"conversationId":"%s"`, `"details":{"recording":{"path":"%s"}}`, `"details":{"email":{"subject":"%s","body":"b"}}`,
		`"details":{"email":{"subject":"s","body":"%s","attachments":[{"name":"n","size":1}]}}`, `"details":{"email":{"subject":"s","body":"b","attachments":[{"name":"%s","size":1}]}}`,
		`"details":{"chat":{"messages":[{"at":"2024-03-04T08:00:00Z","author":"%s","text":"t"}]}}`,
		`"details":{"chat":{"messages":[{"at":"2024-03-04T08:00:00Z","author":"a","text":"%s"}]}}`, `"details":{"sms":{"text":"%s"}}`,
		`"ivrSteps":[{"name":"%s","kind":"MENU","enteredAt":"2024-03-04T08:00:00Z"}]`, `"ivrSteps":[{"name":"n","kind":"MENU","choice":"%s","enteredAt":"2024-03-04T08:00:00Z"}]`,
	}
	var contacts []string
	for i, text := range texts {
		for j, spoilt := range []string{`\u0000`, `\ud83d`, `\udc00\ud83d`} {
			fields := fmt.Sprintf(text, fmt.Sprintf("a%db%d%s", i, j, spoilt))
			if !strings.HasPrefix(fields, `"externalId"`) {
				fields = fmt.Sprintf(`"externalId":"%d-%d",`, i, j) + fields
			}
			contacts = append(contacts, fields)
		}
	}
	document := func(variables string) *http.Request {
		return post(strings.NewReader(`{"query":"mutation($c: [ContactInput!]!) {recordContacts(input: {contacts: $c}) {recorded repaired}}","variables":` + variables + `}`))
	}
	list := `{"c":[{"type":"OTHER","status":"ANSWERED","startedAt":"2024-03-04T08:00:00Z",` +
		strings.Join(contacts, `},{"type":"OTHER","status":"ANSWERED","startedAt":"2024-03-04T08:00:00Z",`) + `}]}`
	if got, want := send(t, s, document(list)), fmt.Sprintf(`{"recordContacts":{"recorded":%d,"repaired":%[1]d}}`, len(contacts)); string(got.Data) != want {
		t.Errorf("%s, want %s", got.body, want)
	}
	// What records something else beside refuses them still, and says which is the first.
	for document, variables := range map[string]map[string]any{
		`mutation($c: [ContactInput!]!) {recordContacts(input: {contacts: $c}) {recorded} revokeApiKey(input: {id: "x"}) {clientMutationId}}`: {"c": []any{map[string]any{"externalId": "\x00"}}},
		`query($c: [String!], $d: [String!]) {contacts(filter: {period: {preset: TODAY}, ticketIds: $c, externalIds: $d}) {totalCount}}`:      {"d": []any{"\x00"}, "c": []any{"\x00"}},
	} {
		for range 20 {
			answered := send(t, s, operation(t, document, variables))
			if len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "INVALID_TEXT" || !strings.HasPrefix(answered.Errors[0].Extensions.Field, "c[0]") {
				t.Fatalf("%s: %s", document, answered.body)
			}
		}
	}
}

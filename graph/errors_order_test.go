package graph_test

import (
	"fmt"
	"testing"
)

// TestErrors_DoNotDependOnChance asks again and again for what has several errors.
func TestErrors_DoNotDependOnChance(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const period = `filter: {period: {range: {from: "2024-03-01", to: "2024-03-31"}}`
	for name, c := range map[string]struct {
		document  string
		variables any
		want      string
	}{
		"fields that are resolved at the same time": {
			`{z: contact(id: "x") {id} a: node(id: "y") {id} c: contacts(` + period + `, ticketIds: [""]}) {totalCount} b: contacts(` + period + `, addresses: [""]}) {totalCount}}`, nil,
			"[z]id [a]id [c]filter.ticketIds[0] [b]filter.addresses[0]",
		},
		"keys that an input does not have": {
			`query($f: ContactFilter!) {contacts(filter: $f) {totalCount}}`,
			map[string]any{"f": map[string]any{"zz": 1, "yy": 2, "xx": 3, "__typename": "a", "period": map[string]any{"preset": "TODAY"}}},
			"[]f.xx",
		},
		"keys that an item of a list does not have": {
			`mutation($c: [ContactInput!]!) {recordContacts(input: {contacts: $c}) {recorded}}`,
			map[string]any{"c": []any{map[string]any{"externalId": "a", "type": "CHAT", "status": "ANSWERED", "startedAt": "2024-03-01T00:00:00Z", "agent": map[string]any{"externalId": "a", "nome": "x", "nam": "y", "nume": "z"}}}},
			"[]c[0].agent.nam",
		},
	} {
		for range 20 {
			answered := send(t, s, operation(t, c.document, c.variables))
			got := ""
			for i, one := range answered.Errors {
				if i > 0 {
					got += " "
				}
				got += fmt.Sprint(one.Path) + one.Extensions.Field
			}
			if got != c.want {
				t.Fatalf("%s: %s, want %s", name, got, c.want)
			}
		}
	}
}

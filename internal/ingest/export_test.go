package ingest

import "testing"

// DecodeContacts gives the contacts of lines, as the API would hand them over.
func DecodeContacts(t *testing.T, lines []string) []Contact {
	t.Helper()
	var contacts []Contact
	for _, text := range lines {
		l, fault := decode(text)
		if fault != nil || l.contact == nil {
			t.Fatalf("%+v", fault)
		}
		contacts = append(contacts, *l.contact)
	}
	return contacts
}

package plan

import (
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
)

// A contact is found by an address in whichever role: by the address keys of its source and of its destination, each in an
// index of contacts, and by its further addresses in contact_addresses, whose index begins with the address key.

// Addressed is the condition that a contact has an address of some address keys in any role, that of a hidden recipient
// if hidden.
func Addressed(addressKeys contact.Set[string], hidden bool) Condition {
	further := In(furtherKey, addressKeys)
	further.hidden = hidden
	return Condition{Criterion: AddressKey, either: []Condition{In(SourceKey, addressKeys), In(DestinationKey, addressKeys), further}}
}

// Absent is the condition that a contact has no value in a column.
func Absent(of *Criterion) Condition { return Condition{Criterion: of, orNull: true} }

var (
	// AddressKey is that of an address in any role, whose condition is one of three.
	AddressKey = &Criterion{column: "addresses", index: indexed(4)}
	// furtherKey is that of a further address; its index holds nothing of the contacts themselves.
	furtherKey = &Criterion{column: "key", sqlType: "text", index: furtherIndex}

	furtherIndex = &index{}
)

func (k Condition) isFurther() bool { return k.Criterion == furtherKey }

// furtherSQL says that a contact has a further address of some address keys.
func (k Condition) furtherSQL(s *statement) string {
	where := append([]string{"a.contact_started_at = c.started_at", "a.contact_id = c.id", "a.key = ANY (" + k.castListSQL(s.bind(k.values)) + ")"}, k.rolesSQL()...)
	return "EXISTS (SELECT FROM contact_addresses a WHERE " + strings.Join(where, " AND ") + " AND " + inPeriodSQL(s.intervals, "a.contact_started_at") + ")"
}

func (k Condition) rolesSQL() []string {
	if k.hidden {
		return nil
	}
	return []string{"a.role <> 'BCC'"}
}

// without are those parts of a condition that find the contacts which this part finds too. An address key of a contact
// lies in one place, so that one alone finds no contact twice.
func (k Condition) without(before []Condition) []Condition {
	if k.isFurther() && k.single != nil {
		return nil
	}
	return before
}

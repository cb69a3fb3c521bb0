package oracle

import (
	"reflect"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
)

// askedElsewhere are criteria that conditions_test.go of report asks for, on contacts made for it.
var askedElsewhere = []string{
	"Addresses", "WithoutSourceAddress", "WithoutDestinationAddress", "ExternalIDs", "RecordExternalIDs",
}

func TestAsker_AsksForEveryCriterion(t *testing.T) {
	t.Parallel()
	w := generate(1, 300)
	a := w.asker(newDice(1, 2))
	asked := map[string]bool{}
	fields := reflect.TypeFor[contact.Filter]()
	for range 2_000 {
		filter := reflect.ValueOf(a.question().Filter)
		for i := range fields.NumField() {
			asked[fields.Field(i).Name] = asked[fields.Field(i).Name] || !filter.Field(i).IsZero()
		}
	}
	for i := range fields.NumField() {
		if name := fields.Field(i).Name; !asked[name] && !slices.Contains(askedElsewhere, name) {
			t.Errorf("question_test.go: no question asks for %s", name)
		}
	}
}

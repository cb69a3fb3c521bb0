package workbook

import (
	"reflect"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// kindsOfLists are what the ids in lists of a filter are of.
var kindsOfLists = map[string]relay.Kind{
	"AgentIDs": relay.AgentKind, "AgentGroupIDs": relay.AgentGroupKind, "CampaignIDs": relay.CampaignKind, "SiteCallIDs": relay.SiteCallKind,
	"QueueIDs": relay.QueueKind, "ClassifierIDs": relay.ClassifierKind, "RecordIDs": relay.RecordKind, "ContactIDs": relay.ContactKind,
}

// TestFilterInWords_NamesEveryCriterion asks for each criterion alone, of things that there are none of.
func TestFilterInWords_NamesEveryCriterion(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	must(t, s.directory.Refresh(t.Context()))
	yes, hour := true, "08:00"
	fields := reflect.TypeFor[contact.Filter]()
	for i := range fields.NumField() {
		var filter contact.Filter
		field := reflect.ValueOf(&filter).Elem().Field(i)
		name := fields.Field(i).Name
		switch value := field.Addr().Interface().(type) {
		case *[]string:
			if *value = []string{"x"}; kindsOfLists[name] != "" {
				*value = []string{relay.EncodeID(kindsOfLists[name], 1)}
			}
		case *[]contact.Type:
			*value = contact.Types[:1]
		case *[]contact.Status:
			*value = contact.Statuses[:1]
		case *[]contact.Weekday:
			*value = contact.Weekdays[:1]
		case **contact.RecoveryFilter:
			*value = &contact.RecoveryFilter{States: contact.RecoveryStates[:1], WithinHours: 24}
		case **int:
			*value = new(7)
		case **contact.DurationRange:
			*value = &contact.DurationRange{AtMost: new(20)}
		case *[]contact.Outcome:
			*value = contact.Outcomes[:1]
		case **bool:
			*value = &yes
		case **contact.Hours:
			*value = &contact.Hours{From: &hour}
		default:
			continue // the period and its zone, which stand elsewhere
		}
		words, err := FilterInWords(t.Context(), s.store.For(contact.Unlimited), s.directory, filter, fault.English)
		must(t, err)
		if words == noConditions.in(fault.English) {
			t.Errorf("words.go does not say %s of a filter", name)
		}
	}
}

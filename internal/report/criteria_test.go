package report

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// setValues gives a field of values so many values.
func setValues(field reflect.Value, n int) {
	if field.Kind() == reflect.Bool {
		field.SetBool(true)
		return
	}
	if field.Type() == reflect.TypeFor[*contact.DurationRange]() {
		field.Set(reflect.ValueOf(&contact.DurationRange{AtLeast: &n}))
		return
	}
	switch field.Type() {
	case reflect.TypeFor[*recovery]():
		field.Set(reflect.ValueOf(&recovery{contact.RecoveryStates[:1+n%5], n}))
		return
	case reflect.TypeFor[*int]():
		field.Set(reflect.ValueOf(&n))
		return
	}
	set := reflect.MakeSlice(field.Type(), n, n)
	for i := range n {
		switch one := set.Index(i); one.Kind() {
		case reflect.Int64:
			one.SetInt(int64(i + 1))
		default:
			one.SetString(strconv.Itoa(i))
		}
	}
	field.Set(set)
}

// TestCriteria_HaveStatementsForAnyNumberOfValues asks for each criterion alone and with every other, and has PostgreSQL
// parse what comes of it.
func TestCriteria_HaveStatementsForAnyNumberOfValues(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	connection, err := database.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Release()
	prepare := func(name string, statement plan.Statement) {
		t.Helper()
		if _, err := connection.Conn().Prepare(t.Context(), "", statement.SQL); err != nil {
			t.Errorf("%s: %v\n%s", name, err, statement.SQL)
		}
	}
	quarter := calendar.Days{From: 19723, To: 19813}
	fields := reflect.TypeFor[values]()
	for first := range fields.NumField() {
		for second := range fields.NumField() {
			if second < first {
				continue
			}
			for _, n := range []int{1, 2, 70} {
				name := fmt.Sprintf("%d values of %s and %s", n, fields.Field(first).Name, fields.Field(second).Name)
				c := Criteria{days: quarter, zone: time.UTC}
				setValues(reflect.ValueOf(&c.values).Elem().Field(first), n)
				setValues(reflect.ValueOf(&c.values).Elem().Field(second), n)
				if len(c.conditions()) == 0 {
					t.Fatalf("%s restrict nothing: is there a line in criteria?", name)
				}
				scan := plan.Scan{Order: contact.NewestFirst, Descending: true, Limit: 51}
				prepare(name, c.query().Page(scan, contact.AllColumns))
				c.hours = &calendar.Window{From: 3 * time.Hour, To: 3*time.Hour + 2*time.Minute}
				prepare(name+" by hours", c.query().Page(scan, contact.AllColumns))
			}
		}
	}
}

// TestCriteria_AreWhatTheFilterAsksFor leaves no field of a filter without a meaning, nor a cursor without it.
func TestCriteria_AreWhatTheFilterAsksFor(t *testing.T) {
	t.Parallel()
	reader := goldenStore(t).For(contact.Unlimited)
	march := contact.Period{Range: &contact.Range{From: "2024-03-01", To: "2024-03-31"}}
	resolve := func(f contact.Filter) (string, relay.Scope) {
		t.Helper()
		f.Period = march
		c, err := reader.ResolveKept(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%+v", c.query()), ListQuery{Filter: f}.scope(c, contact.Unlimited.Reach)
	}
	yes, zone := true, "Asia/Tokyo"
	samples := map[string]any{
		"Hours": hours("08:00", "09:00"), "TimeZone": &zone, "OutsideCampaign": &yes,
		"AgentIDs": nodeIDs(relay.AgentKind, 1), "AgentGroupIDs": nodeIDs(relay.AgentGroupKind, 1), "CampaignIDs": nodeIDs(relay.CampaignKind, 1),
		"Types": []contact.Type{contact.Chat}, "Statuses": []contact.Status{contact.Busy}, "Outcomes": []contact.Outcome{contact.LostInQueue},
		"QueueTime": &contact.DurationRange{AtLeast: new(60)}, "TimeToAnswer": &contact.DurationRange{AtMost: new(20)},
		"LostAfter": &contact.DurationRange{AtMost: new(4)}, "AgentTalkTime": &contact.DurationRange{AtLeast: new(1), AtMost: new(2)},
		"Recovery": &contact.RecoveryFilter{States: []contact.RecoveryState{contact.Tried}, WithinHours: 24}, "RepeatWithinDays": new(7),
		"Weekdays":        []contact.Weekday{contact.Monday},
		"SourceAddresses": []string{"101"}, "DestinationAddresses": []string{"101"}, "TicketIDs": []string{"T"},
		"Addresses": []string{"101"}, "WithoutSourceAddress": &yes, "WithoutDestinationAddress": &yes,
		"Unfinished": &yes, "ExternalIDs": []string{"x"}, "RecordExternalIDs": []string{"x"},
		"SiteCallIDs": nodeIDs(relay.SiteCallKind, 1), "QueueIDs": nodeIDs(relay.QueueKind, 1), "ClassifierIDs": nodeIDs(relay.ClassifierKind, 1),
		"RecordIDs": nodeIDs(relay.RecordKind, 1), "ContactIDs": nodeIDs(relay.ContactKind, 1),
	}
	query, scope := resolve(contact.Filter{})
	fields := reflect.TypeFor[contact.Filter]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if name == "Period" {
			continue
		}
		sample, found := samples[name]
		if !found {
			t.Errorf("%s is a field of the filter and has no sample here", name)
			continue
		}
		var f contact.Filter
		reflect.ValueOf(&f).Elem().Field(i).Set(reflect.ValueOf(sample))
		otherQuery, otherScope := resolve(f)
		if otherQuery == query {
			t.Errorf("%s means nothing: its statement is that of any filter", name)
		}
		if otherScope == scope {
			t.Errorf("%s does not count for a cursor", name)
		}
	}
}

// TestCriteria_KeepTheScopeOfEarlierCursors knows by heart what cursors belonged to that are still in use.
func TestCriteria_KeepTheScopeOfEarlierCursors(t *testing.T) {
	t.Parallel()
	yes := true
	f := contact.Filter{
		Period: contact.Period{Range: &contact.Range{From: "2024-03-01", To: "2024-03-31"}}, Hours: hours("08:00", "16:00"),
		AgentIDs: nodeIDs(relay.AgentKind, 2, 1), CampaignIDs: nodeIDs(relay.CampaignKind, 1), OutsideCampaign: &yes,
		Types: []contact.Type{contact.Chat}, SourceAddresses: []string{"789 789 789"}, ContactIDs: nodeIDs(relay.ContactKind, 7),
	}
	c, err := goldenStore(t).For(contact.Unlimited).ResolveKept(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	scope := ListQuery{Filter: f, Order: contact.NewestFirst}.scope(c, contact.Unlimited.Reach)
	if got := hex.EncodeToString(scope[:]); got != "6f4d6fbe39b300c1" {
		t.Errorf("the scope is %s", got)
	}
}

package access

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

func TestGrants_ThatMeanTheSameReadTheSame(t *testing.T) {
	t.Parallel()
	a := Grants{Campaigns: []string{"b", "a", "b"}, AgentGroups: []string{"g"}}
	b := Grants{Campaigns: []string{"a", "b"}, AgentGroups: []string{"g", "g"}}
	if a.String() != b.String() {
		t.Fatalf("%s and %s", a, b)
	}
	all := Grants{Unrestricted: true, Campaigns: []string{"a"}}
	if all.String() != (Grants{Unrestricted: true}).String() {
		t.Fatalf("unrestricted reads %s", all)
	}
	different := map[string]bool{}
	for _, g := range []Grants{
		{},
		{Unrestricted: true},
		{Campaigns: []string{"a"}},
		{AgentGroups: []string{"a"}},
		{Agent: "a"},
		{Campaigns: []string{"a,b"}},
		{Campaigns: []string{"a", "b"}},
		{Campaigns: []string{`a","b`}},
	} {
		different[g.String()] = true
	}
	if len(different) != 8 {
		t.Fatalf("different grants read the same: %v", slices.Collect(maps.Keys(different)))
	}
}

func TestGrants_ResolveToNumbersAndDropUnknownNames(t *testing.T) {
	t.Parallel()
	known := map[relay.Kind]map[string]int64{
		relay.CampaignKind: {"c1": 11, "c2": 7}, relay.AgentGroupKind: {"g": 3}, relay.AgentKind: {"me": 5},
	}
	numbers := func(_ context.Context, kind relay.Kind, externalIDs []string) (map[string]int64, error) {
		found := map[string]int64{}
		for _, externalID := range externalIDs {
			if number, exists := known[kind][externalID]; exists {
				found[externalID] = number
			}
		}
		return found, nil
	}
	own := int64(5)
	for _, c := range []struct {
		grants Grants
		want   contact.Reach
	}{
		{Grants{}, contact.Reach{}},
		{Grants{Unrestricted: true, Campaigns: []string{"c1"}}, contact.Reach{Unrestricted: true}},
		{Grants{Campaigns: []string{"c1", "gone", "c2", "c1"}}, contact.Reach{Campaigns: []int64{7, 11}}},
		{Grants{AgentGroups: []string{"g", "c1"}, Agent: "me"}, contact.Reach{AgentGroups: []int64{3}, Agent: &own}},
		{Grants{Agent: "stranger"}, contact.Reach{}},
	} {
		got, err := c.grants.Resolve(t.Context(), numbers)
		must(t, err)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s resolves to %+v, want %+v", c.grants, got, c.want)
		}
	}
	broken := errors.New("broken")
	_, err := Grants{Agent: "me"}.Resolve(t.Context(), func(context.Context, relay.Kind, []string) (map[string]int64, error) {
		return nil, broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("error is %v", err)
	}
}

func TestGrants_TellTheFirstOfTwoFaults(t *testing.T) {
	t.Parallel()
	for range 50 {
		err := Grants{Campaigns: []string{""}, AgentGroups: make([]string, maxGranted+1)}.check()
		var problem *fault.Error
		if !errors.As(err, &problem) || problem.Field != "campaigns" {
			t.Fatalf("the fault told is %v", err)
		}
	}
}

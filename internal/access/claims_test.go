package access

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestClaims_GrantWhatTheySayAndNothingInAnotherForm(t *testing.T) {
	t.Parallel()
	many, err := json.Marshal(slices.Repeat([]string{"c"}, maxGranted+1))
	must(t, err)
	for payload, want := range map[string]struct {
		scopes []Scope
		grants Grants
	}{
		`{}`: {},
		`{"scope": "openid contacts:read email"}`:                               {scopes: []Scope{ScopeRead}},
		`{"scope": ["exports", "contacts:read", "Contacts:write"]}`:             {scopes: []Scope{ScopeRead, ScopeExports}},
		`{"scope": "contacts:read contacts:write", "kontakty_campaigns": "PS"}`: {[]Scope{ScopeRead}, Grants{Campaigns: []string{"PS"}}},
		`{"scope": "contacts:write"}`:                                           {},
		`{"scope": "contacts:write", "realm_access": {"roles": "everything"}}`:  {Scopes, Grants{Unrestricted: true}},
		`{"scope": {"contacts:read": true}}`:                                    {},
		`{"scope": true}`:                                                       {},
		`{"realm_access": {"roles": ["supervisor", "unheard-of"]}}`:             {scopes: []Scope{ScopeRead, ScopeContent}},
		`{"realm_access": ["supervisor"]}`:                                      {},
		`{"realm_access.roles": "supervisor", "realm_access": 1}`:               {scopes: []Scope{ScopeRead, ScopeContent}},
		`{"realm_access": {"roles": "everything"}, "kontakty_agent": "7"}`:      {Scopes, Grants{Unrestricted: true}},
		`{"kontakty_campaigns": ["b", "a", "b"]}`:                               {grants: Grants{Campaigns: []string{"a", "b"}}},
		`{"kontakty_campaigns": "Zima 2024"}`:                                   {grants: Grants{Campaigns: []string{"Zima 2024"}}},
		`{"kontakty_campaigns": [12345678901234567890, 7]}`:                     {grants: Grants{Campaigns: []string{"12345678901234567890", "7"}}},
		`{"kontakty_campaigns": [null, {}, [], true, "", "a\u0000"]}`:           {},
		`{"kontakty_campaigns": null, "kontakty_agent": null}`:                  {},
		`{"kontakty_campaigns": ` + string(many) + `}`:                          {},
		`{"kontakty_agent": 17, "kontakty_groups": ["BOK"]}`:                    {grants: Grants{AgentGroups: []string{"BOK"}, Agent: "17"}},
		`{"kontakty_agent": ["17"]}`:                                            {},
		`{"kontakty_agent": "` + strings.Repeat("a", 257) + `"}`:                {},
		`{"unrestricted": true, "grants": {"unrestricted": true}}`:              {},
	} {
		content, err := parseClaims([]byte(payload))
		must(t, err)
		scopes, grants := content.rights(claimNames, roles)
		if !slices.Equal(scopes, want.scopes) || !reflect.DeepEqual(grants, want.grants) {
			t.Errorf("%.60s grants %v %s, want %v %s", payload, scopes, grants, want.scopes, want.grants)
		}
	}
}

func TestClaims_WithoutNamesGrantNothing(t *testing.T) {
	t.Parallel()
	content, err := parseClaims([]byte(`{"": "contacts:read", "scope": "admin"}`))
	must(t, err)
	if scopes, grants := content.rights(ClaimNames{}, nil); len(scopes) != 0 || !reflect.DeepEqual(grants, Grants{}) {
		t.Fatalf("granted %v %s", scopes, grants)
	}
}

func FuzzClaims(f *testing.F) {
	for _, seed := range []string{
		`{"scope": "contacts:read"}`, `{"realm_access": {"roles": ["everything"]}}`, `{"kontakty_campaigns": [1e400, "a"]}`, `[]`, `null`, `{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		content, err := parseClaims(payload)
		if err != nil {
			return
		}
		scopes, grants := content.rights(claimNames, roles)
		if len(knownScopes(scopes)) != len(scopes) || grants.check() != nil || grants.String() != grants.Canonical().String() {
			t.Fatalf("granted %v %s", scopes, grants)
		}
		if (grants.Unrestricted || slices.Contains(scopes, ScopeAdmin)) &&
			!strings.Contains(string(payload), "everything") && !strings.Contains(string(payload), "admin") && !strings.Contains(string(payload), `\u`) {
			t.Fatalf("%q grants %v %s", payload, scopes, grants)
		}
		_ = content.name(claimNames, "s")
	})
}

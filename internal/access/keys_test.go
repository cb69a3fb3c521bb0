package access

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

func TestKeys_OpenWhatTheyWereMadeFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	expires := s.now().Add(time.Hour)
	key, text := s.make(t, KeyInput{
		Name: "Hurtownia żółta", Scopes: []Scope{ScopeExports, ScopeRead, ScopeRead}, ExpiresAt: &expires,
		Grants: Grants{Campaigns: []string{"b", "a"}, Agent: "7"},
	})
	actor, err := s.authenticate(t.Context(), text)
	must(t, err)
	want := Actor{Principal{
		Kind: APIKey, ID: key.KeyID, Name: "Hurtownia żółta", Scopes: []Scope{ScopeRead, ScopeExports},
		Grants: Grants{Campaigns: []string{"a", "b"}, Agent: "7"},
	}, home}
	if !reflect.DeepEqual(actor, want) {
		t.Fatalf("the key opens for %+v, want %+v", actor, want)
	}
	if key.CreatedBy != "local" || !key.CreatedAt.Equal(s.now()) || !key.ExpiresAt.Equal(expires) {
		t.Fatalf("the key is kept as %+v", key)
	}
	for i, header := range []string{"bearer " + text, "BEARER   " + text} {
		h := bearing(text)
		h.Set("Authorization", header)
		if _, err := s.authenticator.Authenticate(t.Context(), h, home); err != nil {
			t.Errorf("spelling %d of the scheme is refused: %v", i, err)
		}
	}
}

func TestKeys_KeepNothingThatOpensAnything(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key, text := s.make(t, KeyInput{})
	parsed, _ := parseToken(text)
	var row string
	must(t, s.pool.QueryRow(t.Context(), "SELECT to_jsonb(k)::text FROM api_keys k").Scan(&row))
	kept, err := json.Marshal(key)
	must(t, err)
	for _, found := range []string{row, string(kept), strings.Join(s.recorder.SQL(), "\n")} {
		if strings.Contains(found, parsed.secret) || strings.Contains(found, text) {
			t.Fatal("the secret is kept or was sent")
		}
	}
	for _, statement := range s.recorder.Statements() {
		for _, arg := range statement.Args {
			if arg == parsed.secret || arg == text {
				t.Fatal("the secret was sent")
			}
		}
	}
}

func TestKeys_RefuseARevokedOneWithinASecondInEveryProcess(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key, text := s.make(t, KeyInput{})
	other := NewAuthenticator(s.pool, NewKeys(s.db.Open(t, postgres.Config{}), signer, s.now, nil), nil, s.now)
	s.pass(time.Minute)
	for _, a := range []*Authenticator{s.authenticator, other} { // both hold it as good now
		_, err := a.Authenticate(t.Context(), bearing(text), home)
		must(t, err)
	}
	revoked, err := s.keys.Revoke(t.Context(), boss, key.ID)
	must(t, err)
	if revoked.RevokedBy == nil || *revoked.RevokedBy != "local" || !revoked.RevokedAt.Equal(s.now()) {
		t.Fatalf("revoked is %+v", revoked)
	}
	_, err = s.authenticate(t.Context(), text)
	wantReason(t, err, fault.KeyRevoked)
	s.pass(999 * time.Millisecond)
	_, err = other.Authenticate(t.Context(), bearing(text), home)
	wantReason(t, err, fault.KeyRevoked)

	s.pass(time.Hour)
	again, err := s.keys.Revoke(t.Context(), boss, key.ID)
	must(t, err)
	if !again.RevokedAt.Equal(*revoked.RevokedAt) {
		t.Fatal("a key was revoked twice")
	}
	_, err = s.keys.Revoke(t.Context(), boss, key.ID+1)
	wantReason(t, err, fault.IDUnknown)
}

func TestKeys_ReadOneOnceInHalfASecond(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, text := s.make(t, KeyInput{})
	s.recorder.Reset()
	for range 100 {
		_, err := s.authenticate(t.Context(), text)
		must(t, err)
	}
	if sql := s.recorder.SQL(); len(sql) != 2 { // the key, and that it is used
		t.Fatalf("100 requests took %d statements: %v", len(sql), sql)
	}
	s.pass(freshFor)
	s.recorder.Reset()
	_, err := s.authenticate(t.Context(), text)
	must(t, err)
	if sql := s.recorder.SQL(); len(sql) != 1 {
		t.Fatalf("an old key took %d statements: %v", len(sql), sql)
	}
}

func TestKeys_RefuseAnExpiredOneAtTheInstant(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	expires := s.now().Add(100 * time.Millisecond)
	_, text := s.make(t, KeyInput{ExpiresAt: &expires})
	_, err := s.authenticate(t.Context(), text)
	must(t, err)
	s.pass(100 * time.Millisecond)
	_, err = s.authenticate(t.Context(), text)
	wantReason(t, err, fault.CredentialsExpired)
	configured, err := s.keys.Configured(t.Context())
	must(t, err)
	if configured {
		t.Fatal("an expired key counts as one that opens something")
	}
}

func TestKeys_NoteTheLastUseToTheMinute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key, text := s.make(t, KeyInput{})
	used := func() *time.Time {
		found, err := s.keys.Find(t.Context(), Operator(), []int64{key.ID})
		must(t, err)
		return found[key.ID].LastUsedAt
	}
	if used() != nil {
		t.Fatal("a key that nobody used was used")
	}
	first := s.now()
	notes := 0
	for range 120 { // two minutes, a request a second
		s.recorder.Reset()
		_, err := s.authenticate(t.Context(), text)
		must(t, err)
		notes += len(slices.DeleteFunc(s.recorder.SQL(), func(sql string) bool { return !strings.HasPrefix(sql, "UPDATE") }))
		if last := used(); last == nil || s.now().Sub(*last) >= time.Minute || last.Before(first) {
			t.Fatalf("at %s the last use is %v", s.now(), last)
		}
		s.pass(time.Second)
	}
	if notes != 2 {
		t.Fatalf("two minutes of use were noted %d times", notes)
	}
}

func TestKeys_WorkWhenTheirUseCannotBeNoted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, text := s.make(t, KeyInput{})
	var log bytes.Buffer
	keys := NewKeys(s.db.Open(t, postgres.Config{ReadOnly: true}), signer, s.now, slog.New(slog.NewTextHandler(&log, nil)))
	a := NewAuthenticator(s.pool, keys, nil, s.now)
	_, err := a.Authenticate(t.Context(), bearing(text), home)
	must(t, err)
	parsed, _ := parseToken(text)
	if !strings.Contains(log.String(), "not noted") || strings.Contains(log.String(), parsed.secret) {
		t.Fatalf("the log says %q", log.String())
	}
}

func TestKeys_GiveOnlyWhatTheirMakerHas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	limited := Actor{Principal{
		Kind: APIKey, ID: "abcdefghij", Scopes: []Scope{ScopeAdmin, ScopeRead},
		Grants: Grants{Campaigns: []string{"a", "b"}, Agent: "me"},
	}, home}
	past := s.now()
	for name, c := range map[string]struct {
		by    Actor
		input KeyInput
		want  fault.Reason
	}{
		"no administrator": {Actor{Principal: Principal{Scopes: []Scope{ScopeRead}}}, KeyInput{}, fault.ScopeMissing},
		"nobody":           {Actor{}, KeyInput{}, fault.ScopeMissing},
		"a scope more":     {limited, KeyInput{Scopes: []Scope{ScopeRead, ScopeBcc}}, fault.ScopeMissing},
		"everything":       {limited, KeyInput{Grants: Grants{Unrestricted: true}}, fault.GrantExceeded},
		"a campaign more":  {limited, KeyInput{Grants: Grants{Campaigns: []string{"a", "c"}}}, fault.GrantExceeded},
		"a group":          {limited, KeyInput{Grants: Grants{AgentGroups: []string{"a"}}}, fault.GrantExceeded},
		"another agent":    {limited, KeyInput{Grants: Grants{Agent: "you"}}, fault.GrantExceeded},
		"unknown scope":    {boss, KeyInput{Scopes: []Scope{"root"}}, fault.ValueUnknown},
		"no scope":         {boss, KeyInput{Scopes: []Scope{}}, fault.ValueUnknown},
		"restricted write": {boss, KeyInput{Scopes: []Scope{ScopeRead, ScopeWrite}, Grants: Grants{Campaigns: []string{"a"}}}, fault.WriteRestricted},
		"write of nothing": {boss, KeyInput{Scopes: []Scope{ScopeWrite}}, fault.WriteRestricted},
		"past expiry":      {boss, KeyInput{ExpiresAt: &past}, fault.ExpiryPast},
		"NUL":              {boss, KeyInput{Name: "a\x00b"}, fault.TextMalformed},
		"no UTF-8":         {boss, KeyInput{Grants: Grants{Agent: "\xff"}}, fault.TextMalformed},
		"long name":        {boss, KeyInput{Name: strings.Repeat("ż", 257)}, fault.TextTooLong},
		"long list":        {boss, KeyInput{Grants: Grants{Campaigns: make([]string, 251)}}, fault.ListTooLong},
	} {
		if c.input.Name == "" {
			c.input.Name = "n"
		}
		if c.input.Scopes == nil {
			c.input.Scopes = []Scope{ScopeRead}
		}
		t.Run(name, func(t *testing.T) {
			_, text, err := s.keys.Create(t.Context(), c.by, c.input)
			wantReason(t, err, c.want)
			if text != "" {
				t.Fatal("a refused key was given out")
			}
		})
	}
	_, _, err := s.keys.Create(t.Context(), limited, KeyInput{
		Name: "n", Scopes: []Scope{ScopeRead}, Grants: Grants{Campaigns: []string{"b"}, Agent: "me"},
	})
	must(t, err)
	if n := s.count(t, "api_keys"); n != 1 {
		t.Fatalf("%d keys were made, want 1", n)
	}
}

func (s *site) count(t testing.TB, table string) (n int) {
	t.Helper()
	must(t, s.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestKeys_AreListedNewestFirstInPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var want []int64
	for range 7 {
		key, _ := s.make(t, KeyInput{})
		want = append([]int64{key.ID}, want...)
	}
	var got []int64
	two := 3
	for page := (relay.PageArgs{First: &two}); ; {
		connection, err := s.keys.List(t.Context(), Operator(), page)
		must(t, err)
		for _, key := range connection.Nodes() {
			got = append(got, key.ID)
		}
		if total, err := connection.TotalCount(t.Context()); err != nil || total != 7 {
			t.Fatalf("%d keys in all: %v", total, err)
		}
		if !connection.PageInfo().HasNextPage {
			break
		}
		page.After = connection.PageInfo().EndCursor
	}
	if !slices.Equal(got, want) {
		t.Fatalf("pages hold %v, want %v", got, want)
	}
	last, err := s.keys.List(t.Context(), Operator(), relay.PageArgs{Last: &two})
	must(t, err)
	if nodes := last.Nodes(); len(nodes) != 3 || nodes[2].ID != want[6] {
		t.Fatalf("the last page holds %v", nodes)
	}
	foreign := signer.Seal(relay.NewScope([]byte("downloads:")), make([]byte, 8))
	_, err = s.keys.List(t.Context(), Operator(), relay.PageArgs{First: &two, After: &foreign})
	wantReason(t, err, fault.CursorElsewhere)
	_, err = s.keys.List(t.Context(), Principal{}, relay.PageArgs{})
	wantReason(t, err, fault.ScopeMissing)
	_, err = s.keys.Find(t.Context(), Principal{}, want)
	wantReason(t, err, fault.ScopeMissing)
}

func TestKeys_AreFoundByWhatAPersonHasOfThem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key, text := s.make(t, KeyInput{})
	for _, name := range []string{key.KeyID, "kky_" + key.KeyID, text, "kky_" + key.KeyID + "_…"} {
		found, err := s.keys.Named(t.Context(), Operator(), name)
		must(t, err)
		if found.ID != key.ID {
			t.Fatalf("found %d", found.ID)
		}
	}
	for _, name := range []string{"", "kky_", "aaaaaaaaaa", "a\x00aaaaaaaa", key.KeyID + "x"} {
		_, err := s.keys.Named(t.Context(), Operator(), name)
		wantReason(t, err, fault.IDUnknown)
	}
}

func TestKeys_MadeBeforeWritingWasForTheUnrestrictedKeepReadingAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	grants := Grants{Campaigns: []string{"PS"}}
	old, text := s.make(t, KeyInput{Scopes: []Scope{ScopeRead, ScopeExports}, Grants: grants})
	revoked, _ := s.make(t, KeyInput{Grants: grants})
	s.make(t, KeyInput{Scopes: []Scope{ScopeRead, ScopeWrite}, Grants: Grants{Unrestricted: true}})
	_, err := s.pool.Exec(t.Context(), "UPDATE api_keys SET scopes = array_append(scopes, 'contacts:write')")
	must(t, err)
	_, err = s.keys.Revoke(t.Context(), boss, revoked.ID)
	must(t, err)
	want := Principal{Kind: APIKey, ID: old.KeyID, Name: old.Name, Scopes: []Scope{ScopeRead, ScopeExports}, Grants: grants}
	actor, err := s.authenticate(t.Context(), text)
	must(t, err)
	current, err := s.authenticator.Current(t.Context(), actor.String())
	must(t, err)
	if !reflect.DeepEqual(actor.Principal, want) || !reflect.DeepEqual(current, want) {
		t.Errorf("the key opens %+v and later %+v, want %+v", actor.Principal, current, want)
	}
	writers, err := s.keys.RestrictedWriters(t.Context())
	if err != nil || !slices.Equal(writers, []string{old.KeyID}) {
		t.Errorf("told of are %v (%v), want %s", writers, err, old.KeyID)
	}
}

package main

import (
	"net/http"
	"net/netip"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/pgtest"
)

var wholeKey = regexp.MustCompile(`^kky_([a-z2-7]{10})_[a-z2-7]{59}\n$`)

// administratorsKey makes a key that may do everything, through the binary.
func administratorsKey(t *testing.T, flags ...string) string {
	t.Helper()
	return strings.TrimSpace(mustRun(t, append([]string{"keys", "create", "--name", "test", "--scope", "all", "--unrestricted"}, flags...)...))
}

func TestKeys_AreMadeListedAndRevoked(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	where := []string{"--database-url", database.URL}
	run := func(args ...string) (out, errs string) {
		t.Helper()
		status, out, errs := command(t, nil, append(args, where...)...)
		if status != statusOK {
			t.Fatalf("%q: status %d: %s", args, status, errs)
		}
		return out, errs
	}
	who := func(key string) (access.Principal, error) {
		keys := access.NewKeys(database.Pool, nil, time.Now, nil)
		actor, err := access.NewAuthenticator(database.Pool, keys, nil, time.Now).
			Authenticate(t.Context(), http.Header{"Authorization": {"Bearer " + key}}, netip.Addr{})
		return actor.Principal, err
	}

	restricted, errs := run("keys", "create", "--name", "Sprzedaż, Anna", "--scope", "contacts:read,exports", "--campaign", "PS, A", "--campaign", "B",
		"--agent-group", "Infolinia", "--agent", "anna", "--expires", "90d")
	match := wholeKey.FindStringSubmatch(restricted)
	if match == nil {
		t.Fatalf("the key is not alone on standard output: %q", restricted)
	}
	if strings.Contains(errs, match[1]) || !strings.Contains(errs, "Sprzedaż, Anna") {
		t.Errorf("standard error says %q", errs)
	}
	principal, err := who(strings.TrimSpace(restricted))
	want := access.Principal{
		Kind: access.APIKey, ID: match[1], Name: "Sprzedaż, Anna", Scopes: []access.Scope{access.ScopeRead, access.ScopeExports},
		Grants: access.Grants{Campaigns: []string{"B", "PS, A"}, AgentGroups: []string{"Infolinia"}, Agent: "anna"},
	}
	if err != nil || !reflect.DeepEqual(principal, want) {
		t.Errorf("the key is %+v (%v), want %+v", principal, err, want)
	}
	all := administratorsKey(t, where...)
	if principal, err := who(all); err != nil || !principal.Grants.Unrestricted || len(principal.Scopes) != len(access.Scopes) {
		t.Errorf("the administrator's key is %+v, %v", principal, err)
	}

	list, _ := run("keys", "list")
	lines := strings.Split(strings.TrimSpace(list), "\n")
	in90Days := time.Now().AddDate(0, 0, 90).UTC().Format("2006-01")
	if len(lines) != 3 || !strings.HasPrefix(lines[2], match[1]) || !strings.Contains(lines[2], "agent anna, campaign B, campaign PS, A, group Infolinia") ||
		!strings.Contains(lines[2], "contacts:read, exports") || !strings.Contains(lines[2], in90Days) || !strings.Contains(lines[1], "  all  ") {
		t.Errorf("the list is\n%s", list)
	}
	if strings.Contains(list, strings.Split(all, "_")[2]) {
		t.Error("the list has a secret")
	}

	for range 2 { // to revoke again is safe
		run("keys", "revoke", match[1])
	}
	if _, err := who(strings.TrimSpace(restricted)); err == nil {
		t.Error("the key is taken after it was revoked")
	}
	if _, err := who(all); err != nil {
		t.Errorf("another key was revoked with it: %v", err)
	}
	run("keys", "revoke", all) // it begins with the id
	if _, err := who(all); err == nil {
		t.Error("the key is taken after it was revoked by its beginning")
	}
	if status, _, errs := command(t, nil, append([]string{"keys", "revoke", strings.Repeat("a", 10)}, where...)...); status != statusFailed || errs == "" {
		t.Errorf("an unknown key: status %d, %s", status, errs)
	}

	var actions, addresses int
	err = database.Pool.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE action IN ('MADE_KEY', 'REVOKED_KEY') AND principal = 'local'), count(address)
		FROM audit_events`).Scan(&actions, &addresses)
	if err != nil || actions != 4 || addresses != 0 {
		t.Errorf("%d entries of the local operator in the audit log, want 4, %d with an address (%v)", actions, addresses, err)
	}
}

func TestKeys_WorkBesideARunningServer(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	serving(t, directory, "serve")
	key := administratorsKey(t, "--data-dir", directory)
	if list := mustRun(t, "keys", "list", "--data-dir", directory); !strings.Contains(list, strings.Split(key, "_")[1]) {
		t.Errorf("the list lacks the key:\n%s", list)
	}
}

func TestKeys_ExpireAtAnInstantADayOrAfterALength(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"90d":                       now.AddDate(0, 0, 90),
		"36h":                       now.Add(36 * time.Hour),
		"2026-11-23":                time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		"2026-11-22T12:00:01+01:00": time.Date(2026, 11, 22, 11, 0, 1, 0, time.UTC),
	} {
		if got, ok := readExpiry(text, now); !ok || !got.Equal(want) {
			t.Errorf("%s: %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "0d", "-1h", "2026-11-22", "2026-11-22T10:00:00Z", "90", "soon", "2026-13-01", "99999999d"} {
		if at, ok := readExpiry(text, now); ok {
			t.Errorf("%q is taken for %v", text, at)
		}
	}
}

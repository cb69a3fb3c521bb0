package main

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/server"
)

func TestCommand_TellsEveryFaultAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(file, []byte(`{"log-format": "loud", "colour": "red", "allow-origins": ["https://a.example", "b"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTAKTY_TIME_ZONE", "Mars/Olympus")
	t.Setenv("KONTAKTY_DATABASE_URL", "nonsense://user:hunter2@host")

	var out, errs bytes.Buffer
	status := run(t.Context(), []string{
		"serve", "--config", file, "--listen", "8080", "--public-url", "ftp://x", "--migrate=perhaps",
		"--files-url", "s3:/x", "--files-expire-after", "31d", "--files-at-once", "0", "--files-per-person", "none",
		"--oidc-issuer", "http://sso.example.com", "--oidc-audience", "kontakty", "--oidc-roles", "boss,clerk=everything",
		"--trusted-proxies", "10.0.0.0/8,everybody", "--limits", "depth=0,width=3", "--rate-burst", "0", "--request-timeout", "1h",
	}, terminal{out: &out, err: &errs})
	if status != statusWrong {
		t.Errorf("status %d, want %d", status, statusWrong)
	}
	stderr := errs.String()
	for _, want := range []string{
		`--listen: "8080"`, `--public-url: "ftp://x"`, `--time-zone: "Mars/Olympus"`, `--database-url: not the URL`,
		`--log-format: "loud"`, `--migrate: "perhaps"`, `"colour" is not a setting`, `--allow-origins: "b"`,
		`--files-url: "s3:/x"`, `--files-expire-after: "31d" is not a time from 1d to 30d`, `--files-at-once: "0"`, `--files-per-person: "none"`,
		"--oidc-issuer: the issuer must be reached over https", `--oidc-roles: "boss" is not`, `--oidc-roles: "everything" of the role "clerk" is no scope`,
		`--trusted-proxies: "everybody"`, `--limits: "0" is not`, `--limits: "width" is no limit`, `--rate-burst: "0"`, `--request-timeout: "1h"`,
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%s is not printed", want)
		}
	}
	if lines := strings.Count(stderr, "\n"); lines != 21 {
		t.Errorf("%d lines for 20 faults:\n%s", lines, stderr)
	}
	if strings.Contains(stderr, "hunter2") {
		t.Error("the password of the database is shown")
	}
}

func TestCommand_FlagsWinOverTheEnvironmentAndThatOverTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	content := `{"listen": "127.0.0.1:1", "time-zone": "Asia/Tokyo", "log-format": "json", "allow-origins": ["https://a.example", "https://b.example"]}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTAKTY_CONFIG", file)
	t.Setenv("KONTAKTY_LISTEN", "127.0.0.1:2")
	t.Setenv("KONTAKTY_TIME_ZONE", "Europe/Paris")

	var wrong flags.Faults
	selected, err := parseLine([]string{"serve", "--listen", "127.0.0.1:3"}, terminal{out: &bytes.Buffer{}, err: &bytes.Buffer{}}, &wrong)
	if err != nil {
		t.Fatal(err)
	}
	serve := selected.(*serveCommand)
	serve.check(&wrong)
	if len(wrong) > 0 {
		t.Fatalf("faults: %v", wrong)
	}
	if serve.Listen != "127.0.0.1:3" {
		t.Errorf("listen %q: the flag does not win", serve.Listen)
	}
	if serve.Zone().String() != "Europe/Paris" {
		t.Errorf("zone %s: the environment does not win over the file", serve.Zone())
	}
	if serve.LogFormat != "json" || len(serve.AllowOrigins) != 2 {
		t.Errorf("log format %q, origins %q: the file is not read", serve.LogFormat, serve.AllowOrigins)
	}
}

func TestCommand_ReadsTheSettingsOfFiles(t *testing.T) {
	t.Setenv("KONTAKTY_FILES_EXPIRE_AFTER", "36h")
	var wrong flags.Faults
	args := []string{"worker", "--files-url", "s3://files?region=eu-central-1", "--files-at-once", "3", "--files-redirect", "--contacts-per-file", "2_000"}
	selected, err := parseLine(args, terminal{out: &bytes.Buffer{}, err: &bytes.Buffer{}}, &wrong)
	if err != nil {
		t.Fatal(err)
	}
	worker := selected.(*workerCommand)
	if worker.check(&wrong); len(wrong) > 0 {
		t.Fatalf("faults: %v", wrong)
	}
	want := server.FilesConfig{
		Bucket: "s3://files?region=eu-central-1", Expiry: 36 * time.Hour, Concurrency: 3, Redirect: true,
		Limits: export.Limits{UnfinishedPerPerson: 2, Queued: 20, ContactsPerFile: 2_000},
	}
	if got := worker.Files.Config("data"); got != want {
		t.Errorf("read as %+v, want %+v", got, want)
	}
	worker.FilesURL = ""
	if bucket := worker.Address("/data"); bucket != "file:///data/files?dir_file_mode=0700" {
		t.Errorf("the bucket in the data directory is %s", bucket)
	}
}

func TestCommand_ReadsTheSettingsOfAccessAndLimits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	content := `{"oidc-roles": ["head=of=sales=contacts:read+unrestricted", "clerk=contacts:read"], "limits": ["depth=12", "body-bytes=1000"], "rate-burst": 5000}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTAKTY_OIDC_ISSUER", "https://sso.example.com/realms/bank")
	var wrong flags.Faults
	args := []string{"serve", "--config", file, "--oidc-audience", "kontakty", "--oidc-roles-claim", "realm_access.roles", "--trusted-proxies", "10.1.2.3/8", "--no-introspection"}
	selected, err := parseLine(args, terminal{out: &bytes.Buffer{}, err: &bytes.Buffer{}}, &wrong)
	if err != nil {
		t.Fatal(err)
	}
	serve := selected.(*serveCommand)
	if serve.check(&wrong); len(wrong) > 0 {
		t.Fatalf("faults: %v", wrong)
	}
	want := access.OIDCConfig{
		Issuer: "https://sso.example.com/realms/bank", Audience: "kontakty", Algorithms: []string{"RS256", "ES256"},
		Claims: access.ClaimNames{
			Scopes: "scope", Roles: "realm_access.roles", Campaigns: "kontakty_campaigns", AgentGroups: "kontakty_agent_groups",
			Agent: "kontakty_agent", Name: "name",
		},
		Roles: map[string]access.Role{
			"head=of=sales": {Scopes: []access.Scope{access.ScopeRead}, Unrestricted: true},
			"clerk":         {Scopes: []access.Scope{access.ScopeRead}},
		},
	}
	if got := serve.OIDC.Config().Provider; !reflect.DeepEqual(got, want) {
		t.Errorf("the provider is\n%+v, want\n%+v", got, want)
	}
	if got, want := serve.Serving.Config(), (server.HTTPConfig{
		Listen: "127.0.0.1:8080", Proxies: server.Proxies{netip.MustParsePrefix("10.0.0.0/8")},
		RatePerMinute: 600_000, RateBurst: 5000, RequestTimeout: 10 * time.Second, StatementTimeout: 5 * time.Second, WriteConnections: 6,
		Limits: guard.Limits{Depth: 12, BodyBytes: 1000}, NoIntrospection: true,
	}); !reflect.DeepEqual(got, want) {
		t.Errorf("read as\n%+v, want\n%+v", got, want)
	}
}

func TestCommand_TeachesByExamples(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"demo", "serve", "worker", "migrate", "import", "seed", "fsck", "keys create", "keys list", "keys revoke"} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), append(strings.Fields(command), "--help"), terminal{out: &out, err: &errs}); status != statusOK {
			t.Errorf("%s --help: status %d: %s", command, status, errs.String())
		}
		if !strings.Contains(out.String(), "Examples:") || !strings.Contains(out.String(), "kontakty "+command) {
			t.Errorf("%s --help shows no example", command)
		}
	}
}

func TestCommand_WrongLineDoesNothingAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing.ndjson")
	for _, args := range [][]string{
		{"migrate"},
		{"migrate", "sideways"},
		{"import"},
		{"import", missing},
		{"import", "-", "-"},
		{"import", t.TempDir()},
		{"seed", "--contacts", "many"},
		{"seed", "--months", "0"},
		{"seed", "--seed", "-1"},
		{"seed", "--until", "yesterday"},
		{"dance"},
		{"serve", "--lisen", ":1"},
		{"serve", "--config", missing},
		{"worker", "--files-expire-after", "1h"},
		{"worker", "--files-expire-after", "soon"},
		{"serve", "--oidc-audience", "kontakty"},
		{"serve", "--oidc-issuer", "https://sso.example.com"},
		{"serve", "--oidc-issuer", "https://sso.example.com", "--oidc-audience", "kontakty", "--oidc-algorithms", "HS256"},
		{"serve", "--oidc-issuer", "https://sso.example.com", "--oidc-audience", "kontakty", "--oidc-roles", "a=exports,a=admin"},
		{"serve", "--statement-timeout", "0s"},
		{"serve", "--write-connections", "0"},
		{"serve", "--shutdown-delay", "11m"},
		{"serve", "--metrics-listen", "9090"},
		{"worker", "--metrics-listen", "http://127.0.0.1:9090"},
		{"import", "--metrics-listen", "9090", "-"},
		{"fsck", "--files-url", "https://example.com/files"},
		{"fsck", "--recordings-url", "https://example.com/recordings"},
		{"serve", "--recordings-url", "recordings"},
		{"serve", "--recordings-url", "file:///a,file:///b"},
		{"demo", "--attachments-url", "pbx1=file:///a,pbx1=file:///b"},
		{"keys"},
		{"keys", "create", "--scope", "contacts:write"},
		{"keys", "create", "--name", " ", "--scope", "contacts:write"},
		{"keys", "create", "--name", "x"},
		{"keys", "create", "--name", "x", "--scope", "contacts:everything"},
		{"keys", "create", "--name", "x", "--scope", "contacts:read"},
		{"keys", "create", "--name", "x", "--scope", "exports"},
		{"keys", "create", "--name", "x", "--scope", "contacts:write"},
		{"keys", "create", "--name", "x", "--scope", "all", "--campaign", "PS"},
		{"serve", "--oidc-issuer", "https://sso.example.com", "--oidc-audience", "kontakty", "--oidc-roles", "a=contacts:write"},
		{"keys", "create", "--name", "x", "--scope", "admin", "--expires", "2020-01-01"},
		{"keys", "revoke"},
	} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &out, err: &errs}); status != statusWrong {
			t.Errorf("%q: status %d, want %d", args, status, statusWrong)
		}
		if !strings.Contains(errs.String(), "; ") {
			t.Errorf("%q: no remedy in %q", args, errs.String())
		}
	}
}

func TestCommand_SECURITYNamesEveryLimitWithItsDefault(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join("..", "..", "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range strings.Split(flags.LimitsInWords(), ", ") {
		name, value, _ := strings.Cut(limit, "=")
		if !strings.Contains(string(content), "| `--limits "+name+"=` | "+value+" |\n") {
			t.Errorf("SECURITY.md does not say that %s is %s", name, value)
		}
	}
	var wrong flags.Faults
	selected, err := parseLine([]string{"serve"}, terminal{out: &bytes.Buffer{}, err: &bytes.Buffer{}}, &wrong)
	if err != nil {
		t.Fatal(err)
	}
	serve := selected.(*serveCommand)
	for flag, value := range map[string]string{
		"rate-per-minute": string(serve.RatePerMinute), "rate-burst": string(serve.RateBurst),
		"request-timeout": string(serve.RequestTimeout), "statement-timeout": string(serve.StatementTimeout),
	} {
		if !strings.Contains(string(content), "| `--"+flag+"` | "+value+" |\n") {
			t.Errorf("SECURITY.md does not say that --%s is %s", flag, value)
		}
	}
}

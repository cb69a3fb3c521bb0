package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kontakty/kontakty"

// borders is which packages of this module each package may import. A new package adds a line here, and thereby says
// where it stands: cmd -> server -> graph -> {export, report, ingest}, export -> workbook -> {report, xlsx}, ingest -> {format, directory},
// report -> {plan, directory, calendar}, and all of these -> contact -> relay.
var borders = map[string][]string{
	"cmd/benchmark":                  {"cmd/benchmark/floor", "internal/contact", "internal/directory", "internal/ingest", "internal/postgres", "internal/postgres/embedded", "internal/relay", "internal/report", "internal/sample"},
	"cmd/benchmark/floor":            {"internal/relay"},
	"cmd/kontakty":                   {"cmd/kontakty/flags", "internal/access", "internal/changes", "internal/export", "internal/ingest", "internal/ingest/fill", "internal/ingest/format", "internal/media", "internal/months", "internal/postgres", "internal/relay", "internal/sample", "internal/sample/speech", "internal/server", "internal/storage", "internal/telephony", "internal/telephony/sources", "internal/telephony/system"},
	"cmd/kontakty/flags":             {"graph/guard", "internal/access", "internal/export", "internal/ingest", "internal/media", "internal/server", "internal/tracing"},
	"graph":                          {"graph/compiled", "graph/generated", "graph/guard", "graph/lookahead", "graph/schema", "graph/transport", "internal/access", "internal/contact", "internal/directory", "internal/export", "internal/fault", "internal/httpfault", "internal/ingest", "internal/ingest/format", "internal/media", "internal/relay", "internal/report", "internal/summary", "internal/telephony/sources", "internal/workbook"},
	"graph/compiled":                 {"internal/contact", "internal/directory", "internal/relay", "internal/report"},
	"graph/generated":                {"graph/schema", "internal/access", "internal/contact", "internal/directory", "internal/export", "internal/fault", "internal/ingest/format", "internal/media", "internal/relay", "internal/report", "internal/summary", "internal/workbook"},
	"graph/guard":                    {"graph/schema", "internal/access", "internal/fault", "internal/ingest/format", "internal/postgres", "internal/relay"},
	"graph/schema":                   {"internal/access", "internal/contact", "internal/directory", "internal/export", "internal/fault", "internal/ingest", "internal/ingest/format", "internal/relay", "internal/telephony/sources"},
	"graph/lookahead":                {"graph/schema", "internal/contact", "internal/report/plan", "internal/summary"},
	"graph/transport":                {"graph/guard", "internal/fault", "internal/httpfault"},
	"internal/access":                {"internal/contact", "internal/fault", "internal/newest", "internal/postgres", "internal/relay"},
	"internal/address":               {},
	"internal/ahead":                 {},
	"internal/calendar":              {"internal/contact", "internal/fault"},
	"internal/changes":               {"internal/postgres"},
	"internal/contact":               {"internal/address", "internal/fault", "internal/relay"},
	"internal/directory":             {"internal/contact", "internal/fault", "internal/relay"},
	"internal/disk":                  {},
	"internal/export":                {"internal/access", "internal/address", "internal/contact", "internal/directory", "internal/export/rights", "internal/fault", "internal/httpfault", "internal/link", "internal/newest", "internal/postgres", "internal/relay", "internal/report", "internal/storage", "internal/workbook"},
	"internal/export/rights":         {"internal/access", "internal/contact", "internal/postgres"},
	"internal/fault":                 {},
	"internal/holiday":               {},
	"internal/httpfault":             {"internal/access", "internal/fault"},
	"internal/ingest":                {"internal/address", "internal/ahead", "internal/changes", "internal/contact", "internal/directory", "internal/fault", "internal/ingest/format", "internal/months", "internal/pgbinary", "internal/postgres"},
	"internal/ingest/fill":           {"internal/address", "internal/changes", "internal/contact", "internal/ingest", "internal/months", "internal/postgres"},
	"internal/ingest/format":         {"internal/address", "internal/contact"},
	"internal/link":                  {"internal/access", "internal/fault", "internal/httpfault", "internal/postgres", "internal/relay"},
	"internal/media":                 {"internal/access", "internal/contact", "internal/fault", "internal/httpfault", "internal/link", "internal/postgres", "internal/relay", "internal/report", "internal/sound", "internal/storage"},
	"internal/months":                {"internal/postgres"},
	"internal/newest":                {"internal/fault", "internal/relay"},
	"internal/pgbinary":              {},
	"internal/pgtest":                {"internal/postgres", "internal/postgres/embedded"},
	"internal/postgres":              {"internal/fault", "migrations"},
	"internal/postgres/embedded":     {"internal/disk"},
	"internal/relay":                 {"internal/fault"},
	"internal/report":                {"internal/ahead", "internal/calendar", "internal/contact", "internal/directory", "internal/fault", "internal/months", "internal/pgbinary", "internal/relay", "internal/report/plan", "internal/statement"},
	"internal/report/plan":           {"internal/calendar", "internal/contact", "internal/months", "internal/relay"},
	"internal/sample":                {"internal/changes", "internal/contact", "internal/directory", "internal/holiday", "internal/ingest", "internal/ingest/format", "internal/pgbinary", "internal/postgres"},
	"internal/sample/speech":         {"internal/sound", "internal/sound/gsm", "internal/storage"},
	"internal/server":                {"graph", "graph/guard", "internal/access", "internal/changes", "internal/contact", "internal/directory", "internal/disk", "internal/export", "internal/fault", "internal/httpfault", "internal/ingest", "internal/ingest/fill", "internal/ingest/format", "internal/media", "internal/months", "internal/postgres", "internal/postgres/embedded", "internal/relay", "internal/report", "internal/statement", "internal/storage", "internal/telemetry", "internal/telephony/sources", "internal/tracing", "internal/web"},
	"internal/sound":                 {"internal/sound/gsm"},
	"internal/sound/gsm":             {},
	"internal/statement":             {},
	"internal/storage":               {},
	"internal/storage/storagetest":   {},
	"internal/summary":               {"internal/calendar", "internal/contact", "internal/directory", "internal/fault", "internal/pgbinary", "internal/report", "internal/report/plan"},
	"internal/telemetry":             {"internal/disk", "internal/statement"},
	"internal/tracing":               {"internal/statement"},
	"internal/tracing/tracingtest":   {},
	"internal/web":                   {},
	"internal/workbook":              {"internal/address", "internal/ahead", "internal/contact", "internal/directory", "internal/fault", "internal/relay", "internal/report", "internal/xlsx"},
	"internal/workbook/workbooktest": {"internal/contact", "internal/postgres"},
	"internal/xlsx":                  {},
	"migrations":                     {},

	"internal/telephony":                       {"internal/address", "internal/ahead", "internal/contact", "internal/ingest", "internal/ingest/format", "internal/months", "internal/postgres"},
	"internal/telephony/asterisk":              {"internal/contact", "internal/ingest/format", "internal/telephony"},
	"internal/telephony/asterisk/exchangetest": {},
	"internal/telephony/asterisk/played":       {},
	"internal/telephony/sources":               {},
	"internal/telephony/asterisk/reader":       {"internal/telephony", "internal/telephony/asterisk"},
	"internal/telephony/connect":               {"internal/contact", "internal/telephony"},
	"internal/telephony/freeswitch":            {"internal/contact", "internal/telephony"},
	"internal/telephony/freeswitch/reader":     {"internal/telephony", "internal/telephony/freeswitch"},
	"internal/telephony/system":                {"internal/postgres", "internal/telephony", "internal/telephony/asterisk", "internal/telephony/asterisk/reader", "internal/telephony/connect", "internal/telephony/freeswitch", "internal/telephony/freeswitch/reader"},
}

// libraries is where a library may be imported, tests apart: behind one deep package each.
var libraries = map[string][]string{
	"github.com/99designs/gqlgen":      {"graph"},
	"github.com/vektah/gqlparser":      {"graph"},
	"github.com/xuri/excelize":         {"internal/xlsx", "cmd/benchmark"}, // the benchmark measures it as a rival
	"database/sql":                     {"internal/report", "internal/postgres", "internal/telephony/asterisk"},
	"github.com/jackc/pgx/v5/pgxpool":  {"cmd/benchmark", "internal/pgtest", "internal/postgres", "internal/server", "internal/telemetry"},
	"github.com/jackc/pgx/v5/stdlib":   {"internal/report", "internal/postgres"},
	"github.com/uptrace/bun":           {"internal/access", "internal/contact", "internal/directory", "internal/export", "internal/ingest", "internal/newest", "internal/postgres", "internal/report", "internal/sample"},
	"github.com/riverqueue/river":      {"internal/export", "internal/postgres"},
	"github.com/nyaruka":               {"internal/contact"},
	"gocloud.dev":                      {"internal/storage"},
	"github.com/go-sql-driver/mysql":   {"internal/telephony/asterisk"},
	"github.com/alecthomas/kong":       {"cmd/kontakty"},
	"github.com/hashicorp/golang-lru":  {"graph/compiled", "internal/access", "internal/media"},
	"github.com/prometheus":            {"internal/telemetry"},
	"github.com/vikstrous/dataloadgen": {"graph"},
	"go.opentelemetry.io":              {"internal/tracing"},
	"github.com/coder/websocket":       {"graph/transport"},
	"github.com/zaf/g711":              {"internal/sound"},
	"github.com/rickar/cal":            {"internal/holiday"},
}

// standardOnly are packages that import nothing but the standard library and each other.
var standardOnly = []string{"internal/relay", "internal/fault"}

type listedPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func TestBorders_AreKeptByPackages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, listed := range listPackages(t) {
		name := strings.TrimPrefix(listed.ImportPath, module+"/")
		if name == listed.ImportPath {
			if listed.ImportPath == module && len(listed.Imports) > 0 {
				t.Errorf("there is no package at the root: its files belong into one of the others")
			}
			continue
		}
		seen[name] = true
		allowed, known := borders[name]
		if !known && len(listed.Imports) > 0 {
			t.Errorf("%s is not in the table of borders: say what it may import", name)
		}
		for _, imported := range listed.Imports {
			own, isOwn := strings.CutPrefix(imported, module+"/")
			switch {
			case isOwn && !slices.Contains(allowed, own):
				t.Errorf("%s must not import %s", name, own)
			case !isOwn && slices.Contains(standardOnly, name) && strings.Contains(strings.Split(imported, "/")[0], "."):
				t.Errorf("%s must import nothing but the standard library, not %s", name, imported)
			case !isOwn && !mayUse(name, imported):
				t.Errorf("%s must not import the library %s", name, imported)
			}
		}
		for _, imported := range slices.Concat(listed.TestImports, listed.XTestImports) {
			if strings.HasPrefix(name, "internal/") && name != "internal/server" && (strings.HasPrefix(imported, module+"/graph") || strings.HasPrefix(imported, "github.com/99designs/gqlgen")) {
				t.Errorf("the tests of %s must not import %s", name, imported)
			}
		}
	}
	for name := range borders {
		if !seen[name] {
			t.Errorf("the table of borders names %s, which is gone", name)
		}
	}
}

// mayUse says whether a package may import a library. Packages below an allowed one may, too.
func mayUse(name, imported string) bool {
	for library, users := range libraries {
		if imported != library && !strings.HasPrefix(imported, library+"/") {
			continue
		}
		return slices.ContainsFunc(users, func(user string) bool { return name == user || strings.HasPrefix(name, user+"/") })
	}
	return true
}

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...").Output()
	if err != nil {
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			t.Fatalf("go list: %s", exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []listedPackage
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var listed listedPackage
		err := decoder.Decode(&listed)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, listed)
	}
}

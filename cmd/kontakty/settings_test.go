package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryFaultOfTheConfigurationIsToldAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(file, []byte(`{"log-format": "loud", "colour": "red", "allow-origins": ["https://a.example", "b"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTAKTY_TIME_ZONE", "Mars/Olympus")
	t.Setenv("KONTAKTY_DATABASE_URL", "nonsense://user:hunter2@host")

	var out, errs bytes.Buffer
	status := run(t.Context(), []string{"serve", "--config", file, "--listen", "8080", "--public-url", "ftp://x", "--migrate=perhaps"}, terminal{out: &out, err: &errs})
	if status != statusWrong {
		t.Errorf("status %d, want %d", status, statusWrong)
	}
	told := errs.String()
	for _, want := range []string{
		`--listen: "8080"`, `--public-url: "ftp://x"`, `--time-zone: "Mars/Olympus"`, `--database-url: not the URL`,
		`--log-format: "loud"`, `--migrate: "perhaps"`, `"colour" is not a setting`, `--allow-origins: "b"`,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("%s is not told", want)
		}
	}
	if lines := strings.Count(told, "\n"); lines != 9 {
		t.Errorf("%d lines for 8 faults:\n%s", lines, told)
	}
	if strings.Contains(told, "hunter2") {
		t.Error("the password of the database is shown")
	}
}

func TestFlagsWinOverTheEnvironmentAndTheEnvironmentOverTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	content := `{"listen": "127.0.0.1:1", "time-zone": "Asia/Tokyo", "log-format": "json", "allow-origins": ["https://a.example", "https://b.example"]}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTAKTY_CONFIG", file)
	t.Setenv("KONTAKTY_LISTEN", "127.0.0.1:2")
	t.Setenv("KONTAKTY_TIME_ZONE", "Europe/Paris")

	var wrong faults
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
	if serve.zone.String() != "Europe/Paris" {
		t.Errorf("zone %s: the environment does not win over the file", serve.zone)
	}
	if serve.LogFormat != "json" || len(serve.AllowOrigins) != 2 {
		t.Errorf("log format %q, origins %q: the file is not read", serve.LogFormat, serve.AllowOrigins)
	}
}

func TestEveryCommandTeaches(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"demo", "serve", "migrate", "import", "seed"} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), []string{command, "--help"}, terminal{out: &out, err: &errs}); status != statusOK {
			t.Errorf("%s --help: status %d: %s", command, status, errs.String())
		}
		if !strings.Contains(out.String(), "Examples:") || !strings.Contains(out.String(), "kontakty "+command) {
			t.Errorf("%s --help shows no example", command)
		}
	}
}

func TestAWrongCommandLineDoesNothingAndSaysWhatToDo(t *testing.T) {
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

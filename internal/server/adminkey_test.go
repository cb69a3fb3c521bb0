package server

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
)

// sessionKey is the key that our pages get, "" for none.
func sessionKey(t *testing.T, base, host string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/session.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		request.Host = host
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct{ Key string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatalf("status %d: %v", response.StatusCode, err)
	}
	return answer.Key
}

// readAdminKey is the key that a demo keeps.
func readAdminKey(t *testing.T, dataDir string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dataDir, adminKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(content))
}

func TestAdminKey_IsKeptUntilItOpensNothing(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	config := configFor(t, database.URL)
	config.Demo = true
	path := filepath.Join(config.Database.DataDir, adminKeyFile)
	start := func() string {
		t.Helper()
		m := started(t, config, slog.New(slog.DiscardHandler))
		key := readAdminKey(t, config.Database.DataDir)
		if opens, err := m.principals.opensEverything(context.Background(), key); err != nil || !opens {
			t.Errorf("the key in the file does not open everything (%v)", err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file has mode %v (%v)", info.Mode(), err)
		}
		if !strings.Contains(m.SignInNotice(), key) || m.adminKey != key {
			t.Error("the key is not printed")
		}
		if got := sessionKey(t, m.URL(), ""); got != key {
			t.Errorf("the pages get %q", got)
		}
		if got := sessionKey(t, m.URL(), "kontakty.example.com"); got != "" {
			t.Error("the pages get the key under a foreign name")
		}
		return key
	}

	first := start()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if again := start(); again != first {
		t.Error("the next start makes another key")
	}

	before := first
	for what, spoil := range map[string]func() error{
		"the file is lost":   func() error { return os.Remove(path) },
		"the file is empty":  func() error { return os.WriteFile(path, nil, 0o600) },
		"the key is unknown": func() error { return os.WriteFile(path, []byte(before[:len(before)-1]), 0o600) },
		"the key is revoked": func() error {
			_, err := database.Pool.Exec(t.Context(), "UPDATE api_keys SET revoked_at = now(), revoked_by = 'local' WHERE key_id = $1", strings.Split(before, "_")[1])
			return err
		},
		"the key may less": func() error {
			_, err := database.Pool.Exec(t.Context(), "UPDATE api_keys SET scopes = '{admin}' WHERE key_id = $1", strings.Split(before, "_")[1])
			return err
		},
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		after := start()
		if after == before {
			t.Errorf("%s: no other key is made", what)
		}
		before = after
	}
	left, err := fs.Glob(os.DirFS(config.Database.DataDir), adminKeyFile+"*")
	if err != nil || len(left) != 1 {
		t.Errorf("in the data directory: %v (%v)", left, err)
	}
}

func TestAdminKey_IsKeptFromPagesThatOthersReach(t *testing.T) {
	t.Parallel()
	config := configFor(t, pgtest.New(t).URL)
	config.Demo, config.Listen = true, ":0"
	m := started(t, config, slog.New(slog.DiscardHandler))
	if got := sessionKey(t, m.URL(), ""); got != "" {
		t.Error("the pages get the key")
	}
	if readAdminKey(t, config.Database.DataDir) == "" {
		t.Error("there is no key")
	}
}

func TestAdminKey_IsADemosAlone(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	allowed(t, database.Pool)
	config := configFor(t, database.URL)
	if got := sessionKey(t, started(t, config, slog.New(slog.DiscardHandler)).URL(), ""); got != "" {
		t.Error("the pages get a key")
	}
	if _, err := os.Stat(filepath.Join(config.Database.DataDir, adminKeyFile)); !os.IsNotExist(err) {
		t.Errorf("in the data directory: %v", err)
	}
}

package server

import (
	"log/slog"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestSignIn_RequiresCredentialsWhereOthersReachTheServer(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for name, open := range map[string]func(*Config){
		"every network":  func(c *Config) { c.Listen = ":0" },
		"behind a proxy": func(c *Config) { c.PublicURL = "https://contacts.example.com" },
	} {
		config := configFor(t, database.URL)
		open(&config)
		refused := New(config, slog.New(slog.DiscardHandler), time.Now)
		err := refused.Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), "kontakty keys create") {
			t.Errorf("%s, no key: %v", name, err)
		}
		if status, _ := get(t, "", refused.URL()+"/graphiql"); status != http.StatusServiceUnavailable {
			t.Errorf("%s, no key: the page answers %d", name, status)
		}
		if err := refused.Close(); err != nil {
			t.Error(err)
		}
	}

	alone := started(t, configFor(t, database.URL), slog.New(slog.DiscardHandler))
	if notice := alone.SignInNotice(); !strings.Contains(notice, "kontakty keys create") {
		t.Errorf("on this machine alone, the notice is %q", notice)
	}

	everywhere := configFor(t, database.URL)
	everywhere.Listen = ":0"
	tokens := everywhere
	tokens.SignIn.Provider = access.OIDCConfig{Issuer: "https://sso.invalid", Audience: "kontakty"}
	started(t, tokens, slog.New(slog.DiscardHandler))

	key := allowed(t, database.Pool)
	if notice := started(t, everywhere, slog.New(slog.DiscardHandler)).SignInNotice(); notice != "" {
		t.Errorf("with a key, the notice is %q", notice)
	}
	if _, err := database.Pool.Exec(t.Context(), "UPDATE api_keys SET revoked_at = now(), revoked_by = 'local' WHERE key_id = $1", strings.Split(key, "_")[1]); err != nil {
		t.Fatal(err)
	}
	refused := New(everywhere, slog.New(slog.DiscardHandler), time.Now)
	if err := refused.Run(t.Context()); err == nil {
		t.Error("a revoked key counts")
	}
	if err := refused.Close(); err != nil {
		t.Error(err)
	}
}

func TestSignIn_AdvisedCommandWorksInAShell(t *testing.T) {
	t.Parallel()
	advised := DatabaseConfig{DataDir: `/srv/Anna's "data" $HOME`}
	words, err := exec.CommandContext(t.Context(), "sh", "-c", "printf '%s|' "+advised.keyCommand()).Output()
	if err != nil || string(words) != `kontakty|keys|create|--name|Me|--scope|all|--unrestricted|--data-dir|/srv/Anna's "data" $HOME|` {
		t.Errorf("%s (%v)", words, err)
	}
	advised.URL = "postgres://kontakty:hunter2@db.example.com/kontakty"
	if strings.Contains(advised.keyCommand(), "hunter2") {
		t.Error("the password of the database is shown")
	}
}

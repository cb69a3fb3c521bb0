package main

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

func TestNobodyServesTheWorldBeforeSomebodyCouldBeLetIn(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for name, open := range map[string]func(*options){
		"every network": func(o *options) { o.Listen = ":0" },
		"behind a proxy": func(o *options) {
			var wrong faults
			o.PublicURL, o.TimeZone, o.LogFormat = "https://contacts.example.com", "Europe/Warsaw", "text"
			o.servingFlags.check(&wrong)
		},
	} {
		options := optionsFor(t, database.URL)
		open(&options)
		refused := New(options, slog.New(slog.DiscardHandler), time.Now)
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

	alone := started(t, optionsFor(t, database.URL), slog.New(slog.DiscardHandler))
	if notice := alone.signInNotice(); !strings.Contains(notice, "kontakty keys create") {
		t.Errorf("on this machine alone, the notice is %q", notice)
	}

	everywhere := optionsFor(t, database.URL)
	everywhere.Listen = ":0"
	tokens := everywhere
	tokens.settings = access.OIDCConfig{Issuer: "https://sso.invalid", Audience: "kontakty"}
	tokens.Issuer = tokens.settings.Issuer
	started(t, tokens, slog.New(slog.DiscardHandler))

	key := administratorsKey(t, "--database-url", database.URL)
	if notice := started(t, everywhere, slog.New(slog.DiscardHandler)).signInNotice(); notice != "" {
		t.Errorf("with a key, the notice is %q", notice)
	}
	mustRun(t, "keys", "revoke", "--database-url", database.URL, strings.Split(key, "_")[1])
	refused := New(everywhere, slog.New(slog.DiscardHandler), time.Now)
	if err := refused.Run(t.Context()); err == nil {
		t.Error("a revoked key counts")
	}
	if err := refused.Close(); err != nil {
		t.Error(err)
	}
}

func TestTheCommandThatIsAdvisedWorksInAShell(t *testing.T) {
	t.Parallel()
	advised := options{databaseFlags: databaseFlags{dataFlags: dataFlags{DataDir: `/srv/Anna's "data" $HOME`}}}
	words, err := exec.CommandContext(t.Context(), "sh", "-c", "printf '%s|' "+advised.keyCommand()).Output()
	if err != nil || string(words) != `kontakty|keys|create|--name|Me|--scope|all|--unrestricted|--data-dir|/srv/Anna's "data" $HOME|` {
		t.Errorf("%s (%v)", words, err)
	}
	advised.DatabaseURL = "postgres://kontakty:hunter2@db.example.com/kontakty"
	if strings.Contains(advised.keyCommand(), "hunter2") {
		t.Error("the password of the database is shown")
	}
}

package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
)

// told is what a backend tells Prometheus.
func told(b *backend) string {
	recorder := httptest.NewRecorder()
	b.metrics.Handler().ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	return recorder.Body.String()
}

func TestFigures_TellOfFilesThatWaitAndAreMade(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	now := time.Date(2046, 3, 15, 12, 0, 0, 0, time.UTC)
	b := newBackend(Config{}, slog.New(slog.DiscardHandler), func() time.Time { return now })
	b.work = database.Pool
	for _, row := range []struct {
		state, lease string
		ago          time.Duration
	}{
		{"QUEUED", "NULL", time.Minute}, {"QUEUED", "NULL", time.Hour}, {"RUNNING", "now()", 2 * time.Hour}, {"CANCELLED", "NULL", 3 * time.Hour},
	} {
		if _, err := database.Pool.Exec(t.Context(), fmt.Sprintf(`INSERT INTO downloads (kind, locale, filter, resolved_period, filter_in_words, ordered_by, ordered_at, ordered_under, state, lease_until)
			VALUES ('SIMPLE', 'PL', '{}', '{}', '', '', $1, '{}', '%s', %s)`, row.state, row.lease), now.Add(-row.ago)); err != nil {
			t.Fatal(err)
		}
	}
	other := pgtest.New(t) // of the same PostgreSQL, whose waits are not ours
	holder, err := other.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	if _, err := holder.Exec(t.Context(), "SELECT pg_advisory_xact_lock(1)"); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, err := other.Pool.Exec(t.Context(), "SELECT pg_advisory_xact_lock(1)")
		waited <- err
	}()
	for waiting := 0; waiting == 0; {
		if err := holder.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '0.1 s'
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.readFigures(t.Context()); err != nil {
		t.Fatal(err)
	}
	text := told(&b)
	for _, line := range []string{
		`kontakty_downloads{state="QUEUED"} 2`, `kontakty_downloads{state="RUNNING"} 1`, `kontakty_downloads_oldest_queued_seconds 3600`,
		`kontakty_write_lock_wait_seconds 0`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is not told", line)
		}
	}
	if err := errors.Join(holder.Rollback(t.Context()), <-waited); err != nil {
		t.Error(err)
	}
}

func TestFigures_SayWhetherTheDatabaseCouldBeRead(t *testing.T) {
	t.Parallel()
	for _, away := range []bool{false, true} {
		b := newBackend(Config{}, slog.New(slog.DiscardHandler), time.Now)
		b.work = pgtest.New(t).Pool
		if away {
			b.work.Close()
		}
		ctx, cancel := context.WithCancel(t.Context())
		var watching sync.WaitGroup
		watching.Go(func() { b.watchFigures(ctx) })
		want := fmt.Sprintf("kontakty_database_up %d\n", map[bool]int{false: 1, true: 0}[away])
		until(t, want+" is told", func() bool { return strings.Contains(told(&b), want) })
		cancel()
		watching.Wait() // it ends with its context
	}
}

func TestMetrics_TellOfTheDisksThatAreWrittenTo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config Config
		want   []string
	}{
		"a private PostgreSQL, files beside it": {Config{Database: DatabaseConfig{DataDir: t.TempDir()}, Files: FilesConfig{Bucket: "file://" + t.TempDir()}}, []string{"data", "files"}},
		"a PostgreSQL elsewhere, files in S3":   {Config{Database: DatabaseConfig{URL: "postgres://", DataDir: t.TempDir()}, Files: FilesConfig{Bucket: "s3:///"}}, nil},
	} {
		b := newBackend(c.config, slog.New(slog.DiscardHandler), time.Now)
		b.work = pgtest.New(t).Pool
		ctx, cancel := context.WithCancel(t.Context())
		b.background = ctx
		b.watchWork(nil)
		cancel()
		b.following.Wait()
		for _, what := range []string{"data", "files"} {
			line := `kontakty_storage_free_bytes{what="` + what + `"} `
			if is := strings.Contains(told(&b), line); is != slices.Contains(c.want, what) {
				t.Errorf("%s: the room of %s is told: %v", name, what, is)
			}
		}
	}
}

func TestMetrics_SayWhyCredentialsAreNotTaken(t *testing.T) {
	t.Parallel()
	for reason, want := range map[error]string{
		fault.New(fault.CredentialsMissing, ""):   "missing",
		fault.New(fault.CredentialsWrong, ""):     "wrong",
		fault.New(fault.KeyMistyped, "", 40):      "mistyped",
		fault.New(fault.CredentialsExpired, ""):   "expired",
		fault.New(fault.KeyRevoked, ""):           "revoked",
		fault.New(fault.WrongKeysExceeded, "", 1): "limited",
		fault.New(fault.DatabaseAway, ""):         "unavailable",
		errors.New("closed pool"):                 "unavailable",
	} {
		b := newBackend(Config{}, slog.New(slog.DiscardHandler), time.Now)
		b.authFailed(fmt.Errorf("recognising: %w", reason))
		if text := told(&b); !strings.Contains(text, `kontakty_auth_failures_total{reason="`+want+`"} 1`) {
			t.Errorf("%v is not told as %s", reason, want)
		}
	}
}

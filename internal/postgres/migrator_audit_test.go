package postgres_test

import (
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestMigrator_KeepsEveryEntryOfTheAuditLogOnTheWayDown(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, `INSERT INTO audit_events (at, principal, action, subject_kind, subject_id, others)
		VALUES (now(), 'local', 'OPENED_CONTENT', 'CONTACT', 1, '{2, 3}'), (now(), 'local', 'OPENED_CONTENT', 'CONTACT', 4, NULL)`)
	for {
		name, err := postgres.NewMigrator(pool).Down(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if name == "0023_audit_others" {
			break
		}
	}
	var subjects string
	if err := pool.QueryRow(t.Context(), "SELECT string_agg(subject_id::text, ' ' ORDER BY subject_id) FROM audit_events").Scan(&subjects); err != nil {
		t.Fatal(err)
	}
	if subjects != "1 2 3 4" {
		t.Errorf("of events of 1 to 4 are left %s", subjects)
	}
}

package main

import (
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMigrate_TellsOfEmptyMonthsAndDropsThem(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	where := []string{"--database-url", database.URL}
	execute := func(statement string) {
		t.Helper()
		if _, err := database.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const told, outside = "empty: 27 (1990-01 to 1992-04), drop them with kontakty migrate drop-empty-months", "with contacts that start when none may: 1 (1991-05)"
	fsck := append([]string{"fsck", "--data-dir", dataDir(t)}, where...)
	if status, out, errs := command(t, nil, fsck...); status != statusOK {
		t.Fatalf("fsck before: status %d\n%s%s", status, out, errs)
	}
	execute("SELECT ensure_contact_partitions('1990-01-01Z', '1992-04-01Z')")
	execute("INSERT INTO contacts (id, started_at, type, status, external_id) VALUES (1, '1991-05-03Z', 'CHAT', 'ANSWERED', 'a')")
	for _, action := range []string{"status", "up"} {
		if out := mustRun(t, append([]string{"migrate", action}, where...)...); !strings.Contains(out, told) || !strings.Contains(out, outside) {
			t.Errorf("migrate %s tells nothing of the months:\n%s", action, out)
		}
	}
	if status, out, _ := command(t, nil, fsck...); status != statusFindings || !strings.Contains(out, told) || !strings.Contains(out, "1 things wrong") {
		t.Errorf("fsck: status %d\n%s", status, out)
	}
	if out := mustRun(t, append([]string{"migrate", "drop-empty-months"}, where...)...); out != "27 of 28 months dropped: they held nothing.\n" {
		t.Errorf("migrate drop-empty-months:\n%s", out)
	}
	// The contact that is left is no empty month; a day that allows it is told nothing of.
	allowed := append([]string{"migrate", "status", "--oldest-contact", "1990-01-01"}, where...)
	if out := mustRun(t, allowed...); strings.Contains(out, "MONTHS") {
		t.Errorf("migrate status afterwards:\n%s", out)
	}
	if status, out, _ := command(t, nil, fsck...); status != statusFindings || strings.Contains(out, "empty") || !strings.Contains(out, outside) {
		t.Errorf("fsck afterwards: status %d\n%s", status, out)
	}
	execute("SELECT ensure_contact_partitions('1990-01-01Z', '1990-01-01Z')") // a month that was dropped comes back
}

func TestMigrate_PlanPrintsStatementsAndLocks(t *testing.T) {
	t.Parallel()
	if out := mustRun(t, "migrate", "plan", "--database-url", pgtest.New(t).URL); out != "The tables are up to date.\n" {
		t.Errorf("of a database that is up to date:\n%s", out)
	}
	out := mustRun(t, "migrate", "plan", "--database-url", pgtest.NewEmpty(t).URL)
	for _, said := range []string{
		"0001_contacts: one transaction, which holds its locks to its end\n", "  CREATE TABLE secrets (\n",
		"  ALTER TABLE contacts DROP CONSTRAINT contacts_pkey;\n    lock on contacts: ACCESS EXCLUSIVE, readers and writers wait\n",
		"0013_conversations: statements of their own\n", "    lock on what its body takes\n", "river_006: the tables of jobs\n",
	} {
		if !strings.Contains(out, said) {
			t.Errorf("the plan lacks %q:\n%s", said, out)
		}
	}
}

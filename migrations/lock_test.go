package migrations

import (
	"slices"
	"testing"
)

func TestLocks_AreThoseThatPostgreSQLDocuments(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string][]Lock{
		"CREATE TABLE t (n int REFERENCES agents)":                                          {{"agents", ShareRowExclusive}},
		"CREATE TABLE t PARTITION OF public.contacts FOR VALUES FROM (1) TO (2)":            {{"public.contacts", AccessExclusive}},
		"CREATE TABLE t (n int)":                                                            nil,
		"CREATE UNIQUE INDEX x ON ONLY contacts (id)":                                       {{"contacts", Share}},
		"CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON contacts_202401 (id)":                 {{"contacts_202401", ShareUpdateExclusive}},
		"create trigger x after insert on agents for each row execute function f()":         {{"agents", ShareRowExclusive}},
		"ALTER TABLE ONLY contacts ADD COLUMN a int, ADD b numeric(1, 2)":                   {{"contacts", AccessExclusive}},
		"ALTER TABLE contacts VALIDATE CONSTRAINT c":                                        {{"contacts", ShareUpdateExclusive}},
		"ALTER TABLE contacts VALIDATE CONSTRAINT c, DROP COLUMN a":                         {{"contacts", AccessExclusive}},
		"ALTER TABLE contacts ATTACH PARTITION p FOR VALUES FROM (1) TO (2)":                {{"contacts", ShareUpdateExclusive}, {"p", AccessExclusive}},
		"ALTER TABLE contacts ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES agents NOT VALID": {{"contacts", ShareRowExclusive}, {"agents", ShareRowExclusive}},
		"ALTER TABLE contacts SET (fillfactor = 90)":                                        {{"contacts", ShareUpdateExclusive}},
		"ALTER TABLE audit_events DISABLE TRIGGER append_only":                              {{"audit_events", ShareRowExclusive}},
		"ALTER INDEX x ATTACH PARTITION y":                                                  {{"x", ShareUpdateExclusive}, {"y", AccessExclusive}},
		"DROP TABLE IF EXISTS a, b":                                                         {{"a", AccessExclusive}, {"b", AccessExclusive}},
		"DROP INDEX CONCURRENTLY IF EXISTS x":                                               {{"x", ShareUpdateExclusive}},
		"DROP TRIGGER t ON agents":                                                          {{"agents", AccessExclusive}},
		"INSERT INTO secrets (name) VALUES ('a')":                                           {{"secrets", RowExclusive}},
		"ALTER TYPE audit_action ADD VALUE 'A'":                                             nil,
		"DO $$ BEGIN END $$":                                                                nil,
	} {
		if got := (Statement{SQL: sql}).Locks(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", sql, got, want)
		}
	}
	if AccessExclusive.Waiting() != "readers and writers wait" || Share.Waiting() != "writers wait" || ShareUpdateExclusive.Waiting() != "nobody waits" {
		t.Error("who waits is told wrongly")
	}
}

// TestLocks_OfEveryStepAreTold reads the steps as they are: what takes a lock on nothing says why.
func TestLocks_OfEveryStepAreTold(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"0010_recorded", "0013_conversations", "0020_month_tables"} {
		step, err := Read(FS, name, "up")
		if err != nil {
			t.Fatal(err)
		}
		locks := 0
		for _, statement := range step.Statements {
			locks += len(statement.Locks())
			if statement.Opaque() {
				locks++
			}
		}
		if locks == 0 {
			t.Errorf("%s takes no locks", name)
		}
	}
}

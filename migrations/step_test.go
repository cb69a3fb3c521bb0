package migrations

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

func TestStep_IsAListOfStatementsAndDirectives(t *testing.T) {
	t.Parallel()
	const text = `-- What it is for; not a statement.
-- compatible: who does not know the column leaves it empty

CREATE TABLE a (n text DEFAULT 'it''s; one', "b;c" int); -- of a; not of b
/* not /* yet; */ over; */
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $body$ SELECT E'\';' || $$;$$; $body$;
-- each partition of contacts without contacts_x: CREATE INDEX CONCURRENTLY {child}_x
--   ON {child} (a, b);
-- each partition of contacts: ALTER INDEX contacts_x ATTACH PARTITION {child}_x
SELECT $1, a -- the last one; without a semicolon
`
	files := fstest.MapFS{
		"0001_a.up.sql": {Data: []byte(text)}, "0001_a.tx.down.sql": {Data: []byte("DROP TABLE a;\n;\n")},
		"0002_b.up.sql": {Data: []byte("-- each partition: SELECT 1")}, "0003_c.up.sql": {Data: []byte("-- each partition of contacts: SELECT 1")},
	}
	step, err := Read(files, "0001_a", "up")
	if err != nil {
		t.Fatal(err)
	}
	want := Step{Compatible: true, Statements: []Statement{
		{SQL: `CREATE TABLE a (n text DEFAULT 'it''s; one', "b;c" int)`},
		{SQL: `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $body$ SELECT E'\';' || $$;$$; $body$`},
		{SQL: "CREATE INDEX CONCURRENTLY {child}_x\n   ON {child} (a, b)", Parent: "contacts", Without: "contacts_x"},
		{SQL: "ALTER INDEX contacts_x ATTACH PARTITION {child}_x", Parent: "contacts"},
		{SQL: "SELECT $1, a -- the last one; without a semicolon"},
	}}
	if !reflect.DeepEqual(step, want) {
		t.Errorf("the step is\n%+v, want\n%+v", step, want)
	}
	if found := step.Statements[2].For("contacts_202401"); found.SQL != "CREATE INDEX CONCURRENTLY contacts_202401_x\n   ON contacts_202401 (a, b)" || found.Index() != "contacts_202401_x" {
		t.Errorf("for a partition it is %q, of the index %q", found.SQL, found.Index())
	}
	if down, err := Read(files, "0001_a", "down"); err != nil || !down.Transaction || down.Compatible || len(down.Statements) != 1 {
		t.Errorf("down is %+v, %v", down, err)
	}
	for step, want := range map[string]string{"0002_b": "no directive", "0003_c": "names none", "0004_d": "no file"} {
		if _, err := Read(files, step, "up"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", step, err)
		}
	}
}

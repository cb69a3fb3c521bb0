package migrations

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// stock is the last step that was made before the rules.
const stock = "0020"

// smallTables have few rows whatever a site records. Any other table that an earlier step made may be large.
var smallTables = []string{
	"secrets", "agents", "agent_groups", "agent_group_members", "campaigns", "queues", "classifiers", "site_calls", "api_keys",
	"oidc_subjects", "downloads", "telephony_sources", "telephony_positions", "audit_replaced_named", "address_fill", "things_made",
	"month_tables",
}

// partitioned are the tables whose indexes and constraints are made partition by partition.
var partitioned = []string{"contacts", "ivr_steps", "contact_details", "contact_addresses", "telephony_rows"}

// linted is a step that rules are about.
type linted struct {
	Step
	// earlier are the statements of the steps before it, made are the tables that it makes itself.
	earlier []Statement
	made    []string
}

// rule says what is wrong with a statement of a step, "" if nothing is.
type rule struct {
	name  string
	wrong func(step linted, statement Statement) string
}

var rules = []rule{
	{"index", func(step linted, s Statement) string {
		w := wordsOf(s.SQL)
		w.skip("CREATE")
		w.skip("UNIQUE")
		if !w.skip("INDEX") || s.Concurrent() || step.caughtUp(s) {
			return ""
		}
		only := slices.ContainsFunc(w.rest, func(word string) bool { return strings.EqualFold(word, "ONLY") })
		if table := w.on(Share)[0].Relation; step.large(table) && (!only || !slices.Contains(partitioned, table)) {
			return "CREATE INDEX makes who writes into " + table + " wait until it is built: write CONCURRENTLY, or ON ONLY a partitioned table and one for each partition"
		}
		return ""
	}},
	{"constraint", func(step linted, s Statement) string {
		return step.actions(s, func(table, action string) string {
			only := onlyTable.MatchString(s.SQL) && slices.Contains(partitioned, table)
			if addedConstraint.MatchString(action) && !only && !strings.HasSuffix(action, " NOT VALID") && !strings.Contains(action, " USING INDEX ") ||
				setNotNull.MatchString(action) {
				return "it reads all of " + table + " while everybody waits: write NOT VALID and VALIDATE CONSTRAINT after it, or USING INDEX"
			}
			return ""
		})
	}},
	{"column", func(step linted, s Statement) string {
		return step.actions(s, func(table, action string) string {
			if !addedColumn.MatchString(action) || addedConstraint.MatchString(action) {
				return ""
			}
			if found := checkedColumn.FindString(action); found != "" {
				return "a new column with " + found + " reads or writes all of " + table + " while everybody waits: add it plain, and what holds of it as a constraint that is NOT VALID"
			}
			if parts := columnDefault.FindStringSubmatch(action); parts != nil && !constant.MatchString(parts[1]) {
				return "the default " + parts[1] + " may be another for each row, so all of " + table + " is written anew: give a constant, and fill in the rows little by little"
			}
			return ""
		})
	}},
	{"type", func(step linted, s Statement) string {
		return step.actions(s, func(table, action string) string {
			if changedType.MatchString(action) || rewriting.MatchString(action) {
				return "all of " + table + " is written anew while everybody waits: make a column beside it"
			}
			return ""
		})
	}},
	{"rewrite", func(step linted, s Statement) string {
		w := wordsOf(s.SQL)
		all := w.skip("CLUSTER") || w.skip("VACUUM") || w.skip("REINDEX") && !s.Concurrent() || w.skip("REFRESH")
		if w.skip("UPDATE") || w.skip("DELETE FROM") {
			w.skip("ONLY")
			all = step.large(w.take())
		}
		if all {
			return "it takes as long as there are rows, with locks on all that it wrote: do it in batches, beside the migration"
		}
		return ""
	}},
	{"concurrently", func(step linted, s Statement) string {
		if step.Transaction && s.Concurrent() {
			return "CONCURRENTLY cannot be in a transaction: put it into a file without .tx before this one"
		}
		if s.Concurrent() && s.Index() == "ON" {
			return "the index has no name, by which what was cut off is found again"
		}
		return ""
	}},
	{"timeout", func(_ linted, s Statement) string {
		w := wordsOf(s.SQL)
		if timeouts.MatchString(s.SQL) || w.skip("LOCK") {
			return "the migrator says how long a step waits for locks, and how often it tries: leave it to it"
		}
		return ""
	}},
	{"opaque", func(_ linted, s Statement) string {
		if w := wordsOf(s.SQL); w.skip("DO") && executed.MatchString(s.SQL) {
			return "nobody sees what is executed: write -- each partition of …"
		}
		return ""
	}},
	{"repeat", func(step linted, s Statement) string {
		if step.Transaction || repeatable.MatchString(s.SQL) {
			return ""
		}
		w := wordsOf(s.SQL)
		switch {
		case w.skip("ALTER TABLE"):
			return step.actions(s, func(_, action string) string {
				constraint := addedConstraint.FindStringSubmatch(action)
				if constraint != nil && step.drops(constraint[1]) || !strings.HasPrefix(action, "ADD ") && !strings.HasPrefix(action, "DROP ") && !strings.HasPrefix(action, "RENAME ") {
					return ""
				}
				return "taken again after it was cut off, it fails: write IF EXISTS or IF NOT EXISTS, and drop a constraint that is added if it is there"
			})
		case w.skip("CREATE") && s.Index() == "", w.skip("DROP"), w.skip("INSERT") && !strings.Contains(strings.ToUpper(s.SQL), "ON CONFLICT"):
			return "taken again after it was cut off, it fails or happens twice: write IF EXISTS, IF NOT EXISTS, OR REPLACE or ON CONFLICT"
		}
		return ""
	}},
}

var (
	onlyTable       = regexp.MustCompile(`(?i)^ALTER TABLE (IF EXISTS )?ONLY `)
	addedConstraint = regexp.MustCompile(`(?i)^ADD (?:CONSTRAINT (\S+) )?(?:CHECK|PRIMARY KEY|UNIQUE|FOREIGN KEY|EXCLUDE)\b`)
	setNotNull      = regexp.MustCompile(`(?i)^ALTER (COLUMN )?\S+ SET NOT NULL`)
	addedColumn     = regexp.MustCompile(`(?i)^ADD `)
	checkedColumn   = regexp.MustCompile(`(?i)\b(CHECK|REFERENCES|UNIQUE|PRIMARY KEY|GENERATED|(small|big)?serial)\b`)
	columnDefault   = regexp.MustCompile(`(?i)\bDEFAULT (.*)$`)
	constant        = regexp.MustCompile(`(?i)^(NULL|true|false|now \( \)|CURRENT_TIMESTAMP|'([^']|'')*'|[-+]?[0-9 .]+)( : : \S+( \[ \])?)?( NOT NULL)?$`)
	changedType     = regexp.MustCompile(`(?i)^ALTER (COLUMN )?\S+ (SET DATA )?TYPE `)
	rewriting       = regexp.MustCompile(`(?i)^SET (UNLOGGED|LOGGED|TABLESPACE|ACCESS METHOD)\b`)
	executed        = regexp.MustCompile(`(?is)\bEXECUTE\b[^;]*\b(INDEX|TABLE)\b`)
	timeouts        = regexp.MustCompile(`(?i)\b(lock_timeout|statement_timeout)\b`)
	repeatable      = regexp.MustCompile(`(?i)^(CREATE|DROP|ALTER)\b.*\b(IF NOT EXISTS|IF EXISTS|OR REPLACE)\b`)
)

// large says that a table, or the partition that a statement is for, may have many rows.
func (l linted) large(table string) bool {
	return !slices.Contains(smallTables, table) && !slices.Contains(l.made, table)
}

// actions asks what is wrong with each action of an ALTER TABLE on a large table.
func (l linted) actions(s Statement, wrong func(table, action string) string) string {
	w := wordsOf(s.SQL)
	if !w.skip("ALTER TABLE") {
		return ""
	}
	w.skip("IF EXISTS")
	w.skip("ONLY")
	table := w.take()
	if !l.large(table) {
		return ""
	}
	for _, action := range w.actions() {
		if said := wrong(table, strings.Join(action, " ")); said != "" {
			return said
		}
	}
	return ""
}

// caughtUp says that an earlier step builds the same index beside readers and writers: what is left are partitions that were
// made since.
func (l linted) caughtUp(s Statement) bool {
	plain := func(sql string) string {
		return regexp.MustCompile(`(?i)CONCURRENTLY|IF NOT EXISTS|\s+`).ReplaceAllString(sql, "")
	}
	return s.Parent != "" && repeatable.MatchString(s.SQL) && slices.ContainsFunc(l.earlier, func(before Statement) bool {
		return before.Parent == s.Parent && before.Concurrent() && plain(before.SQL) == plain(s.SQL)
	})
}

// drops says that the step drops a constraint if it is there.
func (l linted) drops(constraint string) bool {
	return slices.ContainsFunc(l.Statements, func(s Statement) bool {
		return strings.Contains(strings.ToUpper(s.SQL), strings.ToUpper("DROP CONSTRAINT IF EXISTS "+constraint))
	})
}

// inner are the statements of the body of a DO.
func inner(s Statement) []Statement {
	if w := wordsOf(s.SQL); !w.skip("DO") {
		return nil
	}
	var all []Statement
	for _, one := range tokensOf(s.SQL) {
		if body, found := strings.CutPrefix(one.text, "$$"); found {
			for part := range strings.SplitSeq(strings.TrimSuffix(body, "$$"), ";") {
				all = append(all, Statement{SQL: strings.TrimSpace(regexp.MustCompile(`(?is)^.*\b(BEGIN|LOOP|THEN|ELSE)\b`).ReplaceAllString(part, ""))})
			}
		}
	}
	return all
}

// lint gives what is wrong with the steps after the stock, each with the name of its rule.
func lint(t *testing.T, files fs.FS) []string {
	t.Helper()
	names, err := fs.Glob(files, "*.up.sql")
	if err != nil {
		t.Fatal(err)
	}
	var wrong []string
	var earlier []Statement
	for _, file := range names {
		name := strings.TrimSuffix(strings.TrimSuffix(file, ".up.sql"), ".tx")
		step, err := Read(files, name, "up")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(files, name, "down"); err != nil {
			t.Fatal(err)
		}
		about := linted{Step: step, earlier: earlier}
		for _, statement := range step.Statements {
			if w := wordsOf(statement.SQL); w.skip("CREATE TABLE") {
				w.skip("IF NOT EXISTS")
				about.made = append(about.made, w.take())
			}
		}
		for _, statement := range step.Statements {
			for _, one := range rules {
				for _, part := range append([]Statement{statement}, inner(statement)...) {
					if said := one.wrong(about, part); said != "" && name[:4] > stock {
						wrong = append(wrong, fmt.Sprintf("%s: %s: %s: %s", name, one.name, part.SQL, said))
					}
				}
			}
		}
		earlier = append(earlier, step.Statements...)
	}
	return wrong
}

func TestLint_FindsNothingInTheStepsSinceTheStock(t *testing.T) {
	t.Parallel()
	for _, wrong := range lint(t, FS) {
		t.Error(wrong)
	}
}

// TestLint_CatchesWhatEachRuleIsAbout plants what a rule forbids, each beside how it is to be written.
func TestLint_CatchesWhatEachRuleIsAbout(t *testing.T) {
	t.Parallel()
	const list, transaction = ".", ".tx."
	caught := make(map[string]bool)
	for _, c := range []struct{ kind, rule, wrong, right string }{
		{transaction, "index", "CREATE INDEX x ON contacts (id)", "CREATE INDEX x ON ONLY contacts (id)"},
		{transaction, "index", "CREATE UNIQUE INDEX x ON ONLY contact_identities (revision)", "CREATE INDEX x ON agents (name)"},
		{list, "index", "-- each partition of contacts: CREATE INDEX IF NOT EXISTS {child}_x ON {child} (id)", "-- each partition of contacts: CREATE INDEX CONCURRENTLY {child}_x ON {child} (id)"},
		{transaction, "index", "-- each partition of contacts: CREATE INDEX IF NOT EXISTS {child}_q ON {child} (id)", "-- each partition of contacts: CREATE INDEX IF NOT EXISTS {child}_planted ON {child} (id)"},
		{transaction, "index", "CREATE TABLE t (n int); CREATE INDEX ON audit_events (at)", "CREATE TABLE t (n int); CREATE INDEX ON t (n)"},
		{transaction, "index", "DO $$ BEGIN CREATE INDEX x ON contacts (id); END $$", "DO $$ BEGIN CREATE INDEX x ON agents (id); END $$"},
		{transaction, "constraint", "ALTER TABLE contacts ADD CONSTRAINT c CHECK (id > 0)", "ALTER TABLE contacts ADD CONSTRAINT c CHECK (id > 0) NOT VALID"},
		{transaction, "constraint", "ALTER TABLE records ADD FOREIGN KEY (id) REFERENCES contacts", "ALTER TABLE records ADD FOREIGN KEY (id) REFERENCES contacts NOT VALID"},
		{transaction, "constraint", "ALTER TABLE contacts ADD CONSTRAINT c PRIMARY KEY (id)", "ALTER TABLE ONLY contacts ADD CONSTRAINT c PRIMARY KEY (id)"},
		{transaction, "constraint", "ALTER TABLE ONLY records ADD UNIQUE (significant_name)", "ALTER TABLE records ADD CONSTRAINT c UNIQUE USING INDEX i"},
		{transaction, "constraint", "ALTER TABLE contacts ALTER ticket_id SET NOT NULL", "ALTER TABLE agents ALTER name SET NOT NULL"},
		{transaction, "column", "ALTER TABLE contacts ADD COLUMN c uuid DEFAULT gen_random_uuid()", "ALTER TABLE contacts ADD COLUMN c timestamptz DEFAULT now()"},
		{transaction, "column", "ALTER TABLE contacts ADD c float NOT NULL DEFAULT random()", "ALTER TABLE contacts ADD c text[] NOT NULL DEFAULT '{}'"},
		{transaction, "column", "ALTER TABLE contacts ADD c timestamptz DEFAULT clock_timestamp()", "ALTER TABLE contacts ADD c int DEFAULT -1, ADD d text DEFAULT 'a (b)'::text"},
		{transaction, "column", "ALTER TABLE contacts ADD c int CHECK (c > 0)", "ALTER TABLE contacts ADD c int"},
		{transaction, "column", "ALTER TABLE contacts ADD c bigint GENERATED ALWAYS AS IDENTITY", "ALTER TABLE agents ADD c bigint GENERATED ALWAYS AS IDENTITY"},
		{transaction, "type", "ALTER TABLE contacts ALTER COLUMN ticket_id TYPE varchar(9)", "ALTER TABLE agents ALTER COLUMN name TYPE varchar(9)"},
		{transaction, "type", "ALTER TABLE contacts ALTER ticket_id SET DATA TYPE uuid USING ticket_id::uuid", "ALTER TABLE contacts ALTER ticket_id SET STATISTICS 500"},
		{transaction, "type", "ALTER TABLE contacts ADD c int, SET UNLOGGED", "ALTER TABLE contacts SET (fillfactor = 90)"},
		{transaction, "rewrite", "UPDATE contacts SET ticket_id = NULL", "UPDATE agents SET name = ''"},
		{list, "rewrite", "VACUUM FULL contacts", "ANALYZE contacts"},
		{transaction, "concurrently", "CREATE INDEX CONCURRENTLY x ON records (id)", "CREATE INDEX x ON agents (id)"},
		{list, "concurrently", "CREATE INDEX CONCURRENTLY ON records (id)", "CREATE INDEX CONCURRENTLY x ON records (id)"},
		{transaction, "timeout", "SET LOCAL lock_timeout = '1h'", "SET LOCAL work_mem = '1GB'"},
		{transaction, "timeout", "LOCK TABLE contacts", "SELECT 1"},
		{transaction, "opaque", "DO $$ BEGIN EXECUTE format('CREATE INDEX ON %s (id)', 'contacts'); END $$", "DO $$ BEGIN EXECUTE format('ALTER FUNCTION f() SET search_path = %I', current_schema()); END $$"},
		{list, "repeat", "CREATE TABLE t (n int)", "CREATE TABLE IF NOT EXISTS t (n int)"},
		{list, "repeat", "ALTER TABLE contacts ADD c int", "ALTER TABLE contacts ADD COLUMN IF NOT EXISTS c int"},
		{
			list, "repeat", "ALTER TABLE contacts ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
			"ALTER TABLE contacts DROP CONSTRAINT IF EXISTS c; ALTER TABLE contacts ADD CONSTRAINT c CHECK (id > 0) NOT VALID; ALTER TABLE contacts VALIDATE CONSTRAINT c",
		},
		{list, "repeat", "DROP INDEX x", "DROP INDEX CONCURRENTLY IF EXISTS x"},
		{list, "repeat", "INSERT INTO secrets VALUES ('a', 'b')", "INSERT INTO secrets VALUES ('a', 'b') ON CONFLICT DO NOTHING"},
	} {
		files := func(text string) fstest.MapFS {
			return fstest.MapFS{
				"0021_before.up.sql":               {Data: []byte("-- each partition of contacts: CREATE INDEX CONCURRENTLY {child}_planted ON {child} (id)")},
				"0021_before.down.sql":             {Data: []byte("")},
				"0022_planted" + c.kind + "up.sql": {Data: []byte(text)}, "0022_planted" + c.kind + "down.sql": {Data: []byte("")},
			}
		}
		if found := lint(t, files(c.wrong)); len(found) != 1 || !strings.Contains(found[0], ": "+c.rule+": ") {
			t.Errorf("%s: found %q, want one of the rule %s", c.wrong, found, c.rule)
		}
		if found := lint(t, files(c.right)); found != nil {
			t.Errorf("%s: found %q", c.right, found)
		}
		stock := fstest.MapFS{"0020_stock" + c.kind + "up.sql": {Data: []byte(c.wrong)}, "0020_stock" + c.kind + "down.sql": {Data: []byte("")}}
		if found := lint(t, stock); found != nil {
			t.Errorf("in the stock, %q is found", found)
		}
		caught[c.rule] = true
	}
	for _, one := range rules {
		if !caught[one.name] {
			t.Errorf("nothing shows what the rule %s catches", one.name)
		}
	}
}

package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var omissions = flag.Bool("omissions", false, "leave out each step of the README's recipes once")

// recipeEdit puts text behind the first line that has an anchor, behind the anchor itself if it begins with a comma, or
// makes a file where there is no anchor.
type recipeEdit struct{ file, anchor, text string }

// recipeStep is one step of a recipe of the README. Left out, its command fails with a message that names what is missing.
type recipeStep struct {
	edits   []recipeEdit
	command string
	names   string
}

// What fails where a step was left out.
const (
	modelTest    = "go test ./internal/report -run TestModel_Names"
	contactTest  = "go test ./internal/contact -run TestColumns"
	formatTest   = "go test ./internal/ingest/format -run 'TestContact_Is|TestHash_Changes'"
	rowsTest     = "go test ./internal/ingest -run TestAppendContact"
	fieldsTest   = "go test ./graph/schema -run TestFields"
	compiledTest = "go test ./graph/compiled -run TestContactShape"
	fileTest     = "go test ./internal/workbook -run 'TestColumns_|TestFilterInWords'"
	indexTest    = "go test ./internal/report/plan -run TestCriterion_Has"
	criteriaTest = "go test ./internal/report -run 'TestCriteria_Are|TestCriteria_Keep'"
	goldenTest   = "go test ./internal/report -run Statement"
	oracleTest   = "go test ./internal/report/oracle -run TestAsker"
)

// wholeTest is the tests above in one command.
const wholeTest = "go test ./migrations ./internal/report/... ./internal/contact ./internal/ingest ./internal/ingest/format ./graph/schema ./graph/compiled ./internal/workbook " +
	"-run 'TestLint|TestModel_Names|TestColumns_|TestContact_Is|TestHash_Changes|TestAppendContact|TestFields|TestContactShape|TestFilterInWords|" +
	"TestCriterion_Has|TestCriteria_Are|TestCriteria_Keep|Statement|TestAsker'"

// columnRecipe adds the language that was spoken in a contact.
var columnRecipe = []recipeStep{
	{[]recipeEdit{
		{"migrations/9998_language.tx.up.sql", "", "ALTER TABLE contacts ADD COLUMN language text;\n"},
		{"migrations/9998_language.tx.down.sql", "", "ALTER TABLE contacts DROP COLUMN language;\n"},
	}, modelTest, `column "language" does not exist`},
	{[]recipeEdit{{"internal/contact/contact.go", "`bun:\"conversation_id\"`", "\t// Language was spoken.\n\tLanguage *string `bun:\"language\"`"}}, contactTest, "no field of Contact is the column language"},
	{[]recipeEdit{{"internal/contact/columns.go", `columnNamed("conversation_id")`, `	ColumnLanguage = columnNamed("language")`}}, "go vet ./graph/compiled", "undefined: contact.ColumnLanguage"},
	{[]recipeEdit{{"internal/ingest/format/contact.go", `json:"conversationId,omitempty"`, "\t// Language was spoken.\n\tLanguage *string `json:\"language,omitempty\"`"}}, "go vet ./internal/ingest/format", "c.Language undefined"},
	{[]recipeEdit{
		{"internal/ingest/format/decode.go", `contactKeys = keysOf("a contact",`, "\t\t\"language\","},
		{"internal/ingest/format/decode.go", `c.ConversationID, fault = optional(`, "\t\tcase \"language\":\n\t\t\tc.Language, fault = optional(p, p.string)"},
	}, formatTest, "language"},
	{[]recipeEdit{{"internal/ingest/format/mend.go", `r.text("conversationId"`, `	r.text("language", &c.Language, maxExternalID)`}}, formatTest, "neither mend.go nor validate.go looks at Language"},
	{[]recipeEdit{{"internal/ingest/format/hash.go", "func (d *digest) later(c *Contact) {", "\tif c.Language != nil {\n\t\td.string(\"language\")\n\t\td.string(*c.Language)\n\t}"}}, formatTest, "a change of contact.Language"},
	{[]recipeEdit{
		{"internal/ingest/rows.go", `"site_call_id, record_id, ivr_time`, "\t\t\"language, \" +"},
		{"internal/ingest/rows.go", "rows.OptionalText(c.SiteCallOrderID)", "\trows.OptionalText(c.Language)"},
	}, rowsTest, "ContactColumns leaves out language"},
	{[]recipeEdit{{"graph/schema/contact.graphqls", "  conversationId: String", "  \"The language that was spoken.\"\n  language: String"}}, compiledTest, "language of contactShape is no field of Contact"},
	{[]recipeEdit{{"graph/schema/recording.graphqls", "  conversationId: String", "  \"The language that was spoken.\"\n  language: String"}}, fieldsTest, "ContactInput has no field language"},
	{[]recipeEdit{{"graph/compiled/fields.go", `"externalId": column(contact.ColumnExternalID`, `		"language": column(contact.ColumnLanguage, optional(appendText, func(c *contact.Contact) *string { return c.Language })),`}}, compiledTest, "no field of contactShape reads the column language"},
	{[]recipeEdit{
		{"internal/workbook/choice.go", `TicketIDColumn Column = "TICKET_ID"`, "\t// LanguageColumn is the language that was spoken.\n\tLanguageColumn Column = \"LANGUAGE\""},
		{"graph/schema/download.graphqls", "  TICKET_ID", "  \"The language that was spoken.\"\n  LANGUAGE"},
		{"gqlgen.yml", "      TICKET_ID: {value:", "      LANGUAGE: {value: github.com/kontakty/kontakty/internal/workbook.LanguageColumn}"},
		{"internal/workbook/columns.go", "{TicketIDColumn, ", `	{LanguageColumn, label{"Język", "Language"}, 12, contact.ColumnLanguage, free(func(l *line) xlsx.Cell { return text(l.contact.Language) })},`},
	}, fileTest, "no column of the file needs language"},
}

// filterRecipe filters by it.
var filterRecipe = []recipeStep{
	{[]recipeEdit{
		{"migrations/9999_languages.up.sql", "", "CREATE INDEX IF NOT EXISTS contacts_language ON ONLY contacts (language, started_at, id) WHERE language IS NOT NULL;\n" +
			"-- each partition of contacts without contacts_language:\n" +
			"--   CREATE INDEX CONCURRENTLY {child}_language ON {child} (language, started_at, id) WHERE language IS NOT NULL\n" +
			"-- each partition of contacts without contacts_language: ALTER INDEX contacts_language ATTACH PARTITION {child}_language\n"},
		{"migrations/9999_languages.tx.down.sql", "", "DROP INDEX contacts_language;\n"},
	}, indexTest, "[language started_at id], as the line of language says"},
	{[]recipeEdit{{"graph/schema/filter.graphqls", "  ticketIds: [String!]", "  \"Languages that were spoken.\"\n  languages: [String!]"}}, fieldsTest, "ContactFilter has no field languages"},
	{[]recipeEdit{{"graph/schema/download.graphqls", "  ticketIds: [String!]!", "  \"Languages that were spoken.\"\n  languages: [String!]!"}}, fieldsTest, "ContactFilterInfo has no field languages"},
	{[]recipeEdit{{"internal/contact/filter.go", "`json:\"ticketIds,omitempty\"`", "\t// Languages were spoken.\n\tLanguages []string `json:\"languages,omitempty\"`"}}, "go vet ./internal/report", "f.Languages undefined"},
	{[]recipeEdit{{"internal/report/criteria.go", "c.Tickets, err = resolveTexts(", "\tif err != nil {\n\t\treturn err\n\t}\n\tc.Languages, err = resolveTexts(f.Languages, \"languages\")"}}, criteriaTest, "Languages means nothing"},
	{[]recipeEdit{{"internal/report/criteria_test.go", `samples := map[string]any{`, `		"Languages": []string{"pl"},`}}, criteriaTest, "Languages is a field of the filter and has no sample here"},
	{[]recipeEdit{{"internal/report/conditions.go", "type values struct {", "\tLanguages contact.Set[string] `json:\",omitempty\"`"}}, "go vet ./internal/report", "c.Languages undefined"},
	{[]recipeEdit{{"internal/report/conditions.go", "{plan.TicketID, in(", "\t{plan.Language, in(func(v values) contact.Set[string] { return v.Languages })},"}}, criteriaTest, "Languages means nothing"},
	{[]recipeEdit{{"internal/report/plan/criterion.go", `newCriterion("ticket_id"`, `	Language = newCriterion("language", "text", indexed(9), untied)`}}, "go vet ./internal/report", "undefined: plan.Language"},
	{[]recipeEdit{{"internal/report/golden_test.go", `"tickets": `, `		"languages": {filter: contact.Filter{Languages: []string{"pl"}}},`}}, goldenTest, "no case asks for Languages"},
	{[]recipeEdit{
		{"internal/report/oracle/question_test.go", "func (a *asker) restrict(f *contact.Filter) {", "\tif a.chance(5) {\n\t\tf.Languages = []string{\"pl\"}\n\t\treturn\n\t}"},
		{"internal/report/oracle/criteria_test.go", "c.tickets = c.readTexts(", "\tif languages := c.readTexts(\"languages\", f.Languages, askedText); languages != nil {\n\t\tc.contacts = map[int64]bool{}\n\t}"},
	}, oracleTest, "no question asks for Languages"},
	{[]recipeEdit{{"internal/workbook/words.go", `w.add(ticketLabel,`, `	w.add(label{"Język", "Language"}, f.Languages)`}}, fileTest, "words.go does not say Languages"},
}

// TestRecipes_AreWhole carries the README's recipes out in a copy: it builds, its generated code and its golden files are
// current, and the tests that look after the steps pass. With -omissions each step is left out once, and is missed.
func TestRecipes_AreWhole(t *testing.T) {
	t.Parallel()
	c := &recipeCopy{directory: copySource(t), before: map[string]string{}}
	steps := append(columnRecipe[:len(columnRecipe):len(columnRecipe)], filterRecipe...)
	c.carryOut(t, steps, -1)
	if *omissions {
		c.mustMiss(t, "make generate", fieldsTest, "run make generate")
	}
	c.run(t, "go tool gqlgen generate")
	if *omissions {
		c.mustMiss(t, "the golden file", goldenTest, "languages.sql")
	}
	c.run(t, "go test ./internal/report -run TestCriteria_HaveTheStatements -update && go build ./internal/... ./graph/... && "+wholeTest)
	for i, step := range steps {
		if *omissions {
			c.carryOut(t, steps, i)
			c.mustMiss(t, step.edits[0].file, step.command, step.names)
		}
	}
}

// TestRecipes_AreTheREADMEs compares the files that the README names with those that the recipes change.
func TestRecipes_AreTheREADMEs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for heading, recipes := range map[string][2][]recipeStep{
		"## Add a column": {columnRecipe, columnPageRecipe},
		"## Add a filter": {filterRecipe, filterPageRecipe},
	} {
		_, recipe, _ := strings.Cut(string(text), heading)
		recipe, _, _ = strings.Cut(recipe, "\n## ")
		// What new types need, what -update writes, and what is up to whoever follows the recipe.
		named := map[string]bool{
			"internal/report/model.go": true, "internal/report/plan/testdata/sql": true, "internal/sample": true, pageDirectory: true,
			"cmd/kontakty/recipes_test.go": true,
		}
		for _, step := range append(recipes[0][:len(recipes[0]):len(recipes[0])], recipes[1]...) {
			for _, edit := range step.edits {
				name := strings.TrimPrefix(edit.file, pageDirectory+"/")
				named[name] = true
				if !strings.Contains(recipe, "`"+name+"`") && !strings.HasPrefix(name, "migrations/") {
					t.Errorf("%s does not name %s", heading, name)
				}
			}
		}
		for _, name := range regexp.MustCompile("`([a-z]+/[A-Za-z_./]+)`").FindAllStringSubmatch(recipe, -1) {
			if !named[name[1]] && name[1] != "migrations/" {
				t.Errorf("%s names %s, which no step changes", heading, name[1])
			}
		}
	}
}

// recipeCopy is a copy of the source, and its files as they were.
type recipeCopy struct {
	directory string
	before    map[string]string
}

// carryOut makes every edit but those of one step.
func (c *recipeCopy) carryOut(t *testing.T, steps []recipeStep, left int) {
	t.Helper()
	after := map[string]string{}
	for i, step := range steps {
		for _, edit := range step.edits {
			text, begun := after[edit.file]
			if !begun {
				text = c.original(t, edit)
			}
			switch {
			case i == left:
			case edit.anchor == "":
				text = edit.text
			default:
				text = insertBehind(t, text, edit)
			}
			after[edit.file] = text
		}
	}
	for file, text := range after {
		path := filepath.Join(c.directory, file)
		if text == "" {
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if old, err := os.ReadFile(path); err == nil && string(old) == text {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// original is a file as it was, empty for one that an edit makes.
func (c *recipeCopy) original(t *testing.T, edit recipeEdit) string {
	t.Helper()
	if text, known := c.before[edit.file]; known || edit.anchor == "" {
		return text
	}
	text, err := os.ReadFile(filepath.Join(c.directory, edit.file))
	if err != nil {
		t.Fatal(err)
	}
	c.before[edit.file] = string(text)
	return string(text)
}

func insertBehind(t *testing.T, text string, edit recipeEdit) string {
	t.Helper()
	at := strings.Index(text, edit.anchor)
	if at < 0 {
		t.Fatalf("%s has no %q any more: mend the recipe", edit.file, edit.anchor)
	}
	if strings.HasPrefix(edit.text, ",") {
		at += len(edit.anchor)
		return text[:at] + edit.text + text[at:]
	}
	end := at + strings.IndexByte(text[at:], '\n') + 1
	return text[:end] + edit.text + "\n" + text[end:]
}

func (c *recipeCopy) run(t *testing.T, command string) {
	t.Helper()
	if out, err := c.output(t, command); err != nil {
		t.Fatalf("%s, the whole recipe: %v\n%s", command, err, out)
	}
}

func (c *recipeCopy) mustMiss(t *testing.T, step, command, names string) {
	t.Helper()
	if out, err := c.output(t, command); err == nil || !strings.Contains(out, names) {
		t.Errorf("without %s, %s says (%v), want it to name %q:\n%s", step, command, err, names, out)
	}
}

func (c *recipeCopy) output(t *testing.T, command string) (string, error) {
	t.Helper()
	run := exec.CommandContext(t.Context(), "bash", "-c", command)
	run.Dir, run.Env = c.directory, append(os.Environ(), "GOFLAGS=-buildvcs=false "+os.Getenv("GOFLAGS"))
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	begun := time.Now()
	err := run.Run()
	t.Logf("%s: %v in %v, %v of CPU", command, err, time.Since(begun).Round(time.Millisecond),
		(run.ProcessState.UserTime() + run.ProcessState.SystemTime()).Round(time.Millisecond))
	return out.String(), err
}

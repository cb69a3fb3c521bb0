package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// pageDirectory is where the page's sources lie.
const pageDirectory = "internal/web/report"

// What fails where a step of the page was left out.
const (
	pageGenerate = "npm --prefix " + pageDirectory + " run --silent generate"
	pageTypes    = pageGenerate + " && npm --prefix " + pageDirectory + " run --silent check"
	pageLint     = "cd " + pageDirectory + " && npx eslint src/table/Cell.tsx"
	pageTest     = "cd " + pageDirectory + " && npx vitest run src/report src/files src/filters src/address src/table src/locale"
)

// columnPageRecipe shows the language on the page.
var columnPageRecipe = []recipeStep{
	{[]recipeEdit{{pageDirectory + "/src/report/columns.ts", "{ id: 'hangupParty'", "  { id: 'language', width: 120 },"}}, pageTypes, `'"language"' is not comparable`},
	{[]recipeEdit{{pageDirectory + "/src/locale/pl/index.ts", "  columns: {", "    language: 'Język',"}}, pageTypes, "'language' does not exist"},
	{[]recipeEdit{{pageDirectory + "/src/locale/en/index.ts", "  columns: {", "    language: 'Language',"}}, pageTypes, "'language' is missing"},
	{[]recipeEdit{
		{pageDirectory + "/src/table/query.ts", "    $hangupParty: Boolean!", "    $language: Boolean!"},
		{pageDirectory + "/src/table/query.ts", "        hangupParty @include(", "        language @include(if: $language)"},
	}, pageTypes, "'language' does not exist"},
	{[]recipeEdit{{pageDirectory + "/src/files/shape.ts", "  hangupParty: '", "  language: 'LANGUAGE',"}}, pageTypes, "'language' is missing"},
	{[]recipeEdit{{pageDirectory + "/src/table/Cell.tsx", "words.hangup[contact.hangupParty]", "    case 'language':\n      return <Plain text={contact.language} />;"}}, pageLint, `"language"`},
}

// filterPageRecipe filters by it on the page.
var filterPageRecipe = []recipeStep{
	{[]recipeEdit{
		{pageDirectory + "/src/report/criteria.ts", "  ticketIds: string[];", "  languages: string[];"},
		{pageDirectory + "/src/report/criteria.ts", "  ticketIds: [],", "  languages: [],"},
	}, pageTypes, "languages"},
	{[]recipeEdit{{pageDirectory + "/src/report/criteria.ts", "  'ticketIds',", "  'languages',"}}, pageTest, "languages"},
	{[]recipeEdit{{pageDirectory + "/src/address/codec.ts", "['ticket', 'ticketIds'", "  ['language', 'languages', null],"}}, pageTest, "languages"},
	{[]recipeEdit{{pageDirectory + "/src/address/codec.test.ts", "ticketIds: ['T&1=2'", "      languages: ['pl', 'en,US'],"}}, pageTypes, "'languages' is missing"},
	{[]recipeEdit{{pageDirectory + "/src/filters/validate.ts", "'recordExternalIds', 'ticketIds'", ", 'languages'"}}, pageTypes, "languages"},
	{[]recipeEdit{{pageDirectory + "/src/filters/FilterPanel.tsx", `<ValuesField name="ticketIds"`, `          <ValuesField name="languages" label={words.filters.spoken} hint={words.filters.ticketHint} error={errors.languages} />`}}, pageTest, "languages"},
	{[]recipeEdit{{pageDirectory + "/src/locale/pl/index.ts", "    ticket: '", "    spoken: 'Język',"}}, pageTypes, "'spoken' does not exist"},
	{[]recipeEdit{{pageDirectory + "/src/locale/en/index.ts", "    ticket: '", "    spoken: 'Language',"}}, pageTypes, "'spoken' is missing"},
	{[]recipeEdit{{pageDirectory + "/src/table/SetChips.tsx", "    ticketIds: words.filters.ticket,", "    languages: words.filters.spoken,"}}, pageTypes, "'languages' is missing"},
	{[]recipeEdit{{pageDirectory + "/src/files/documents.ts", "        ticketIds", "        languages"}}, pageTest, "languages"},
}

// TestRecipes_AreWholeOnThePage carries the page's part of the recipes out in a copy: its queries fit the schema, and its
// types, unit tests and eslint are content. With -omissions each step is left out once, and is missed.
func TestRecipes_AreWholeOnThePage(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("npm"); err != nil && os.Getenv("CI") != "true" {
		t.Skip("the page cannot be checked without Node, as CI does")
	}
	c := &recipeCopy{directory: copySource(t), before: map[string]string{}}
	c.linkModules(t)
	pageSteps := append(columnPageRecipe[:len(columnPageRecipe):len(columnPageRecipe)], filterPageRecipe...)
	// The steps of the page come first, so that the number of one left out is its own; the schema is of the others.
	steps := append(append(pageSteps[:len(pageSteps):len(pageSteps)], columnRecipe...), filterRecipe...)
	c.carryOut(t, steps, -1)
	c.run(t, pageTypes)
	c.run(t, pageTest)
	c.run(t, pageLint)
	if !*omissions {
		return
	}
	for i, step := range pageSteps {
		c.carryOut(t, steps, i)
		c.mustMiss(t, step.edits[0].file, step.command, step.names)
	}
}

// linkModules gives the copy the packages that the page is built with: those of the checkout, or installed ones.
func (c *recipeCopy) linkModules(t *testing.T) {
	t.Helper()
	installed, err := filepath.Abs(filepath.Join("../..", pageDirectory, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(installed, ".package-lock.json")); err != nil {
		c.run(t, "cd "+pageDirectory+" && npm ci --no-progress --loglevel=error")
		return
	}
	if err := os.Symlink(installed, filepath.Join(c.directory, pageDirectory, "node_modules")); err != nil {
		t.Fatal(err)
	}
}

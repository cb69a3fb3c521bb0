package migrations

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// Step is what one file says.
type Step struct {
	// Transaction says that its statements are one transaction. Otherwise each is one of its own, and safe to repeat: a step that
	// was cut off is taken from its beginning.
	Transaction bool
	// Compatible says that the program that was written before the step can serve the database that has it.
	Compatible bool
	// Statements are what is executed, in this order.
	Statements []Statement
}

// Statement is one statement of a step, or one for each partition of a table.
type Statement struct {
	// SQL is the text, without a semicolon at its end.
	SQL string
	// Parent is the table for whose partitions it is executed, one after another, "" for a plain statement. {child} in the text
	// stands for the partition.
	Parent string
	// Without is an index of the parent: partitions that have their part of it already are left out. "" leaves none out.
	Without string
}

// child stands for a partition's name in a statement.
const child = "{child}"

// For is the statement for one partition.
func (s Statement) For(partition string) Statement {
	return Statement{SQL: strings.ReplaceAll(s.SQL, child, partition)}
}

// Read reads the file of a step, such as "0001_contacts", that takes it ("up") or takes it back ("down").
func Read(files fs.FS, step, direction string) (Step, error) {
	for _, kind := range []string{".tx.", "."} {
		text, err := fs.ReadFile(files, step+kind+direction+".sql")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Step{}, fmt.Errorf("reading the step %s: %w", step, err)
		}
		parsed, err := parse(string(text))
		if err != nil {
			return Step{}, fmt.Errorf("reading the step %s: %w", step, err)
		}
		parsed.Transaction = kind == ".tx."
		return parsed, nil
	}
	return Step{}, fmt.Errorf("reading the step %s: it has no file that takes it %s", step, direction)
}

var (
	eachPartition = regexp.MustCompile(`^-- each partition of (\w+)(?: without (\w+))?: *(.*)$`)
	compatible    = regexp.MustCompile(`^-- compatible(:|$)`)
)

// parse takes a file apart: statements that end in semicolons, and comments between them that are directives. A directive goes
// on in the comments below it that are indented.
func parse(text string) (Step, error) {
	var (
		step      Step
		statement strings.Builder
		directive *Statement
	)
	add := func(one Statement) {
		if one.SQL = strings.TrimRight(strings.TrimSpace(one.SQL), "; \n"); one.SQL != "" {
			step.Statements = append(step.Statements, one)
		}
	}
	end := func() {
		if directive != nil {
			add(*directive)
			directive = nil
		}
	}
	for _, one := range tokensOf(text) {
		between := statement.Len() == 0
		switch {
		case between && one.kind == space:
		case between && directive != nil && strings.HasPrefix(one.text, "--  "):
			directive.SQL += "\n" + one.text[len("--"):]
		case between && one.kind == comment:
			end()
			found := eachPartition.FindStringSubmatch(one.text)
			switch {
			case found != nil:
				directive = &Statement{Parent: found[1], Without: found[2], SQL: found[3]}
			case strings.HasPrefix(one.text, "-- each "):
				return Step{}, fmt.Errorf("%q is no directive: write -- each partition of TABLE: STATEMENT, or … of TABLE without INDEX: …", one.text)
			case compatible.MatchString(one.text):
				step.Compatible = true
			}
		case one.kind == symbol && one.text == ";":
			end()
			add(Statement{SQL: statement.String()})
			statement.Reset()
		default:
			end()
			statement.WriteString(one.text)
		}
	}
	end()
	add(Statement{SQL: statement.String()})
	for _, one := range step.Statements {
		if one.Parent != "" && !strings.Contains(one.SQL, child) {
			return Step{}, fmt.Errorf("the statement for each partition of %s names none: %s stands for it", one.Parent, child)
		}
	}
	return step, nil
}

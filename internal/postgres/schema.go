package postgres

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/migrations"
)

// Schema is how the steps that a database has compare to those of the files of this program.
type Schema struct {
	// Lacking are the steps that it has not.
	Lacking []string
	// Newer are the steps that it has from a newer program and with which this one cannot serve. Those that are marked as
	// compatible are none of them.
	Newer []string
	// beyond are all that it has from a newer program.
	beyond []string
}

// ReadSchema compares. It reads only, and waits for nobody.
func ReadSchema(ctx context.Context, db queries) (Schema, error) {
	return readSchema(ctx, db, migrations.FS)
}

func readSchema(ctx context.Context, db queries, files fs.FS) (Schema, error) {
	known, err := fs.Glob(files, "*.up.sql")
	if err != nil {
		return Schema{}, err
	}
	for i, file := range known {
		known[i], _, _ = strings.Cut(file, "_")
	}
	taken, err := namesIn(ctx, db, "SELECT name FROM bun_migrations ORDER BY name")
	if err != nil {
		return Schema{}, fmt.Errorf("reading the list of migrations: %w", err)
	}
	without := func(names, others []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
	}
	s := Schema{Lacking: without(known, taken), beyond: without(taken, known)}
	if len(s.beyond) == 0 {
		return s, nil
	}
	compatible, err := namesIn(ctx, db, "SELECT name FROM compatible_steps")
	if err != nil {
		return Schema{}, fmt.Errorf("reading which migrations are compatible: %w", err)
	}
	s.Newer = without(s.beyond, compatible)
	return s, nil
}

// namesIn reads names from a table, none if it is not there.
func namesIn(ctx context.Context, db queries, sql string) ([]string, error) {
	rows, err := db.Query(ctx, sql)
	if err != nil && !hasCode(err, undefinedTable) {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if hasCode(err, undefinedTable) {
		return nil, nil
	}
	return names, err
}

// refuse is the error of a program that is too old for the database, nil if it is not.
func (s Schema) refuse() error {
	if len(s.Newer) == 0 {
		return nil
	}
	return fmt.Errorf("the database was migrated by a newer program: this one does not know step %s", s.Newer[0])
}

// refuseUp is the error of steps that would be taken behind later ones.
func (s Schema) refuseUp() error {
	if len(s.beyond) == 0 || len(s.Lacking) == 0 {
		return nil
	}
	return fmt.Errorf("the database was migrated by a newer program, but lacks step %s: migrate with that program", s.Lacking[0])
}

// refuseDown is the error of a step that is not the newest.
func (s Schema) refuseDown() error {
	if len(s.beyond) == 0 {
		return nil
	}
	return fmt.Errorf("the database was migrated by a newer program: take step %s back with that program first", s.beyond[len(s.beyond)-1])
}

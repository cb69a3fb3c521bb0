package graph_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// goFiles calls each with every Go file below a folder, tests left out.
func goFiles(t *testing.T, root string, each func(path string)) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files++
			each(path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files below %s: %v", files, root, err)
	}
}

func TestTheEdgeKnowsNoDatabaseAndNoWorkbook(t *testing.T) {
	t.Parallel()
	goFiles(t, ".", func(path string) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, forbidden := range []string{"uptrace/bun", "xuri/excelize", "jackc/pgx/v5/pgxpool", "database/sql", "internal/postgres", "internal/xlsx"} {
				if strings.Contains(name, forbidden) {
					t.Errorf("%s imports %s", path, name)
				}
			}
		}
	})
}

func TestEveryResolverIsImplementedAndNothingIsModelledTwice(t *testing.T) {
	t.Parallel()
	goFiles(t, ".", func(path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "not implemented") {
			t.Errorf("%s holds what is not implemented", path)
		}
		if filepath.Base(path) == "models_gen.go" {
			t.Errorf("%s: a type of the schema is bound to nothing", path)
		}
	})
}

package main

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// withoutExample are the packages with exported functions whose documentation shows no example, and why.
var withoutExample = map[string]string{
	"graph/lookahead":                          "what it reads is an operation under way, which only a server has",
	"internal/ingest/fill":                     "it completes a database of an older version, which an example would have to make first",
	"internal/pgtest":                          "what it gives belongs to a test, which its documentation shows",
	"internal/storage/storagetest":             "what it runs belongs to a test",
	"internal/telephony/asterisk/exchangetest": "what it starts belongs to a test",
	"internal/summary":                         "its answers come from a database, and the README shows questions with theirs",
	"internal/tracing/tracingtest":             "what it takes belongs to a test",
	"internal/workbook/workbooktest":           "what it reads belongs to a test",
}

func TestExamples_ShowHowEachPackageIsUsed(t *testing.T) {
	t.Parallel()
	exported := map[string]bool{}
	eachSource(t, func(name string, file *ast.File) {
		of := filepath.ToSlash(filepath.Dir(name))
		if strings.HasPrefix(of, "cmd/") {
			return
		}
		for _, declared := range file.Decls {
			if function, is := declared.(*ast.FuncDecl); is && function.Name.IsExported() {
				exported[of] = true
			}
		}
	})
	for name := range exported {
		switch why, excused := withoutExample[name]; {
		case excused && why == "":
			t.Errorf("the table does not say why %s shows no example", name)
		case !excused && !showsExample(t, filepath.Join("../..", name)):
			t.Errorf("go doc of %s shows no example with an output: write one, or say why there is none", name)
		}
	}
	for name := range withoutExample {
		if !exported[name] || showsExample(t, filepath.Join("../..", name)) {
			t.Errorf("the table excuses %s, which needs no excuse", name)
		}
	}
}

// showsExample is whether a package has an example that go test runs, which it does for the sake of its output.
func showsExample(t *testing.T, directory string) bool {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(directory, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range doc.Examples(file) {
			if example.Output != "" || example.EmptyOutput {
				return true
			}
		}
	}
	return false
}

// eachSource parses the Go files of the module that are written by hand, tests apart.
func eachSource(t *testing.T, see func(name string, file *ast.File)) {
	t.Helper()
	const root = "../.."
	for _, top := range []string{"cmd", "graph", "internal", "migrations"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "generated" || entry.Name() == "node_modules" || entry.Name() == "testdata"):
				return filepath.SkipDir
			case entry.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"):
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution|parser.ParseComments)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			see(filepath.ToSlash(name), file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

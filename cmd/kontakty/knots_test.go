package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// The bounds of a package that a newcomer can read: how many files, how many of them in one knot, how many lines a function.
const (
	maxFiles         = 18
	maxKnot          = 8
	maxFunctionLines = 70
)

// generatedPackages are written by a program and bounded by nothing here.
var generatedPackages = []string{"graph/generated"}

func TestKnots_StaySmall(t *testing.T) {
	t.Parallel()
	for _, loaded := range loadPackages(t) {
		name := strings.TrimPrefix(loaded.PkgPath, module+"/")
		if slices.Contains(generatedPackages, name) {
			continue
		}
		if found := len(loaded.Syntax); found > maxFiles {
			t.Errorf("%s has %d source files, at most %d are read as one thing: cut it", name, found, maxFiles)
		}
		if found := maxKnotOf(fileUses(loaded)); len(found) > maxKnot {
			t.Errorf("%s: %d files use each other in a loop, at most %d may: %s", name, len(found), maxKnot, strings.Join(found, " "))
		}
		for _, long := range longFunctions(loaded, maxFunctionLines) {
			t.Errorf("%s: %s, at most %d may be", name, long, maxFunctionLines)
		}
	}
}

func loadPackages(t *testing.T) []*packages.Package {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{
		Context: t.Context(),
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo |
			packages.NeedImports | packages.NeedExportFile,
	}, module+"/...")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range loaded {
		for _, fault := range one.Errors {
			t.Fatalf("%s: %v", one.PkgPath, fault)
		}
	}
	return loaded
}

// fileUses says for each file of a package which other files of it define what it uses.
func fileUses(loaded *packages.Package) map[string]map[string]bool {
	fileOf := func(at token.Pos) string { return filepath.Base(loaded.Fset.Position(at).Filename) }
	uses := map[string]map[string]bool{}
	for _, file := range loaded.Syntax {
		uses[fileOf(file.Package)] = map[string]bool{}
	}
	for identifier, object := range loaded.TypesInfo.Uses {
		if object.Pkg() != loaded.Types || !object.Pos().IsValid() {
			continue
		}
		if _, isPackage := object.(*types.PkgName); isPackage {
			continue
		}
		if from, to := fileOf(identifier.Pos()), fileOf(object.Pos()); from != to {
			uses[from][to] = true
		}
	}
	return uses
}

// maxKnotOf is the largest set of files that use each other in a loop, sorted; a file that is in no loop is a set of its own.
func maxKnotOf(uses map[string]map[string]bool) []string {
	used := make(map[string]map[string]bool, len(uses))
	for file := range uses {
		used[file] = usedFrom(file, uses)
	}
	var largest []string
	for file, others := range used {
		knot := []string{file}
		for other := range others {
			if other != file && used[other][file] {
				knot = append(knot, other)
			}
		}
		if len(knot) > len(largest) {
			largest = knot
		}
	}
	slices.Sort(largest)
	return largest
}

func usedFrom(file string, uses map[string]map[string]bool) map[string]bool {
	used := map[string]bool{}
	next := slices.Collect(maps.Keys(uses[file]))
	for len(next) > 0 {
		one := next[len(next)-1]
		next = next[:len(next)-1]
		if !used[one] {
			used[one] = true
			next = slices.AppendSeq(next, maps.Keys(uses[one]))
		}
	}
	return used
}

func longFunctions(loaded *packages.Package, bound int) []string {
	var long []string
	for _, file := range loaded.Syntax {
		ast.Inspect(file, func(node ast.Node) bool {
			function, isFunction := node.(*ast.FuncDecl)
			if !isFunction {
				return true
			}
			begin, end := loaded.Fset.Position(function.Pos()), loaded.Fset.Position(function.End())
			if lines := end.Line - begin.Line + 1; lines > bound {
				long = append(long, fmt.Sprintf("%s in %s has %d lines", function.Name.Name, filepath.Base(begin.Filename), lines))
			}
			return false
		})
	}
	return long
}

func TestKnots_AreFound(t *testing.T) {
	t.Parallel()
	uses := map[string]map[string]bool{
		"a": {"b": true}, "b": {"c": true}, "c": {"a": true, "d": true}, "d": {"e": true}, "e": {"d": true}, "f": {"a": true},
	}
	if knot := maxKnotOf(uses); !slices.Equal(knot, []string{"a", "b", "c"}) {
		t.Errorf("the largest knot is %v, want a b c", knot)
	}
	delete(uses["c"], "a")
	if knot := maxKnotOf(uses); !slices.Equal(knot, []string{"d", "e"}) {
		t.Errorf("the largest knot is %v, want d e", knot)
	}
}

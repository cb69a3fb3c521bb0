// Package schema is the public contract of the GraphQL API: its documents, one a domain, whose descriptions are the
// API's documentation; its scalars; and the Go shapes of those few of its types that the domain knows nothing of.
package schema

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

//go:embed *.graphqls
var documents embed.FS

// SDL is the whole schema as one document, each type in one piece.
var SDL = merge()

func merge() string {
	var sources []*ast.Source
	names, err := fs.Glob(documents, "*.graphqls")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		text, err := documents.ReadFile(name)
		if err != nil {
			panic(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	var sdl strings.Builder
	formatter.NewFormatter(&sdl, formatter.WithIndent("  ")).FormatSchema(gqlparser.MustLoadSchema(sources...))
	return sdl.String()
}

// Package generated is what gqlgen makes of the documents of graph/schema: `make generate` writes every other file.
package generated

// Package plan makes SQL of conditions: the statements of a page, a count and a stream of contacts. It asks no database. The
// skeletons of the statements are the files of sql, whose named slots the code fills; testdata/sql shows whole statements.
//
// What must hold:
//   - Values are parameters; the text of a statement is made of constants of this package.
//   - The shape of a statement, not its values, chooses the index: plans are made once and used again. Where the values
//     decide, the statement itself counts them first (page.go).
package plan

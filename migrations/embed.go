// Package migrations holds the database's schema as plain SQL: for every step a file up and a file down, applied in
// the order of their names.
//
//   - A file whose name ends in .tx.up.sql or .tx.down.sql is one transaction. Any other is a list of statements, each a
//     transaction of its own and safe to repeat.
//   - "-- each partition of TABLE: STATEMENT" is a statement for each partition of a table, {child} its name. "… of TABLE
//     without INDEX: …" leaves out those that have their part of an index of the table, as partitions do that are made later.
//   - "-- compatible: WHY" marks a step with which the program that was written before it can serve.
//
// What a step may do stands in lint_test.go, which holds those from 0021 on to it.
package migrations

import "embed"

// FS holds the files.
//
//go:embed *.sql
var FS embed.FS

// Package migrations holds the database's schema as plain SQL: for every step a file up and a file down, applied in
// the order of their names. A file whose name ends in .tx.up.sql or .tx.down.sql runs in one transaction.
package migrations

import "embed"

// FS holds the files.
//
//go:embed *.sql
var FS embed.FS

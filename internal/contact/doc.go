// Package contact is the Contacts report: what a contact is, which contacts a filter means, in which order they come,
// and how they are read from PostgreSQL.
//
// The meaning of a filter lives here and nowhere else. Filter is what a user asked for; Store.Resolve checks it and
// makes Criteria of it: presets become calendar dates, dates and hours of the day become intervals of instants
// (calendar.go, hours.go), addresses become their normalised form (address.go), ids become numbers that exist
// (criteria.go). A page, a count and a file are three readings of the same Criteria (plan.go), so they cannot differ
// about what is in the report.
//
// What must hold:
//   - Values reach PostgreSQL as parameters; the text of a statement is made of constants of this package.
//   - A page is found by keyset on (sort value, id), never by offset: each row appears once, whatever arrives meanwhile.
//   - The number of statements for a page does not depend on its size, and what was not selected is not read.
//   - The shape of a statement, not its values, chooses the index: plans are made once and used again. Where the values
//     decide, the statement itself counts them first (page.go).
//
// To add a filter: one field of Filter, one line in resolveValues or resolveThings, one line in criteria, one golden
// file. To add a column: one field of Contact, one bit of Columns with its name, one migration.
package contact

// Package report reads the Contacts report: it says which contacts a filter means and reads them from PostgreSQL as a page,
// a count or a stream.
//
// The meaning of a filter lives here and nowhere else. contact.Filter is what a user asked for; Reader.Resolve checks it
// and makes Criteria of it: presets become calendar dates, dates and hours of the day become intervals of instants
// (package calendar), addresses become their normalised form, ids become numbers that exist for the viewer (package
// directory). A page, a count and a file are three readings of the same Criteria (package plan), so they cannot differ
// about what is in the report.
//
// What must hold:
//   - A page is found by keyset on (sort value, id), never by offset: each row appears once, whatever arrives meanwhile.
//   - The number of statements for a page does not depend on its size, and what was not selected is not read.
//   - What the viewer may not see leaves this package masked or not at all.
package report

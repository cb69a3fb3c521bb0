// Package pgbinary writes and reads PostgreSQL's binary form of values: Rows gathers rows for COPY and CopyInto streams
// them into a table; Integer, Time and Texts read what a statement gave.
//
// It is what an import and a seed spend their time on, and what a page is read by, so values are appended to one slice of
// bytes and read without reflection, and rows can be made while PostgreSQL stores those before them.
//
// What must hold:
//   - A value that was written reads back the same, to the microsecond.
//   - A value of another width, or one that is cut short, is an error and never a panic: the bytes come from a network.
//   - A COPY whose rows cannot be made leaves no row and a usable connection.
package pgbinary

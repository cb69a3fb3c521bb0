// Package format is the import format: newline-delimited JSON, one agent, contact or other thing a line.
//
// What must hold:
//
//   - A line means the same whoever hands it over: a file, a migration or the API, whose input is the same contact.
//   - JSON is read strictly by RFC 8259. An unknown key, a key given twice, a key in another case and a text that
//     PostgreSQL could not keep are faults, never repaired and never ignored.
//   - Two contacts have the same hash exactly if all that they say is the same.
//   - No fault carries personal data: only the line, the field and, for what should have been one of a few words, the
//     word.
//   - Nothing here knows what is recorded already, nor PostgreSQL.
package format

// Package format is the import format: newline-delimited JSON, one agent, contact or other thing a line.
//
// What must hold:
//
//   - A line means the same whoever hands it over: a file, a migration or the API, whose input is the same contact.
//   - JSON is read strictly by RFC 8259. An unknown key of an object, one given twice and one in another case are
//     faults, never ignored.
//   - One bad field never takes its contact with it: it is mended or left out, and told as a repair. Only the externalId, the
//     status, the revision and the start of a contact cannot be left out. In a line of any kind what is no character becomes
//     U+FFFD, a number in the place of a text its digits, and a name is cut at its bound.
//   - Two contacts have the same hash exactly if all that they say is the same.
//   - No fault carries personal data: only the line, the field and, for what should have been one of a few words, the
//     word.
//   - Nothing here knows what is recorded already, nor PostgreSQL.
package format

// Package compiled writes the answer to `contacts` straight from what was read, by a plan that is compiled once for each
// parsed document.
//
// gqlgen's generated executor walks a page field by field: a context and an allocation for each of some 2,000 fields, a
// goroutine for each row. A plan has walked the selection beforehand. It knows the columns and the things to read, and
// is a tree of functions that append to one buffer. Everything else about a request stays gqlgen's: parsing, validation,
// variables, arguments, the merging of fields, the presenting of errors.
//
// What must hold:
//
//   - A compiled answer is the generated executor's, byte for byte.
//   - What a plan does not know (a list within a row, the content of details, a type that is new) is left to the
//     generated executor, the whole list of it. Nothing is read twice for that: whether there is a plan is known first.
//   - All that can fail fails before the first byte is written.
package compiled

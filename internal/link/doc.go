// Package link makes and opens the addresses at which files are fetched.
//
// What must hold:
//
//   - An address says for one principal and a few minutes that a file may be fetched, and nothing else does.
//   - It is encrypted: it tells nothing to those who see it pass, such as a proxy's log, and cannot be altered unnoticed.
//   - Only the very text that was given opens: no other spelling, no further parameter.
//   - Every process on a database makes and opens the same addresses; another database's open nothing.
package link

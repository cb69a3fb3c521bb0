// Package contact is the vocabulary of the Contacts report: what a contact is and what its columns are called, what a
// filter and an order can ask for, who views it, and what an address is. It knows no SQL; package report reads contacts.
//
// What must hold:
//   - Nothing in a Filter is checked yet; report.Resolve makes Criteria of it.
//   - The zero Viewer sees nothing, and what a Viewer may not see is taken from a contact by Show and by nothing else.
//   - Two spellings of one address have the same form under NormalizeAddress, and a spelling that has to be guessed has none.
//   - A mask shows too little to call or write to anybody.
package contact

// Package speech is the archive of recordings of the invented contacts: it speaks each recording when it is read, from a few
// sentences that espeak-ng said once (snippets/make.sh). Nothing is stored for a call.
//
// What must hold:
//
//   - A recording is as long as its path says, and the same each time: the path alone decides what is said.
//   - The agent is on the first channel and the client on the second; they take turns.
//   - A read in the middle of an hour costs no more than one at the beginning.
//   - Only paths as package sample makes them are spoken: an archive of somebody's own never sounds invented.
package speech

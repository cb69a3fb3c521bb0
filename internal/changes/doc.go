// Package changes keeps the log of what changed of contacts, contact_changes, which whoever keeps a copy reads: how writers leave
// their changes, how those get their positions, how long they are kept, and whether the log is whole.
//
// What must hold:
//   - Each change that is committed is in the log once, and none that is not.
//   - Positions become visible in their order: whoever sees one sees all below it, but for those that mean nothing.
//   - Changes of one contact have their positions in the order in which they were made.
//   - A position that was seen is never given to another change that counts as its successor: after a restore, a failover, or
//     what was written without the log, an epoch begins, behind which older positions are no longer good.
//   - Writers leave their changes without a position and without a lock, so they pass one another. Who numbers holds a lock to the
//     end of its own short transaction: a process that serves, makes files or follows, or an import, which numbers what it adds itself.
//   - Whoever changes contacts without saying that it logs that is refused by a trigger.
package changes

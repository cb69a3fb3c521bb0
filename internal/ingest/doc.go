// Package ingest lands contacts in PostgreSQL: those of files (Import) and those of the API (Record). What a line may
// say is the matter of package format.
//
// What must hold:
//
//   - A contact is known by its externalId, wherever its start lies. A line with the same or a higher revision replaces
//     the contact with its IVR steps and details whole; a lower one is ignored. So the end state does not depend on how
//     often or in which order the revisions of a contact arrive, nor on the size of a chunk: a chunk means exactly what
//     its lines mean one after the other.
//   - The same lines in any order, in any number of files, once or thrice, give the same report. A name, a significant field,
//     an agent's groups and deletion are those of the line that was true last: a contact's at its start and revision, a
//     line's of kind agent, campaign, queue, classifier or siteCall at its changedAt, or last of all where it has none. At one
//     instant the name holds that sorts last. Whatever a line refers to is made, by its externalId as its name until a
//     name comes; a stale line brings its names, too. The order counts in two cases alone: of two lines of a thing's own kind
//     without changedAt, and of two lines of one contact with the same revision, status, type and source, the last holds.
//   - A line that was imported before in the same words changes nothing.
//   - A stale line, of a lower revision than what is known, leaves the contact as it is. So does, at an equal revision, one
//     whose status says less (RINGING and PENDING say least), and one that starts before another contact of its externalId.
//   - A faulty line leaves no trace either, and does not keep the others from landing.
//   - A line of kind agent states the agent whole: no groups means that the agent is in none, no deletedAt that the
//     agent is active. A reference without a name and a record without a significant field leave what is known.
//   - A chunk lands whole or not at all, so an import that was killed is simply run again.
//   - Writers of different contacts pass one another. A transaction locks its contacts and their records before it reads
//     them, and the small things only where it writes some; all take these locks in one order. That makes
//     deadlocks and double contacts impossible, and lets rows go straight to their tables, with no staging table and no
//     ON CONFLICT. An import gives way: its chunks are small while others wait for it. A strict import is one transaction:
//     it holds other writers off until it ends. Readers never wait.
//   - What is written of contacts is in the log of changes (package changes): a transaction leaves it there without a position, but
//     for the large chunks of an import, which number what they add right before their commit.
//   - While a chunk lands, the next is read, and all is worked out of its lines that can be without the database; rows are
//     made while PostgreSQL stores those before them. PostgreSQL is what an import waits for.
package ingest

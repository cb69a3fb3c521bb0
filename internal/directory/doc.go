// Package directory holds the small things that contacts point at in memory: agents, groups of agents, campaigns, queues,
// classifiers and SiteCall forms. It says which of them, and whose contacts, exist for a viewer, and lists them.
//
// What must hold:
//   - A snapshot is never changed; readers keep the one they began with. The next one shares with it what did not change.
//   - What is followed comes to what reading everything would: a notification that may have been missed has everything read.
//   - What was made a moment ago is found: what a snapshot does not have, the database is asked for.
//   - A viewer with a restricted reach is told of the things in it, and of what its contacts point at or once did, and
//     of no others; what lies outside takes as long to be missing as what does not exist.
//   - Ties are written in the transaction that writes a contact and are never removed: whoever sees a contact sees its ties.
//   - Ties are read of the owners who are asked about, and kept until it is notified that there are more, a minute at most.
package directory

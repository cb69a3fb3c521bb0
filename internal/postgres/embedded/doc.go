// Package embedded runs a private PostgreSQL in a data directory, from the binaries that the machine has.
//
// The processes that use one data directory share one server. Each holds a share, a shared lock on a file, for as long
// as it uses the server: the first to come starts it, later ones attach, the last to leave stops it, whoever that
// is. A share is dropped by the kernel when its process dies, however it dies; a server left without shares is
// found and adopted by the next process. Those that watch it start it again where it ends while it is used.
//
// What must hold:
//   - A cluster is never deleted. A directory that initdb did not finish has another name than a cluster.
//   - Only a process that is this cluster's postmaster is ever signalled.
//   - Two postmasters never work on one cluster: PostgreSQL's own interlock on the shared memory is kept in force.
//   - Nothing listens on the network, and no other ordinary user can connect to the socket.
//   - Root never runs PostgreSQL: it hands the cluster to an ordinary user.
//
// In the data directory lie:
//
//	postgres/       the cluster
//	postgres.log    what the server says, bounded in size
//	postgres.gate   locked while somebody starts, joins or stops the server
//	postgres.lease  locked, shared, by everybody who uses it
package embedded

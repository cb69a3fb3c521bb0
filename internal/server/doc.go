// Package server is a running Kontakty: it opens the database and the bucket, wires the report, the downloads and the API
// over them, answers HTTP, and stops all of it in order.
//
// Server answers requests and, unless told otherwise, makes files; Worker makes files alone. A command that runs to its end
// takes a Database.
//
// What must hold:
//   - No request is answered before the tables are current and somebody could sign in; until then the process says that it
//     lives and asks everybody else to come back.
//   - A stop tells probes first and answers everybody for the time of the setting; then it takes no new request, answers those
//     under way, hands the files in work to other processes, and closes the database last.
//   - Neither the log nor the metrics nor the traces hold anything that a caller typed: a request shows as the pattern of its route.
//     Where traces are sent, the ids of a caller's trace are taken over, which are numbers.
//   - Each purpose has connections of its own, so that neither writers nor jobs hold up readers, nor anybody sign-in.
//   - Whoever is at the other end of a connection says nothing about where a request comes from, unless it is a proxy that
//     the configuration trusts.
//   - A slow or silent client holds a connection for a bounded time.
package server

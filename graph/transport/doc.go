// Package transport carries GraphQL operations over HTTP: POST and, for queries, GET with one answer; server-sent events
// and WebSockets with any number of them.
//
// gqlgen's own transports read bodies without a limit, echo them in errors, answer parse and validation errors with a
// status that GraphQL over HTTP does not know, and run queries over streams without a deadline; hence these.
//
// What must hold:
//
//   - A request is a stream if IsStream says so, and nobody else decides that.
//   - Every operation but a subscription ends with the timeout, on every transport.
//   - Nothing is read beyond the limits, and nothing that was sent is quoted in a refusal.
//   - Streams end with their client and with Close, which tells every client why and waits until nothing of them runs.
//   - Streams are counted by principal, and by network before that; one whose credentials count no more ends within a ping.
//   - A client that takes nothing, or does not answer pings, is given up.
package transport

// Package graph is the HTTP and GraphQL edge of Kontakty: thin, and the only place that knows GraphQL.
//
// A request passes, in this order: its HTTP shape (transport), the guard, which refuses documents that would be dear
// before anything else looks at them, parsing and validation, the strict check of variables, and the resolvers, which
// parse and delegate. Errors leave by one door, with a code and a sentence in the reader's language.
//
// What must hold:
//
//   - The number of SQL statements for a page does not depend on its size: a list looks ahead at the fields that are
//     selected and loads what they need in one go; loaders, one set a request, serve every other path.
//   - Nothing that was not selected is read.
//   - No request costs more than the limits allow, whatever it looks like. Event streams and WebSockets pass the same
//     guard, limits and door, and end with their client and with the handler; nothing of them runs on.
//   - What is not a fault leaves as INTERNAL with a request id; neither answer nor log quotes what a user sent.
package graph

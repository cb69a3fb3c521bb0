// Package graph is the HTTP and GraphQL edge of Kontakty: thin, and the only place that knows GraphQL.
//
// A request passes, in this order: who sends it (access), its HTTP shape (transport), the guard, which refuses documents
// that would be dear before anything else looks at them, parsing and validation, the strict check of variables, the
// charge, and the resolvers, which parse and delegate. Pages of the report are written by compiled answers (compiled)
// instead, byte for byte as the resolvers would. Errors leave by one door, with a code and a sentence in the reader's
// language.
//
// What must hold:
//
//   - The number of SQL statements for a page does not depend on its size: a list looks ahead at the fields that are
//     selected and loads what they need in one go; loaders, one set a request, serve every other path.
//   - Nothing that was not selected is read.
//   - Nothing is read but by the reader of who asks, and no id that somebody gives is followed before that reader knows
//     it. Details leave once the audit log has them.
//   - No request costs more than the limits allow, whatever it looks like. Event streams and WebSockets pass the same
//     guard, limits and door, and end with their client and with the handler; nothing of them runs on.
//   - What is not a fault leaves as INTERNAL with a request id; neither answer nor log quotes what a user sent.
package graph

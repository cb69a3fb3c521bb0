// Package graph is the HTTP and GraphQL edge of Kontakty: thin, and the only place that knows GraphQL.
//
// A request passes, in this order: access.go, which recognises its sender; a transport (package transport), which reads the
// operation; the guard (package guard), which bounds its document, its variables and its cost; and the resolvers, which
// parse and delegate. Pages of the report are written by compiled answers (package compiled) instead, byte for byte as the
// resolvers would. Every error leaves by the errorPresenter, with a code and a sentence in the language of the request.
//
// The files read in this order: config.go, loaders.go, request.go (what a context holds of a request), errors.go, access.go,
// handler.go, which puts all together; then resolver.go, selection.go, nodes.go, downloads.go and the *.resolvers.go.
//
// What must hold:
//
//   - The number of SQL statements for a page does not depend on its size: a list looks ahead at the fields that are
//     selected and loads what they need in one go; loaders, one set a request, serve every other path.
//   - Nothing that was not selected is read.
//   - Nothing is read but by the reader of the request's sender, and no id of a request is followed before that reader sees
//     its object. Details leave once the audit log has them.
//   - No request costs more than the limits allow, and none but subscriptions lasts longer than the timeout, whatever it
//     looks like and whatever it comes over.
//   - Event streams and WebSockets end with their client and with the handler, and nothing of them runs on.
//   - What is not a fault leaves as INTERNAL with a request id; neither answer nor log quotes what a user sent.
package graph

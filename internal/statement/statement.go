// Package statement says what a statement to the database is for, so that whoever watches the database can tell apart what
// takes long there. A kind is all that is told of a statement: neither its text nor its values leave the process.
package statement

import "context"

// Kind is what a statement is for.
type Kind string

// The kinds of statements. What is not marked is of its pool's kind: Lookup, Access, File or Job.
const (
	// Page reads a page of contacts.
	Page Kind = "page"
	// Count counts contacts, or the lines of a file.
	Count Kind = "count"
	// Steps reads ways through the IVR.
	Steps Kind = "steps"
	// Records reads clients' records.
	Records Kind = "records"
	// Details reads messages, chats and where recordings are.
	Details Kind = "details"
	// Lookup finds what else an answer needs: contacts by their ids, the things of a filter.
	Lookup Kind = "lookup"
	// Write is all statements of a call that records contacts, their waiting for other writers included.
	Write Kind = "write"
	// Chunk is all statements that land a chunk of an import.
	Chunk Kind = "chunk"
	// File reads contacts for a file, or fills the directory.
	File Kind = "file"
	// Access recognises callers and writes the audit log.
	Access Kind = "access"
	// Job is of what runs beside requests.
	Job Kind = "job"
)

type contextKey struct{}

// With is a context whose statements are of a kind.
func With(ctx context.Context, kind Kind) context.Context {
	return context.WithValue(ctx, contextKey{}, kind)
}

// KindOf is the kind of the statements of a context, "" if nobody said.
func KindOf(ctx context.Context) Kind {
	kind, _ := ctx.Value(contextKey{}).(Kind)
	return kind
}

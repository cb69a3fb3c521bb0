// Package guard refuses GraphQL operations that would cost too much, whatever they look like.
//
// An operation passes its parts in this order: documentLimits bounds the document by its bytes, tokens and size before
// gqlgen parses it, the validation rules and strictVariables hold it to the specification, and costLimit charges its
// sender by the rows that it asks for. While it is executed its statements are metered and its answer is bounded; Settle
// then corrects the charge. What was accepted once is not measured again.
//
// What must hold:
//
//   - No document takes longer to refuse than the limits allow, and none is validated before it is measured.
//   - Fragments are counted as if they were spread out, and measured once however often they are spread.
//   - An operation is charged before it is executed and corrected by what it took, and a refused one is charged too; nobody
//     pays for others.
//   - No answer is kept beyond its limit, whoever writes it.
//   - No error quotes a value of a document or of its variables.
package guard

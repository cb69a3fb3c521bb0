// Package export makes the report's files: somebody orders one, a worker writes it in the background, and it is
// fetched over HTTP once it is whole.
//
// What must hold:
//
//   - A file shows what the screen shows: filter, order and access are those of package contact, read in one snapshot.
//   - No part of a file is ever offered. A blob becomes visible when it is closed, and a download becomes READY in one
//     statement that names the attempt that made the blob.
//   - A download's life is its row. Who claims the row raises its attempt and holds a lease, which it renews while it
//     works; every later write names that attempt. A worker that lost its lease changes nothing and removes what it
//     wrote.
//   - An order given twice is one download; orders are taken one after another, whichever process takes them.
//   - A file is fetched by an address that we signed and that lives five minutes; nothing else opens it.
//   - What a killed process leaves in the bucket belongs to nobody by its name, and the next tidying removes it.
//   - A job of River only says "look at this row": a job too many finds nothing to claim, and one too few is put in
//     again by the sweep.
package export

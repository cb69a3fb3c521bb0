// Package export makes the report's files: somebody orders one, a worker writes it in the background, and it is
// fetched over HTTP once it is whole.
//
// What must hold:
//
//   - A file shows what the screen shows its owner: filter, order and access are those of package contact, read in one
//     snapshot.
//   - A file gives at no time more than its owner may see at the order, when it is made and when it is fetched, nor more
//     than who fetches it may see. Its row keeps what it was made under. Rights that were lost call it off, or withhold it.
//   - Downloads belong to who ordered them. For others they do not exist: the same answers and the same statements as for
//     an id that was never given. Administrators see all, though not what their own rights do not let them see.
//   - Who ordered and who fetched a file is in the audit log, or it is not ordered and not given out.
//   - No part of a file is ever offered. A blob becomes visible when it is closed, and a download becomes READY in one
//     statement that names the attempt that made the blob.
//   - A download's life is its row. Who claims the row raises its attempt and holds a lease, which it renews while it
//     works; every later write names that attempt. A worker that lost its lease changes nothing and removes what it
//     wrote.
//   - An order given twice is one download; orders are taken one after another, whichever process takes them.
//   - A file is fetched by an address that we gave to one principal and that lives five minutes; nothing else opens it, and
//     rights are looked up when it is used.
//   - What a killed process leaves in the bucket belongs to nobody by its name, and the next tidying removes it.
//   - A job of River only says "look at this row": a job too many finds nothing to claim, and one too few is put in
//     again by the sweep.
package export

// Package storage keeps the files of downloads in a bucket, and reads those that others keep in an archive: each is a local
// directory or a bucket of an S3 service.
//
// What must hold:
//
//   - A file becomes visible when all of it is written, and nothing is left of one whose writing fails or is given up.
//   - Every attempt at a download has a key of its own, so that two workers never write the same file, and the one that lost
//     removes its own without harm.
//   - The name of what a killed process left half written says whose download and which attempt it was.
//   - An archive is never written to, and nothing outside it is read: neither by a path nor through a link in it.
//   - No error of an archive names a file: the name may be a caller's number.
//   - Nothing outside this package knows which library speaks to the bucket.
package storage

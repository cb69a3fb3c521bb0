// Package media gives the recordings of calls to those who may hear them.
//
// A source tells the path of a recording, a contact's details keep it, and the file itself lies in an archive that others fill:
// the folder of an exchange, or a bucket of an S3 service. This package finds it there, says what it is, and gives it out by
// links that are good for one principal and a few minutes.
//
// What must hold:
//
//   - Only what a contact's details name is given out, and only to those for whom the contact exists and who may see its
//     content: when the link is given, and again when it is opened.
//   - No archive is asked unless what it knows was asked for, and none holds anybody up: what it does not answer in time it
//     does not have for now.
//   - A path never enters a log or an error: it can hold a number.
//   - Whatever a file holds, it is given out as sound or as a file to be kept, never as a page.
package media

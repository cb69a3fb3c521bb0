// Package asterisk makes contacts of what an Asterisk writes: CEL, which tells of a call while it runs, CDR, which has a few
// columns that CEL lacks, and queue_log, for calls of which there is nothing better.
//
// The way of a call: rows -> events -> channels and who was connected with whom (connections.go) -> roots, which are what
// began by itself (roots.go) -> talks, transfers and consultations of a root -> contacts. Each file uses those before it.
package asterisk

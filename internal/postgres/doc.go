// Package postgres is the way to the database: a pool of connections with Bun over it, the migrations, a channel
// that is listened to, and the translation of what can go wrong into what a user may be told.
//
// What holds for every connection it opens: the session's time zone is UTC; a statement whose client has gone away
// ends within a second, with its locks; and where the role may say so, statements that fail do not land in the
// server's log, because Bun writes values, phone numbers among them, into the SQL text.
package postgres

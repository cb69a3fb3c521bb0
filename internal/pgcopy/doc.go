// Package pgcopy sends rows into tables by COPY in PostgreSQL's binary format: Rows writes them, Into streams them.
//
// It is what an import and a seed spend their time on, so values are appended to one slice of bytes, and rows can be made
// while PostgreSQL stores those before them.
package pgcopy

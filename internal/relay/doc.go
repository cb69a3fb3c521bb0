// Package relay holds the parts of the Relay conventions that know nothing of what is paged: page arguments, signed
// cursors, connections and object ids.
//
// A cursor is a sealed payload. It is accepted only by a server with the same key and for the same scope (the filter
// and order it was given out for), so a page can never silently continue another list.
package relay

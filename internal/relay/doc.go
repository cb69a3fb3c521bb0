// Package relay holds the parts of the Relay conventions that know nothing of what is paged: page arguments, signed
// cursors, connections and object ids.
//
// What must hold:
//   - A cursor is a sealed payload. It opens only with the same key and for the same scope (the filter and order that it was
//     given out for), so a page never silently continues another list.
//   - A cursor and an id have one spelling each: what was not given out byte for byte is refused.
//   - Neither a cursor nor a count is worked out unless it is asked for.
package relay

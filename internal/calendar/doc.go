// Package calendar makes instants of what people say about time: a preset or calendar dates, hours of the day and a time
// zone become the intervals in which contacts start.
//
// What must hold:
//   - Everything here is pure: today's date and the zone are passed in.
//   - The wall clock decides. An hour that a clock change repeats counts twice, one that it skips does not exist, and a
//     day begins at the first instant at which the zone's calendars show it, or a later one.
//   - The intervals of a period come earliest first, are disjoint and do not touch.
package calendar

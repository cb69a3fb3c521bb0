// Package oracle proves the report by writing it twice.
//
// Its tests hold a second, naive implementation of the report's filter, order and paging over a slice in memory. It
// was written from the report's specification alone and shares no code with package report: where report turns a
// local day into instants and a window of hours into intervals of them, the oracle looks at the wall clock of every
// single row; where report asks indexes, the oracle sorts the whole list. Both are asked the same random questions
// about the same troublesome data and must give the same rows, order, counts, pages and errors.
//
// The package itself is empty; everything is in its tests:
//
//	go test ./internal/report/oracle                             a run of 20,000 queries
//	go test ./internal/report/oracle -oracle.queries=1000000     a million (add -timeout=2h)
//
// A difference is printed with the command that replays it.
package oracle

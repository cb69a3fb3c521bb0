// Benchmark measures the real binary as its users run it, against floors and peers in the same run, and says of each
// aim of the project whether it is met:
//
//	go run ./cmd/benchmark -scale small
//	go run ./cmd/benchmark -scale full -write BENCHMARKS.md
//
// Whoever changes the SQL of a page asks what every case costs PostgreSQL in any database, and for the plan of those named:
//
//	go run ./cmd/benchmark explain postgres://… "group of agents"
//
// It builds kontakty, seeds databases that it keeps between runs, and starts "kontakty serve" on them. What is compared
// runs in alternating rounds, on the same machine, over the same data; the figure of an aim is the median of the rounds'
// ratios. Absolute figures are printed beside them and mean nothing on another machine.
//
// The floor (cmd/benchmark/floor) is what a careful programmer would write by hand for one request alone: net/http and pgx, no
// GraphQL. It runs in a process of its own, and nothing is timed before its answers are those of kontakty to the byte.
package main

import "errors"

// bench is one run.
type bench struct {
	config

	scratch string
	results *results
	sites   [2]*site
}

func (b *bench) small() *site { return b.sites[0] }
func (b *bench) large() *site { return b.sites[1] }

// leave gives the databases up.
func (b *bench) leave() error {
	var errs []error
	for _, site := range b.sites {
		if site != nil {
			errs = append(errs, site.close())
		}
	}
	return errors.Join(errs...)
}

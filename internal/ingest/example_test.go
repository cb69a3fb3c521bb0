package ingest_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
)

// An import tells after each chunk how far it has come.
func ExampleConfig() {
	config := ingest.Config{Progress: func(p ingest.Progress) {
		fmt.Printf("%d lines, %d of them faulty, %.0f a second\n", p.Lines, p.Skipped, p.LinesPerSecond())
	}}
	config.Progress(ingest.Progress{Lines: 5500, Skipped: 2, Elapsed: 250 * time.Millisecond})
	// Output: 5500 lines, 2 of them faulty, 22000 a second
}

package ingest

import (
	"errors"
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// defaultChunkSize is the number of lines of a transaction. It takes about a tenth of a second; larger ones are hardly
// faster, nor is a commit that does not wait for the disk.
const defaultChunkSize = 5000

// While others write contacts, an import lands so few lines together that each contact and record has its own lock, and
// others wait for no more than what they write themselves; yieldingChunks is how many chunks are so small after another
// writer was seen.
const (
	yieldingChunkSize = 200
	yieldingChunks    = 20
)

// Config says how an import is done; the zero value is a plain one.
type Config struct {
	// Strict lands nothing if any line is faulty, or would have to be mended.
	Strict bool
	// NoFeed leaves the log of changes out, for a first load: whoever keeps a copy is told to begin anew.
	NoFeed bool
	// ChunkSize is the most lines that land in one transaction, 0 for the usual 5,000. The first chunks have fewer.
	ChunkSize int
	// Progress is called after each chunk.
	Progress func(Progress)
	// Faulty is called for each faulty line, in the order of the lines.
	Faulty func(format.Fault)
	// Repaired is called with what was mended of each contact, in the order of the lines.
	Repaired func(format.Repair)
	// Starts bounds when contacts may start; a line that lies outside is faulty.
	Starts Starts
	// Retry is for how long a chunk is tried again while the database is away; a strict import never is.
	Retry postgres.Retry
	// Now is the clock that progress is measured by, nil for the system's.
	Now func() time.Time
}

// Progress is how far an import has come.
type Progress struct {
	// Lines is the number of lines read and dealt with, Skipped how many of them were faulty.
	Lines, Skipped int
	// Elapsed is the time since the import began.
	Elapsed time.Duration
}

// LinesPerSecond is the mean rate so far.
func (p Progress) LinesPerSecond() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Lines) / p.Elapsed.Seconds()
}

// Result is what became of the lines: Lines is the sum of all others but Repaired.
type Result struct {
	// Lines is the number of lines that were not blank.
	Lines int
	// Recorded contacts were not known before.
	Recorded int
	// Replaced contacts came with the same or a higher revision and other content.
	Replaced int
	// Unchanged lines were imported before in the same words.
	Unchanged int
	// Stale lines had a lower revision than what is known, and were ignored.
	Stale int
	// Described is the number of lines that describe an agent, a campaign, a queue, a classifier or a SiteCall form.
	Described int
	// Skipped lines were faulty.
	Skipped int
	// Collided contacts have the externalId and the revision of another contact; the later one is kept.
	Collided int
	// Repaired lines, of which some field was mended, are counted among the others too.
	Repaired int
}

func (r *Result) add(more Result) {
	r.Lines += more.Lines
	r.Recorded += more.Recorded
	r.Replaced += more.Replaced
	r.Unchanged += more.Unchanged
	r.Stale += more.Stale
	r.Described += more.Described
	r.Skipped += more.Skipped
	r.Repaired += more.Repaired
	r.Collided += more.Collided
}

// ErrRefused is the error of a strict import with a faulty line: nothing has landed. The result has only the numbers
// of lines and of faulty ones.
var ErrRefused = errors.New("lines are faulty, so nothing was imported")

// Source is an input of an import: newline-delimited JSON, plain or gzip.
type Source struct {
	// Name stands in front of faults, to tell sources apart; it may be empty.
	Name string
	// Open is called when it is the source's turn; what it gives is closed after the last line.
	Open func() (io.ReadCloser, error)
}

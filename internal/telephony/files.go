package telephony

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kontakty/kontakty/internal/ahead"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Reader makes rows of the lines of a file, or of its other records if it is a Splitter.
type Reader interface {
	// Read makes a row of a line of that number, or of a record that begins there. A line that says nothing of a call gives a row without a channel.
	Read(line string, number int64) (Row, error)
}

// Splitter is a Reader whose records are not lines.
type Splitter interface {
	// Split gives the records of a file.
	Split(file io.Reader) (Records, error)
}

// RecordsOf are the records of a file, as its reader takes them.
func RecordsOf(file io.Reader, reader Reader) (Records, error) {
	if splitter, splits := reader.(Splitter); splits {
		return splitter.Split(file)
	}
	return NewLines(file)
}

// IsRecordFault is whether an error is of one record, behind which a file goes on.
func IsRecordFault(err error) bool {
	return errors.Is(err, errLongLine) || errors.Is(err, errUnended)
}

// BadLine is a line that is no row: its number, never what it says.
type BadLine struct {
	File   string
	Line   int64
	Reason string
}

// Error is what a person is told.
func (b BadLine) Error() string { return fmt.Sprintf("%s: line %d: %s", b.File, b.Line, b.Reason) }

// FileImport is an import of files of one format.
type FileImport struct {
	Store *Store
	// NewReader makes the reader of a file.
	NewReader func() (Reader, error)
	// Faulty is called for each bad line, Progress after each batch; both may be nil.
	Faulty   func(BadLine)
	Progress func(Landed)
	// Retry is for how long a batch is tried again while the database is away.
	Retry postgres.Retry
	// BatchSize is the most lines of a transaction, 0 for the usual 5,000.
	BatchSize int
}

const (
	usualBatch    = 5_000
	maxLineBytes  = 1 << 20
	maxBatchBytes = 8 << 20
)

// errLongLine is the error of a line that is longer than a row may be.
var errLongLine = errors.New("is longer than 1 MiB")

// Run imports files one after the other. Lines that are no rows are told and skipped.
func (f *FileImport) Run(ctx context.Context, paths []string) (Landed, error) {
	if f.BatchSize <= 0 {
		f.BatchSize = usualBatch
	}
	var total Landed
	err := ahead.Each(ctx, 0, func(_ context.Context, send func(readBatch) error) error {
		var batch readBatch
		for _, path := range paths {
			if err := f.read(path, &batch, send); err != nil {
				return err
			}
		}
		return send(batch)
	}, func(batch readBatch) error {
		if f.Faulty != nil {
			for _, bad := range batch.bad {
				f.Faulty(bad)
			}
		}
		var landed Landed
		if err := f.Retry.Do(ctx, func() (err error) {
			landed, err = f.Store.Land(ctx, Batch{Rows: batch.rows, Origin: Files, Bad: len(batch.bad)})
			return err
		}); err != nil {
			return err
		}
		total.Add(landed)
		if f.Progress != nil {
			f.Progress(total)
		}
		return nil
	})
	return total, err
}

// FilesIn are the named files, and for a directory the files in it and below, by name.
func FilesIn(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		err := filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && (path == name && !entry.IsDir() || entry.Type().IsRegular()) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// readBatch is what was read of files.
type readBatch struct {
	rows []Row
	bad  []BadLine
	size int
}

// read sends a file in batches, but for the last one: files may be small.
func (f *FileImport) read(path string, batch *readBatch, send func(readBatch) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader, err := f.NewReader()
	if err != nil {
		return err
	}
	lines, err := RecordsOf(file, reader)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	for {
		line, number, err := lines.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && IsRecordFault(err):
			batch.bad = append(batch.bad, BadLine{File: path, Line: number, Reason: err.Error()})
		case err != nil:
			return fmt.Errorf("reading %s: %w", path, err)
		case line == "":
		default:
			row, err := reader.Read(line, number)
			if err != nil {
				batch.bad = append(batch.bad, BadLine{File: path, Line: number, Reason: err.Error()})
				break
			}
			batch.rows = append(batch.rows, row)
			batch.size += len(line)
		}
		if len(batch.rows) >= f.BatchSize || batch.size >= maxBatchBytes {
			if err := send(*batch); err != nil {
				return err
			}
			*batch = readBatch{}
		}
	}
}

// Lines are the lines of a file, plain or gzip.
type Lines struct {
	in     *bufio.Reader
	number int64
	buffer []byte
}

// NewLines tells by the content whether a file is compressed.
func NewLines(r io.Reader) (*Lines, error) {
	in, err := unpacked(r)
	if err != nil {
		return nil, err
	}
	return &Lines{in: in}, nil
}

// unpacked is the content of a file, plain or gzip.
func unpacked(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, 256<<10)
	if magic, err := in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		content, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = bufio.NewReaderSize(content, 256<<10)
	}
	return in, nil
}

// Next is the next line with its number, without its end. Errors: io.EOF, a line that is too long, what the file gives.
func (l *Lines) Next() (string, int64, error) {
	l.buffer = l.buffer[:0]
	long := false
	for {
		part, err := l.in.ReadSlice('\n')
		if !long {
			l.buffer = append(l.buffer, part...)
			long = len(l.buffer) > maxLineBytes
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(l.buffer) == 0):
			return "", l.number, err
		}
		l.number++
		if long {
			return "", l.number, errLongLine
		}
		return trimEnd(l.buffer), l.number, nil
	}
}

func trimEnd(line []byte) string {
	n := len(line)
	for n > 0 && (line[n-1] == '\n' || line[n-1] == '\r') {
		n--
	}
	return string(line[:n])
}

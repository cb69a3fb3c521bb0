package workbook

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"
	"github.com/xuri/excelize/v2"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
	"github.com/kontakty/kontakty/internal/xlsx"
)

var benchmarkContacts = flag.Int("contacts", 100_000, "how many contacts BenchmarkReport makes a file of")

// BenchmarkReport writes workbooks of contacts end to end, from PostgreSQL into a file, and right after each the same
// cells through excelize's own stream writer, fed from memory, with a quick compressor:
//
//	go test ./internal/workbook -run '^$' -bench Report -benchtime 1x -timeout 1h -contacts 1000000
//
// ratio is excelize's time divided by ours: 1 says that the database costs nothing. peak-MiB is the most memory of the
// process in use while ours was made, counted from what was in use before.
func BenchmarkReport(b *testing.B) {
	s := newSite(b, 0)
	s.fill(b, *benchmarkContacts)
	s.exec(b, `VACUUM ANALYZE contacts`)
	s.exec(b, `VACUUM ANALYZE ivr_steps`)
	s.exec(b, `VACUUM ANALYZE records`)
	for _, kind := range Kinds {
		b.Run(string(kind), func(b *testing.B) {
			var ours, theirs time.Duration
			var peak uint64
			for b.Loop() {
				debug.FreeOSMemory() // what excelize left is not ours
				watching := watchMemory(b.Context())
				begun := time.Now()
				made := s.intoFile(b, Shape{Kind: kind})
				ours += time.Since(begun)
				peak = max(peak, watching())
				equal(b, "contacts", made.Contacts, *benchmarkContacts)

				cells := s.someCells(b, kind)
				begun = time.Now()
				throughExcelize(b, cells, made.Lines)
				theirs += time.Since(begun)
			}
			b.ReportMetric(float64(*benchmarkContacts*b.N)/ours.Seconds(), "contacts/s")
			b.ReportMetric(theirs.Seconds()/ours.Seconds(), "ratio")
			b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		})
	}
}

// BenchmarkShape writes files of the same contacts in other formats and with few columns; ratio is the time of a workbook of the
// report's own columns, written right before, divided by that of the file.
func BenchmarkShape(b *testing.B) {
	s := newSite(b, 0)
	s.fill(b, *benchmarkContacts)
	s.exec(b, `VACUUM ANALYZE contacts`)
	s.exec(b, `VACUUM ANALYZE ivr_steps`)
	s.exec(b, `VACUUM ANALYZE records`)
	five := []Column{StartedAtColumn, AgentColumn, TypeColumn, StatusColumn, TalkTimeColumn}
	for _, kind := range Kinds {
		for _, format := range Formats {
			for _, columns := range [][]Column{nil, five} {
				b.Run(fmt.Sprintf("%s/%s/%d", kind, format, len(columns)), func(b *testing.B) {
					var whole, took time.Duration
					var peak uint64
					for b.Loop() {
						begun := time.Now()
						s.intoFile(b, Shape{Kind: kind})
						whole += time.Since(begun)
						debug.FreeOSMemory()
						watching := watchMemory(b.Context())
						begun = time.Now()
						s.intoFile(b, Shape{Kind: kind, Columns: columns, Format: format})
						took += time.Since(begun)
						peak = max(peak, watching())
					}
					b.ReportMetric(float64(*benchmarkContacts*b.N)/took.Seconds(), "contacts/s")
					b.ReportMetric(whole.Seconds()/took.Seconds(), "ratio")
					b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
				})
			}
		}
	}
}

// intoFile writes the file of a month.
func (s *site) intoFile(b *testing.B, shape Shape) Result {
	b.Helper()
	criteria, err := s.store.For(contact.Unlimited).Resolve(b.Context(), workbooktest.March())
	must(b, err)
	out, err := os.Create(b.TempDir() + "/report.xlsx")
	must(b, err)
	defer func() { must(b, out.Close()) }()
	buffered := bufio.NewWriterSize(out, 256<<10)
	report := Report{Shape: shape, Locale: fault.Polish, Filter: criteria.ResolvedFilter(), Period: criteria.Period(), OrderedBy: "local", OrderedAt: now}
	result, err := report.Write(b.Context(), buffered, Config{Store: s.store, Directory: s.directory, Viewer: contact.Unlimited})
	must(b, err)
	must(b, buffered.Flush())
	return result
}

// watchMemory notes the resident memory every few milliseconds; the function it gives ends that and tells the most.
func watchMemory(ctx context.Context) func() uint64 {
	ctx, stop := context.WithCancel(ctx)
	highest := make(chan uint64)
	go func() {
		var peak uint64
		for ticker := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-ctx.Done():
				ticker.Stop()
				highest <- peak
				return
			case <-ticker.C:
				peak = max(peak, resident())
			}
		}
	}()
	return func() uint64 { stop(); return <-highest }
}

// resident is the memory of the process in use, as the system counts it.
func resident() uint64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.ParseUint(strings.Fields(string(statm))[1], 10, 64)
	return pages * uint64(os.Getpagesize())
}

// someCells are the lines of the file's first contacts, as excelize takes them.
func (s *site) someCells(b *testing.B, kind Kind) [][]any {
	b.Helper()
	criteria, err := s.store.For(contact.Unlimited).Resolve(b.Context(), workbooktest.March())
	must(b, err)
	var kept [][]any
	enough := context.Canceled
	err = s.store.For(contact.Unlimited).Snapshot(b.Context(), func(ctx context.Context, snapshot *report.Snapshot) error {
		reading := &reading{
			snapshot: snapshot, criteria: criteria, columns: Shape{Kind: kind}.columns(), drawn: drawCells, steps: kind == Detailed,
			line: line{locale: fault.Polish, zone: criteria.Zone(), names: newNames(s.directory, s.directory.Visibility(contact.Unlimited.Reach))},
		}
		return reading.read(ctx, func(batch *batch) error {
			for lines := range batch.contacts() {
				for _, line := range lines {
					kept = append(kept, asExcelize(line))
				}
			}
			if len(kept) > 20_000 {
				return enough
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, enough) {
		b.Fatal(err)
	}
	return kept
}

func asExcelize(line []xlsx.Cell) []any {
	values := make([]any, len(line))
	for i, cell := range line {
		if text, number, is := cell.Value(); is && text != "" {
			values[i] = text
		} else if is {
			values[i] = excelize.Cell{StyleID: 1, Value: number}
		}
	}
	return values
}

// throughExcelize writes as many lines as the file has, over and over those that are in memory.
func throughExcelize(b *testing.B, cells [][]any, lines int) {
	b.Helper()
	out, err := os.Create(b.TempDir() + "/excelize.xlsx")
	must(b, err)
	defer func() { must(b, out.Close()) }()
	file := excelize.NewFile(excelize.Options{TmpDir: b.TempDir()})
	file.SetZipWriter(func(w io.Writer) excelize.ZipWriter {
		archive := zip.NewWriter(w)
		archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, xlsx.Compression) })
		return archive
	})
	instant := "yyyy-mm-dd hh:mm:ss"
	_, err = file.NewStyle(&excelize.Style{CustomNumFmt: &instant})
	must(b, err)
	for written, sheet := 0, 1; written < lines; sheet++ {
		name := "Sheet" + strconv.Itoa(sheet)
		if sheet > 1 {
			_, err := file.NewSheet(name)
			must(b, err)
		}
		stream, err := file.NewStreamWriter(name)
		must(b, err)
		for row := 1; row <= xlsx.MaxSheetLines && written < lines; row++ {
			must(b, stream.SetRow("A"+strconv.Itoa(row), cells[written%len(cells)]))
			written++
		}
		must(b, stream.Flush())
	}
	must(b, file.Write(out))
	must(b, file.Close())
}

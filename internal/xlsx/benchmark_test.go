package xlsx_test

import (
	"io"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"
	"github.com/xuri/excelize/v2"

	"github.com/kontakty/kontakty/internal/xlsx"
)

// The same 22 cells a row, through this package and through excelize's own stream writer with a quick compressor:
//
//	go test -run '^$' -bench . -benchtime 200000x ./internal/xlsx
//
// One iteration is one row. live-MiB is the memory in use at the end of the rows, before the file is closed.

func BenchmarkWriter(b *testing.B) {
	config := xlsx.Config{Sheet: "Kontakty", CutMark: "…", Columns: make([]xlsx.Column, 22)}
	for i := range config.Columns {
		config.Columns[i] = xlsx.Column{Header: "H" + strconv.Itoa(i), Width: 12}
	}
	w, err := xlsx.NewWriter(io.Discard, config)
	must(b, err)
	b.ReportAllocs()
	cells := make([]xlsx.Cell, 22)
	for row := 0; b.Loop(); row++ {
		for i := range cells {
			text, number, moment := sampleCell(row, i)
			switch {
			case !moment.IsZero():
				cells[i] = xlsx.Instant(moment)
			case text != "":
				cells[i] = xlsx.Text(text)
			default:
				cells[i] = xlsx.Seconds(number)
			}
		}
		must(b, w.Write(cells))
	}
	reportLive(b)
	must(b, w.Close())
}

func BenchmarkExcelizeStreamWriter(b *testing.B) {
	file := excelize.NewFile(excelize.Options{TmpDir: b.TempDir()})
	file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		archive := zip.NewWriter(io.Discard)
		archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 2) })
		return archive
	})
	instant := "yyyy-mm-dd hh:mm:ss"
	style, err := file.NewStyle(&excelize.Style{CustomNumFmt: &instant})
	must(b, err)
	stream, err := file.NewStreamWriter("Sheet1")
	must(b, err)
	b.ReportAllocs()
	cells := make([]any, 22)
	for row := 0; b.Loop(); row++ {
		for i := range cells {
			text, number, moment := sampleCell(row, i)
			switch {
			case !moment.IsZero():
				cells[i] = excelize.Cell{StyleID: style, Value: moment}
			case text != "":
				cells[i] = text
			default:
				cells[i] = excelize.Cell{StyleID: style, Value: float64(number) / 86400}
			}
		}
		must(b, stream.SetRow("A"+strconv.Itoa(row%1_048_575+1), cells))
	}
	reportLive(b)
	must(b, stream.Flush())
	_, err = file.WriteToBuffer()
	must(b, err)
	must(b, file.Close())
}

// sampleCell is a cell of a plausible contact: 17 texts, 2 moments, 3 durations.
func sampleCell(row, column int) (string, int, time.Time) {
	switch column {
	case 7, 20:
		return "", 0, time.Unix(1_709_000_000+int64(row), 0).UTC()
	case 9, 10, 11:
		return "", (row * (column + 7)) % 3600, time.Time{}
	case 0, 3, 4:
		return "+48" + strconv.Itoa(600_000_000+(row*7919*(column+1))%99_999_999), 0, time.Time{}
	default:
		return samples[(row*(column+3)+column)%len(samples)], 0, time.Time{}
	}
}

var samples = []string{
	"Infolinia główna", "Anna Kowalska", "połączenie przychodzące w kampanii", "ANSWERED", "nagranie", "klient",
	"Sprzedaż – zimna baza", "Jan Wiśniewski", "NO ANSWER", "Kolejka 12", "zainteresowany", "+02:00", "ACME sp. z o.o.",
}

func reportLive(b *testing.B) {
	b.StopTimer()
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapInuse)/(1<<20), "live-MiB")
	b.StartTimer()
}

package xlsx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"
	"github.com/xuri/excelize/v2"
)

// Compression is the level at which what excelize adds is compressed. The sheets compress themselves.
const Compression = 2

// book is the package around the sheets. The sheets are written into it one after another; excelize adds the rest.
type book struct {
	archive *zip.Writer
	file    *excelize.File
	styles  [styleCount]int
	sheets  int
	tables  []string // names of the sheets of the table
	areas   []string // and the cells of each
	// encoder compresses the part that is created next, which is a sheet.
	encoder *encoder
}

func newBook(w io.Writer, config Config) (*book, error) {
	b := &book{archive: zip.NewWriter(w), file: excelize.NewFile()}
	b.archive.RegisterCompressor(zip.Deflate, b.compressor)
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return b.archive })
	for i, form := range styleForms() {
		id, err := b.file.NewStyle(form)
		if err != nil {
			return nil, err
		}
		b.styles[i] = id
	}
	b.file.Pkg.Store("docProps/core.xml", coreProperties(config))
	return b, b.file.SetAppProps(&excelize.AppProperties{Application: "Kontakty"})
}

// coreProperties is the part that says what the document is and whose. excelize could write it, but in a spelling that
// some readers refuse.
func coreProperties(config Config) []byte {
	created := config.Created.UTC().Format(time.RFC3339)
	var part bytes.Buffer
	part.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`)
	_ = xml.EscapeText(&part, []byte(config.Title)) // into memory: it cannot fail
	part.WriteString(`</dc:title><dc:creator>`)
	_ = xml.EscapeText(&part, []byte(config.Author))
	part.WriteString(`</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">` + created +
		`</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + created +
		`</dcterms:modified></cp:coreProperties>`)
	return part.Bytes()
}

// styleForms are the styles in the order of their numbers. Text has the text format, so that a cell that somebody
// edits and leaves stays what it is: no formula and no number.
func styleForms() [styleCount]*excelize.Style {
	instant, duration := "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss"
	const textFormat, integerFormat = 49, 1
	top := &excelize.Alignment{Vertical: "top"}
	return [styleCount]*excelize.Style{
		textStyle:     {NumFmt: textFormat, Alignment: top},
		instantStyle:  {CustomNumFmt: &instant, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}},
		durationStyle: {CustomNumFmt: &duration, Alignment: top},
		integerStyle:  {NumFmt: integerFormat, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}},
		headerStyle: {
			NumFmt: textFormat, Font: &excelize.Font{Bold: true}, Alignment: top,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7ECF2"}},
		},
		labelStyle: {NumFmt: textFormat, Font: &excelize.Font{Bold: true}, Alignment: top},
		noteStyle:  {NumFmt: textFormat, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}},
	}
}

// addSheet begins the part of a further sheet; the one before must have ended.
func (b *book) addSheet(name string, columns int) (*sheet, error) {
	b.sheets++
	if b.sheets == 1 {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return nil, err
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
		return nil, err
	}
	encoder := &encoder{}
	b.encoder = encoder
	part, err := b.archive.Create(b.partName(b.sheets))
	if err != nil {
		return nil, err
	}
	return newSheet(part, encoder, columns, b.styles), nil
}

// compressor compresses the next part into out.
func (b *book) compressor(out io.Writer) (io.WriteCloser, error) {
	if encoder := b.encoder; encoder != nil {
		b.encoder, encoder.out = nil, out
		return encoder, nil
	}
	return flate.NewWriter(out, Compression)
}

// partName is where excelize expects the sheet of that number.
func (b *book) partName(number int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", number) }

// close adds what excelize makes and ends the package.
func (b *book) close() error {
	for i, name := range b.tables {
		// This names the area for Excel; the arrows themselves are in the sheet's part.
		if err := b.file.AutoFilter(name, b.areas[i], nil); err != nil {
			return err
		}
	}
	for number := 1; number <= b.sheets; number++ {
		b.file.Sheet.Delete(b.partName(number))
		b.file.Pkg.Delete(b.partName(number))
	}
	if _, err := b.file.WriteToBuffer(); err != nil {
		return err
	}
	return b.file.Close()
}

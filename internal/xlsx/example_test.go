package xlsx_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/kontakty/kontakty/internal/xlsx"
)

// A table is written line by line; a text is a text, whatever it begins with.
func ExampleWriter() {
	var file bytes.Buffer
	writer, err := xlsx.NewWriter(&file, xlsx.Config{
		Sheet: "Calls", Columns: []xlsx.Column{{Header: "Number", Width: 16}, {Header: "Talk", Width: 10}},
		Created: time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer writer.Stop()
	if err := writer.Write([]xlsx.Cell{xlsx.Text("=1+1"), xlsx.Seconds(3661)}); err != nil {
		fmt.Println(err)
	}
	if err := writer.Notes("About", []xlsx.Note{{Label: "Lines", Value: xlsx.Integer(writer.Lines())}}); err != nil {
		fmt.Println(err)
	}
	if err := writer.Close(); err != nil {
		fmt.Println(err)
	}

	book, err := excelize.OpenReader(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		fmt.Println(sheet, rows, err)
	}
	// Output:
	// Calls [[Number Talk] [=1+1 1:01:01]] <nil>
	// About [[Lines 1]] <nil>
}

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

// repairsFile lists what an import mended. Without a name it lists nothing.
type repairsFile struct {
	file *os.File
	rows *csv.Writer
}

func newRepairsFile(name string) (*repairsFile, error) {
	if name == "" {
		return &repairsFile{}, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("making the file of --repairs: %w", err)
	}
	f := &repairsFile{file: file, rows: csv.NewWriter(file)}
	_ = f.rows.Write([]string{"line", "field", "reason", "file"}) // close tells the first error
	return f, nil
}

func (f *repairsFile) add(one format.Repair) {
	if f.rows != nil {
		_ = f.rows.Write([]string{strconv.Itoa(one.Line), one.Field, one.Reason, one.Source})
	}
}

func (f *repairsFile) close() error {
	if f.rows == nil {
		return nil
	}
	f.rows.Flush()
	if err := f.rows.Error(); err != nil {
		_ = f.file.Close()
		return fmt.Errorf("writing the file of --repairs: %w", err)
	}
	return f.file.Close()
}

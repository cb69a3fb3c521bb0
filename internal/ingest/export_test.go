package ingest

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// DecodeContacts gives the contacts of lines, as the API would hand them over.
func DecodeContacts(t *testing.T, lines []string) []format.Contact {
	t.Helper()
	var contacts []format.Contact
	for _, text := range lines {
		l, fault := format.Decode(text)
		if fault != nil || l.Contact == nil {
			t.Fatalf("%+v", fault)
		}
		contacts = append(contacts, *l.Contact)
	}
	return contacts
}

// Chunks are lines that were read.
type Chunks []chunk

// ReadAll reads a file without fault.
func ReadAll(t testing.TB, file []byte) (all Chunks) {
	t.Helper()
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil }
	in := &reader{sources: []Source{{Open: open}}, lines: defaultChunkSize, send: func(c chunk) error {
		all = append(all, c)
		return nil
	}}
	if err := in.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return all
}

// LandAll lands chunks as an import does.
func LandAll(t testing.TB, pool *postgres.Pool, all Chunks) {
	t.Helper()
	read := func(_ context.Context, send func(chunk) error) error {
		for _, c := range all {
			if err := send(c); err != nil {
				return err
			}
		}
		return nil
	}
	im := &importer{pool: pool, config: Config{ChunkSize: defaultChunkSize, Now: time.Now}, writer: newWriter(Starts{})}
	im.writer.logging = numbers
	if err := im.landAll(context.WithoutCancel(t.Context()), read); err != nil {
		t.Fatal(err)
	}
	if im.result.Recorded == 0 || im.result.Skipped > 0 {
		t.Fatalf("%+v", im.result)
	}
}

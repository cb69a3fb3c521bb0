package sample

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

// WriteTo writes the whole set as lines of the import format: the small things first, then the contacts. It reports
// the number of bytes and the writer's first error.
func (g *Generator) WriteTo(w io.Writer) (int64, error) {
	counter := &countingWriter{writer: w}
	buffered := bufio.NewWriterSize(counter, 1<<16)
	err := g.describe(buffered)
	if err == nil {
		err = g.writeContacts(buffered)
	}
	if err == nil {
		err = buffered.Flush()
	}
	return counter.written, err
}

// describe writes the lines of the small things.
func (g *Generator) describe(w io.Writer) error {
	lines := json.NewEncoder(w)
	for _, a := range g.Agents() {
		line := struct {
			Kind string `json:"kind"`
			format.Agent
		}{"agent", a}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		kind  string
		named []format.Named
	}{{"campaign", g.Campaigns()}, {"queue", g.Queues()}, {"classifier", g.Classifiers()}, {"siteCall", g.SiteCalls()}} {
		for _, named := range list.named {
			line := struct {
				Kind string `json:"kind"`
				format.Named
			}{list.kind, named}
			if err := lines.Encode(line); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *Generator) writeContacts(w io.Writer) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	for c := range g.Contacts() {
		if err := lines.Encode(c); err != nil {
			return err
		}
	}
	return nil
}

type countingWriter struct {
	writer  io.Writer
	written int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.writer.Write(p)
	c.written += int64(n)
	return n, err
}

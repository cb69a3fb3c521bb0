package ingest

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// valuesOf are the values of a row in PostgreSQL's binary form.
func valuesOf(t *testing.T, row pgbinary.Rows) [][]byte {
	t.Helper()
	values := make([][]byte, binary.BigEndian.Uint16(row))
	rest := row[2:]
	for i := range values {
		length := int32(binary.BigEndian.Uint32(rest))
		if rest = rest[4:]; length > 0 {
			values[i], rest = rest[:length], rest[length:]
		}
	}
	if len(rest) > 0 {
		t.Fatalf("rows.go: AppendContact says that a row has %d values, and appends more", len(values))
	}
	return values
}

// TestAppendContact_WritesEveryColumn compares what is written with the columns of a contact.
func TestAppendContact_WritesEveryColumn(t *testing.T) {
	t.Parallel()
	written := strings.Split(ContactColumns, ", ")
	for _, column := range contact.AllColumns.Names() {
		if column != "talk_time" && !slices.Contains(written, column) { // PostgreSQL works it out
			t.Errorf("rows.go: ContactColumns leaves out %s", column)
		}
	}
	c := format.Contact{ExternalID: "x", Type: contact.Chat, Status: contact.Answered, StartedAt: time.Unix(1_700_000_000, 0)}
	var texts []string
	fields := reflect.ValueOf(&c).Elem()
	for i := range fields.NumField() {
		if text, isText := fields.Field(i).Addr().Interface().(**string); isText {
			*text = new("text of " + fields.Type().Field(i).Name)
			texts = append(texts, fields.Type().Field(i).Name)
		}
	}
	prepared := Prepare(&c)
	var row pgbinary.Rows
	prepared.AppendContact(&row, Numbers{ID: 1}, contact.FactRules{})
	values := valuesOf(t, row)
	if len(values) != len(written) {
		t.Errorf("rows.go: AppendContact writes %d values into the %d columns of ContactColumns", len(values), len(written))
	}
	for _, name := range texts {
		if !slices.ContainsFunc(values, func(value []byte) bool { return bytes.Equal(value, []byte("text of "+name)) }) {
			t.Errorf("rows.go: AppendContact does not write %s", name)
		}
	}
}

package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// keepWorkbook is where the hostile workbook is written, for readers that are no part of the tests.
var keepWorkbook = flag.String("hostile-workbook", "", "write the workbook of hostile texts to this file")

// hostileParts is what hostile texts are made of. PostgreSQL takes neither NUL nor a lone surrogate, so these are left
// to the tests of the writer itself.
var hostileParts = []string{
	"=1+1", "=cmd|' /C calc'!A0", "+48600100200", "-2+3", "@SUM(A1:A9)", "\t=1", "\r\n", "\r", "\n", " ", "\u00a0", "0012", "1e9", "1/2", "TRUE",
	"\x01", "\x08", "\x0b", "\x1f", "\x7f", "\u0085", "\ufffe", "\uffff", "\ufffd", "\ufeff", "_x000D_", "_x0041_", "_xZZZZ_", "_x005F_x000D_", "__x0009_",
	"<f>1</f>", "</t></is></c>", "]]>", "<![CDATA[", "&amp;", "&#0;", "&", "\"", "'", "<!--", "<?xml?>",
	"שלום", "مرحبا", "\u202e", "\u200f", "\u2066", "😀", "👩‍👩‍👧‍👦", "🇵🇱", "e\u0301", "Żółć", "\U0010ffff", "\U0001fffe", "漢字", "%s", "%00", "${x}", "{{1}}", "\\", "",
}

func hostileText(random *rand.Rand) string {
	var b strings.Builder
	for range 1 + random.IntN(6) {
		b.WriteString(hostileParts[random.IntN(len(hostileParts))])
	}
	if random.IntN(250) == 0 {
		filler := []string{"x", "ż", "😀", "<", "_x0041_", "\x02"}[random.IntN(6)]
		b.WriteString(strings.Repeat(filler, 40_000/len([]rune(filler))+random.IntN(3)))
	}
	return b.String()
}

// shownAs is what a cell must show of a text, as the specification says.
func shownAs(text string, mark string) string {
	runes := []rune(text)
	for i, r := range runes {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			runes[i] = 0xfffd
		}
	}
	if len(utf16.Encode(runes)) <= 32767 {
		return string(runes)
	}
	room := 32767 - len(utf16.Encode([]rune(mark)))
	for i := range runes {
		if room -= len(utf16.Encode(runes[i : i+1])); room < 0 {
			return string(runes[:i]) + mark
		}
	}
	return ""
}

var escapedCharacter = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// asExcelReads undoes what the format escapes beyond XML.
func asExcelReads(text string) string {
	return escapedCharacter.ReplaceAllStringFunc(text, func(escape string) string {
		number, _ := strconv.ParseUint(escape[2:6], 16, 16)
		return string(rune(number))
	})
}

func TestReport_KeepsHostileTextsOfEveryTextColumnTexts(t *testing.T) {
	t.Parallel()
	const contacts = 5000
	s := newSite(t, 0)
	s.exec(t, `SELECT ensure_contact_partitions('2024-03-01', '2024-04-01')`)
	random := rand.New(rand.NewPCG(5000, 1))
	// The columns of the detailed file that hold a text of the source, and the texts of each contact in them.
	columns := []int{0, 1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 21, 23}
	texts := make([][]string, contacts)
	batch := &pgx.Batch{}
	for i := range texts {
		x := make([]string, 15)
		for c := range x {
			x[c] = hostileText(random)
		}
		x[2] += strconv.Itoa(i) // agents of one name show their external id beside it
		texts[i] = []string{x[0], x[1], x[2], x[3], x[4], x[5] + ", " + x[6], x[7], x[8], x[9], x[10], x[11], x[12], x[13]}
		// The directory's texts and the record's external id are unique only as far as the database asks for it.
		texts[i][7] = strconv.Itoa(i) + x[8]
		batch.Queue(`INSERT INTO campaigns (id, external_id, name) VALUES ($1::int, 'e' || $1::int, $2)`, i+1, x[1])
		batch.Queue(`INSERT INTO agents (id, external_id, name) VALUES ($1::int, 'e' || $1::int, $2)`, i+1, x[2])
		batch.Queue(`INSERT INTO classifiers (id, external_id, name) VALUES ($1::int, 'e' || $1::int, $2)`, i+1, x[10])
		batch.Queue(`INSERT INTO queues (id, external_id, name) VALUES ($1::int, 'e' || $1::int, $2)`, i+1, x[11])
		batch.Queue(`INSERT INTO records (id, external_id, significant_value) VALUES ($1, $2, $3)`, i+1, shortID(texts[i][7]), x[9])
		texts[i][7] = shortID(texts[i][7])
		batch.Queue(`INSERT INTO contacts (id, started_at, type, status, campaign_id, agent_id, classifier_id, queue_id, record_id,
			external_id, source_address, destination_address, cc_addresses, bcc_addresses)
			VALUES ($1::int, timestamptz '2024-03-01 12:00Z' + $1::int * interval '1 minute', 'CAMPAIGN_INBOUND_CALL', 'ANSWERED', $1::int, $1::int, $1::int, $1::int, $1::int, $2, $3, $4, $5, $6)`,
			i+1, x[0], x[3], x[4], []string{x[5], x[6]}, []string{x[7]})
		batch.Queue(`INSERT INTO ivr_steps (contact_started_at, contact_id, position, kind, entered_at, name, choice)
			SELECT started_at, id, 1, 'MENU', started_at, $2, $3 FROM contacts WHERE id = $1`, i+1, x[12], x[13])
	}
	must(t, s.pool.SendBatch(t.Context(), batch).Close())
	must(t, s.directory.Refresh(t.Context()))

	content := s.written(t, workbooktest.March(), Detailed, fault.Polish)
	if *keepWorkbook != "" {
		must(t, os.WriteFile(*keepWorkbook, content, 0o600))
	}
	wellFormed(t, content)
	lines := tableOf(t, content)
	equal(t, "lines", len(lines), contacts)
	compared, cut := 0, 0
	for i, line := range lines {
		wanted := texts[contacts-1-i] // newest first
		for at, column := range columns {
			want := shownAs(wanted[at], cutLabel.pl)
			if strings.HasSuffix(want, cutLabel.pl) {
				cut++
			}
			if got := asExcelReads(line[column].Text); got != want {
				t.Fatalf("line %d, column %d shows %.120q, want %.120q", i+1, column, got, want)
			}
			if wantKind := map[bool]string{true: "", false: "text"}[want == ""]; line[column].Kind != wantKind {
				t.Fatalf("line %d, column %d is of kind %q", i+1, column, line[column].Kind)
			}
			compared++
		}
	}
	equal(t, "cells told to be cut", int(workbooktest.Notes(t, content)["Komórki ucięte do limitu Excela"].Number), cut)
	t.Logf("%d hostile texts compared, %d of them cut", compared, cut)
	if cut < 50 {
		t.Error("too few texts are long: the test says little")
	}
}

// shortID keeps an external id within what an index of PostgreSQL takes.
func shortID(externalID string) string {
	if runes := []rune(externalID); len(runes) > 200 {
		return string(runes[:200])
	}
	return externalID
}

// wellFormed reads every part of a package as XML and refuses formulas.
func wellFormed(t *testing.T, content []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(t, err)
	for _, part := range archive.File {
		reader, err := part.Open()
		must(t, err)
		decoder := xml.NewDecoder(reader)
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s is not well-formed: %v", part.Name, err)
			}
			if start, is := token.(xml.StartElement); is && strings.HasPrefix(part.Name, "xl/worksheets/") && start.Name.Local == "f" {
				t.Fatalf("%s has a formula", part.Name)
			}
		}
		must(t, reader.Close())
	}
}

package graph_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
)

// withoutAddress names the contacts without a source address in the files of testdata/addresses, where the
// contacts of one address have the platform's ids "name/0", "name/1" and so on.
const withoutAddress = "none"

// sharedAddresses are, for the files of a folder that lies beside the repository where there is one, the contacts of one
// address. Those that are not named stand alone.
var sharedAddresses = map[string][]string{
	"anonymous": {"b01-00", "b01-01", "b01-02", "b01-03", "b01-04", "b01-05", "b01-06", "b01-07", "b01-08", "b01-09", "b01-10", "b01-11"},
	withoutAddress: {
		"b01-12", "b01-13",
	},
	"800123456": {"b03-09", "b03-10"},
	"1001":      {"b04-00", "b04-02", "b04-03"},
	"anna":      {"b04-01", "b04-06", "b04-12"},
	"extended":  {"b05-01", "b05-02", "b05-03", "b05-04", "b05-05", "b05-06"},
	"separated": {"b08-00", "b08-01", "b08-02", "b08-03", "b08-04", "b08-05", "b08-06", "b08-10"},
	"mailbox":   {"b09-00", "b09-01", "b09-02", "b09-03", "b09-04", "b09-05", "b09-06", "b09-10"},
}

// addressNameOf is the name of the contacts that have the address of one.
func addressNameOf(externalID string) string {
	for name, ids := range sharedAddresses {
		if slices.Contains(ids, externalID) {
			return name
		}
	}
	name, _, _ := strings.Cut(externalID, "/")
	return name
}

// addressed is what a line of such a file says that these tests look at.
type addressed struct {
	ExternalID         string
	SourceAddress      *string
	DestinationAddress string
}

func TestRecording_FindsEveryAddressByItself(t *testing.T) {
	t.Parallel()
	own, err := filepath.Glob("testdata/addresses/*.ndjson")
	if err != nil || len(own) == 0 {
		t.Fatalf("%d files: %v", len(own), err)
	}
	beside, err := filepath.Glob("../../shared/cases/0*.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(own, beside...) {
		for way, land := range map[string]func(*site, *testing.T, string){"import": (*site).takeFile, "recordContacts": (*site).recordFile} {
			t.Run(way+"/"+filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				s := newEmptySite(t, graph.Config{})
				land(s, t, file)
				s.findsEveryAddress(t, linesOf(t, file))
			})
		}
	}
}

func (s *site) takeFile(t *testing.T, file string) {
	t.Helper()
	s.take(t, file)
}

func (s *site) recordFile(t *testing.T, file string) {
	t.Helper()
	var contacts []json.RawMessage
	for line := range bytes.Lines(read(t, file)) {
		contacts = append(contacts, bytes.TrimSpace(line))
	}
	got := s.ask(t, `mutation($input: RecordContactsInput!) { recordContacts(input: $input) { recorded } }`, map[string]any{"input": map[string]any{"contacts": contacts}})
	if want := fmt.Sprintf(`{"recordContacts":{"recorded":%d}}`, len(contacts)); got != want {
		t.Fatalf("%s: %s, want %s", file, got, want)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func linesOf(t *testing.T, file string) []addressed {
	t.Helper()
	var lines []addressed
	for scanner := bufio.NewScanner(bytes.NewReader(read(t, file))); scanner.Scan(); {
		var line addressed
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

const byAddress = `query($start: Date!, $end: Date!, $asked: [String!]) {
  bySource: contacts(filter: {period: {range: {from: $start, to: $end}}, sourceAddresses: $asked}, first: 100) { nodes { externalId sourceAddress } }
  inAnyRole: contacts(filter: {period: {range: {from: $start, to: $end}}, addresses: $asked}, first: 100) { nodes { externalId } }
}`

const withoutSource = `query($start: Date!, $end: Date!) {
  bySource: contacts(filter: {period: {range: {from: $start, to: $end}}, withoutSourceAddress: true}, first: 100) { nodes { externalId sourceAddress } }
}`

// findsEveryAddress asks by the address of each contact as it was written, which must find the contacts of that address
// and no others.
func (s *site) findsEveryAddress(t *testing.T, lines []addressed) {
	t.Helper()
	start, end := "2024-03-01", "2024-03-31"
	if strings.HasPrefix(lines[0].ExternalID, "b0") {
		start, end = "2026-11-01", "2026-11-30"
	}
	byName := map[string][]string{}
	for _, line := range lines {
		byName[addressNameOf(line.ExternalID)] = append(byName[addressNameOf(line.ExternalID)], line.ExternalID)
	}
	all := map[string]string{}
	for _, line := range lines {
		variables := map[string]any{"start": start, "end": end}
		want := byName[addressNameOf(line.ExternalID)]
		if addressNameOf(line.ExternalID) == withoutAddress {
			var found answeredBy
			s.into(t, withoutSource, variables, &found)
			found.BySource.equals(t, line.ExternalID, "nothing", want)
			continue
		}
		variables["asked"] = []string{*line.SourceAddress}
		var found answeredBy
		s.into(t, byAddress, variables, &found)
		found.BySource.equals(t, line.ExternalID, *line.SourceAddress, want)
		for _, node := range found.BySource.Nodes {
			all[node.ExternalID] = node.SourceAddress
		}
		if all[line.ExternalID] != *line.SourceAddress {
			t.Errorf("%s shows %q, was written as %q", line.ExternalID, all[line.ExternalID], *line.SourceAddress)
		}
		if addressNameOf(line.ExternalID) == "extended" || addressNameOf(line.ExternalID) == "separated" {
			want = byName[""] // every contact of these files went to that number
			for _, ids := range byName {
				want = append(want, ids...)
			}
		}
		found.InAnyRole.equals(t, line.ExternalID, *line.SourceAddress, want)
	}
}

type answeredBy struct{ BySource, InAnyRole foundContacts }

type foundContacts struct {
	Nodes []struct{ ExternalID, SourceAddress string }
}

func (f foundContacts) equals(t *testing.T, externalID, asked string, want []string) {
	t.Helper()
	var got []string
	for _, node := range f.Nodes {
		got = append(got, node.ExternalID)
	}
	want = slices.Clone(want)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: asked by %q there is %v, want %v", externalID, asked, got, want)
	}
}

// into reads an answer.
func (s *site) into(t *testing.T, document string, variables, answer any) {
	t.Helper()
	if err := json.Unmarshal([]byte(s.ask(t, document, variables)), answer); err != nil {
		t.Fatal(err)
	}
}

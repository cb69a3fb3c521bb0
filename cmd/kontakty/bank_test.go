package main

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// bankFigures are what a bank's month comes to under a filter.
type bankFigures struct {
	Contacts      int
	DetailedLines int
	IVRTime       int
	AgentTalkTime int
	TalkTime      int
	WithAgent     int
}

// bankMonth is the expected answers beside the contacts.
type bankMonth struct {
	Zone, FirstDay, LastDay string
	Contacts                int
	Figures                 map[string]bankFigures

	file string // to import
}

// openBank finds a month of contacts of a real call centre. They are not ours to publish, so they are not in the
// repository: KONTAKTY_BANK_DATA names their directory, and .ci/run sets it where it can.
func openBank(t *testing.T) bankMonth {
	t.Helper()
	directory := os.Getenv("KONTAKTY_BANK_DATA")
	if directory == "" {
		t.Skip("the contacts of the bank's month are not here: KONTAKTY_BANK_DATA names no directory")
	}
	content, err := os.ReadFile(filepath.Join(directory, "bank-february.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	month := bankMonth{file: filepath.Join(directory, "bank-february.ndjson.gz")}
	if err := json.Unmarshal(content, &month); err != nil {
		t.Fatal(err)
	}
	if len(month.Figures) == 0 {
		t.Fatal("no figures are expected")
	}
	return month
}

func TestBanksMonth_HasItsFiguresInTheAPI(t *testing.T) {
	t.Parallel()
	month := openBank(t)
	directory := dataDir(t)
	server := serving(t, directory, "serve", "--time-zone", month.Zone)
	mustRun(t, "import", "--strict", "--data-dir", directory, month.file)
	month.compare(t, server)

	again := mustRun(t, "import", "--data-dir", directory, month.file)
	if !strings.Contains(again, " 0 contacts recorded, 0 replaced, ") {
		t.Errorf("the second import changes something: %s", again)
	}
	if got := walk(server, rangeFilter(month.FirstDay, month.LastDay), false); got != month.Figures["all"] {
		t.Errorf("after the second import the API gives %+v, want %+v", got, month.Figures["all"])
	}
	month.compareFile(t, server)
	month.compareOutcomes(t, server)
}

// compareOutcomes counts what the calls of the month came to.
func (m bankMonth) compareOutcomes(t *testing.T, server *process) {
	t.Helper()
	const query = `query($filter: ContactFilter!) { contacts(filter: $filter, first: 1) { totalCount nodes { outcome } } }`
	for outcome, want := range map[string]int{
		"REACHED_AGENT": 26_671, "LOST_IN_QUEUE": 3_963, "LOST_IN_IVR": 1_941, "LOST_WHILE_RINGING": 491, "LOST_BY_FAILURE": 278,
		"LOST_AT_VOICEMAIL": 0, "HANDED_OVER": 0, "SELF_SERVED": 0, "NOT_REACHED": 0, "UNDER_WAY": 0,
	} {
		var answer struct {
			Contacts struct {
				TotalCount int
				Nodes      []struct{ Outcome string }
			}
		}
		filter := rangeFilter(m.FirstDay, m.LastDay)
		filter["timeZone"], filter["outcomes"] = m.Zone, []string{outcome}
		server.ask(query, map[string]any{"filter": filter}, &answer)
		if got := answer.Contacts; got.TotalCount != want || want > 0 && got.Nodes[0].Outcome != outcome {
			t.Errorf("%s: %d contacts, the first %v, want %d", outcome, got.TotalCount, got.Nodes, want)
		}
	}
}

func TestBanksMonth_IsWholeAfterAnImportWasKilled(t *testing.T) {
	t.Parallel()
	month := openBank(t)
	directory := dataDir(t)
	server := serving(t, directory, "serve", "--time-zone", month.Zone)
	first, last := month.days(t)

	// Killed when some of it has landed.
	killed := launch(t, nil, "import", "--data-dir", directory, month.file)
	for server.count(first, last) == 0 {
		select {
		case <-killed.ended:
			t.Fatalf("the import ended before it could be killed:\n%s", killed.out)
		default:
		}
	}
	killed.stop(syscall.SIGKILL)
	landed := server.count(first, last)
	if landed == month.Contacts {
		t.Fatal("the import was killed too late to show anything")
	}
	mustRun(t, "import", "--data-dir", directory, month.file)
	month.compare(t, server)
	t.Logf("killed after %d of %d contacts", landed, month.Contacts)
}

func (m bankMonth) days(t *testing.T) (first, last time.Time) {
	t.Helper()
	first, err := time.Parse(time.DateOnly, m.FirstDay)
	if err != nil {
		t.Fatal(err)
	}
	if last, err = time.Parse(time.DateOnly, m.LastDay); err != nil {
		t.Fatal(err)
	}
	return first, last
}

// compare asks for every named figure through the API.
func (m bankMonth) compare(t *testing.T, server *process) {
	t.Helper()
	ids := readBankIDs(server)
	for _, name := range slices.Sorted(maps.Keys(m.Figures)) {
		want := m.Figures[name]
		filter, agentless := m.filter(t, name, ids)
		if got := walk(server, filter, agentless); got != want {
			t.Errorf("%s: the API gives %+v, want %+v", name, got, want)
		}
	}
}

// bankIDs are the API's ids by the kind that a figure names and the source's own id.
type bankIDs map[string]map[string]string

func readBankIDs(server *process) bankIDs {
	type list struct {
		Nodes []struct{ ID, ExternalID, Name string }
	}
	var answer struct{ Agents, AgentGroups, Campaigns, Queues, Classifiers list }
	server.ask(`{
		agents(includeDeleted: true, first: 200) { nodes { id externalId name } }
		agentGroups(first: 200) { nodes { id externalId name } }
		campaigns(first: 200) { nodes { id externalId name } }
		queues(first: 200) { nodes { id externalId name } }
		classifiers(first: 200) { nodes { id externalId name } }
	}`, nil, &answer)
	ids := bankIDs{}
	for kind, list := range map[string]list{
		"agent": answer.Agents, "group": answer.AgentGroups, "campaign": answer.Campaigns, "queue": answer.Queues, "classifier": answer.Classifiers,
	} {
		ids[kind] = map[string]string{}
		for _, node := range list.Nodes {
			key := node.ExternalID
			if kind == "group" {
				key = node.Name
			}
			ids[kind][key] = node.ID
		}
	}
	return ids
}

var (
	criterion  = regexp.MustCompile(`(\w+)=(.*?)(?: \w+=|$)`)
	dayRange   = regexp.MustCompile(`^(\S+)\.\.(\S+)$`)
	hourWindow = regexp.MustCompile(`^(\d\d:\d\d)?-(\d\d:\d\d)?$`)
)

// filter reads a figure's name, such as "group=Giełda campaign=NE hours=-12:00". There is no criterion for contacts
// without an agent: agentless says that the walker keeps only those.
func (m bankMonth) filter(t *testing.T, name string, ids bankIDs) (filter map[string]any, agentless bool) {
	t.Helper()
	filter = rangeFilter(m.FirstDay, m.LastDay)
	filter["timeZone"] = m.Zone
	switch name {
	case "all":
		return filter, false
	case "no agent":
		return filter, true
	}
	for rest := name; rest != ""; {
		match := criterion.FindStringSubmatch(rest)
		if match == nil || !strings.HasPrefix(rest, match[1]+"=") {
			t.Fatalf("what is %q in %q?", rest, name)
		}
		key, value := match[1], match[2]
		rest = strings.TrimPrefix(rest[len(key)+1+len(value):], " ")
		switch key {
		case "status":
			filter["statuses"] = []string{value}
		case "day":
			maps.Copy(filter, rangeFilter(value, value))
		case "days":
			days := dayRange.FindStringSubmatch(value)
			maps.Copy(filter, rangeFilter(days[1], days[2]))
		case "hours":
			window, hours := hourWindow.FindStringSubmatch(value), map[string]any{}
			if window[1] != "" {
				hours["from"] = window[1]
			}
			if window[2] != "" {
				hours["to"] = window[2]
			}
			filter["hours"] = hours
		case "source":
			filter["sourceAddresses"] = []string{value}
		case "group":
			filter["agentGroupIds"] = []string{ids.find(t, key, value)}
		default:
			filter[key+"Ids"] = []string{ids.find(t, key, value)}
		}
	}
	return filter, false
}

func (ids bankIDs) find(t *testing.T, kind, key string) string {
	t.Helper()
	id, ok := ids[kind][key]
	if !ok {
		t.Fatalf("the API lists no %s %s", kind, key)
	}
	return id
}

// walk reads all pages of 200 and adds them up. The number of rows must be what totalCount says.
func walk(server *process, filter map[string]any, agentless bool) bankFigures {
	server.t.Helper()
	const query = `query($filter: ContactFilter!, $after: String) {
		contacts(filter: $filter, first: 200, after: $after) {
			totalCount
			nodes { type ivrTime agentTalkTime talkTime agent { id } ivrSteps { name } }
			pageInfo { hasNextPage endCursor }
		}
	}`
	var figures bankFigures
	rows, total := 0, 0
	for after := (*string)(nil); ; {
		var answer struct {
			Contacts struct {
				TotalCount int
				Nodes      []struct {
					Type                             string
					IVRTime, AgentTalkTime, TalkTime *int
					Agent                            *struct{ ID string }
					IVRSteps                         []struct{ Name string }
				}
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}
		server.ask(query, map[string]any{"filter": filter, "after": after}, &answer)
		page := answer.Contacts
		rows, total = rows+len(page.Nodes), page.TotalCount
		for _, node := range page.Nodes {
			if agentless && node.Agent != nil {
				continue
			}
			figures.Contacts++
			figures.DetailedLines++
			if node.Type == "CAMPAIGN_INBOUND_CALL" {
				figures.DetailedLines += max(0, len(node.IVRSteps)-1)
			}
			figures.IVRTime += seconds(node.IVRTime)
			figures.AgentTalkTime += seconds(node.AgentTalkTime)
			figures.TalkTime += seconds(node.TalkTime)
			if node.Agent != nil {
				figures.WithAgent++
			}
		}
		if !page.PageInfo.HasNextPage {
			break
		}
		after = page.PageInfo.EndCursor
	}
	if rows != total {
		server.t.Errorf("%v: %d rows, totalCount %d", filter, rows, total)
	}
	return figures
}

func seconds(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// compareFile orders the month as a file, and adds its lines up.
func (m bankMonth) compareFile(t *testing.T, server *process) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.xlsx")
	orderFile(t, server, rangeFilter(m.FirstDay, m.LastDay), path)

	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.Rows("Kontakty")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var header []string
	var got bankFigures
	for rows.Next() {
		row, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if header == nil {
			header = row
			continue
		}
		cell := func(name string) string {
			if column := slices.Index(header, name); column >= 0 && column < len(row) {
				return row[column]
			}
			return ""
		}
		got.Contacts++
		got.AgentTalkTime += spreadsheetSeconds(t, cell("Rozmowa z agentem"))
		got.TalkTime += spreadsheetSeconds(t, cell("Czas rozmowy"))
		if cell("Agent") != "" {
			got.WithAgent++
		}
	}
	want := m.Figures["all"]
	want.DetailedLines, want.IVRTime = 0, 0 // the simple file has neither
	if got != want {
		t.Errorf("the file adds up to %+v, want %+v", got, want)
	}
}

// spreadsheetSeconds reads a duration, which a spreadsheet keeps in days.
func spreadsheetSeconds(t *testing.T, cell string) int {
	t.Helper()
	if cell == "" {
		return 0
	}
	var days float64
	if err := json.Unmarshal([]byte(cell), &days); err != nil {
		t.Fatalf("%q is not a duration", cell)
	}
	return int(math.Round(days * 24 * 60 * 60))
}

// orderFile orders the simple file of a filter, waits for it and saves it.
func orderFile(t *testing.T, server *process, filter map[string]any, path string) {
	t.Helper()
	var order struct {
		ExportContacts struct{ Download struct{ ID string } }
	}
	server.ask(`mutation($filter: ContactFilter!) { exportContacts(input: {filter: $filter, kind: SIMPLE}) { download { id } } }`,
		map[string]any{"filter": filter}, &order)
	for deadline := time.Now().Add(patience); ; {
		var answer struct {
			Download struct {
				State string
				URL   *string
			}
		}
		server.ask(`query($id: ID!) { download(id: $id) { state url } }`, map[string]any{"id": order.ExportContacts.Download.ID}, &answer)
		switch answer.Download.State {
		case "READY":
			saveFile(t, server, *answer.Download.URL, path)
			return
		case "QUEUED", "RUNNING":
			if time.Now().After(deadline) {
				t.Fatalf("the file is still %s", answer.Download.State)
			}
		default:
			t.Fatalf("the file is %s", answer.Download.State)
		}
	}
}

func saveFile(t *testing.T, server *process, address, path string) {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = server.url + address
	}
	status, body := get(t, server.key, address)
	if status != http.StatusOK {
		t.Fatalf("the file answers %d", status)
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

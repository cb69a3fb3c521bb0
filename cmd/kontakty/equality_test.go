package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// shownContact is a contact as the API shows it, with all that a file shows of it.
type shownContact struct {
	ExternalID, Type, Status           string
	Unfinished                         bool
	StartedAt                          time.Time
	Campaign, Agent, Queue, Classifier *struct{ Name string }
	Record                             *struct {
		ExternalID       *string
		SignificantField *struct{ Value *string }
	}
	SourceAddress, DestinationAddress *string
	CCAddresses, BCCAddresses         []string
	TalkTime, RingTime, AgentTalkTime *int
	HangupParty                       *string
	Details                           *struct {
		Typename string `json:"__typename"`
	}
	IVRSteps []shownStep
}

type shownStep struct {
	Position   int
	Name, Kind string
	Choice     *string
	EnteredAt  time.Time
	LeftAt     *time.Time
	Duration   *int
}

const shownFields = `externalId type status unfinished startedAt campaign { name } agent { name } queue { name } classifier { name }
	record { externalId significantField { value } } sourceAddress destinationAddress ccAddresses bccAddresses talkTime ringTime agentTalkTime
	hangupParty details { __typename } ivrSteps { position name kind choice enteredAt leftAt duration }`

// TestFiles_EqualTheScreenCellByCell orders files of random filters and compares every cell with what GraphQL shows.
func TestFiles_EqualTheScreenCellByCell(t *testing.T) {
	t.Parallel()
	s := newSite(t, 8_000)
	s.worker()
	seed := uint64(time.Now().UnixNano())
	q := &questioner{site: s, random: rand.New(rand.NewPCG(seed, 1)), words: map[string]string{}}
	q.learn()
	cells, lines, empty := 0, 0, 0
	for n := range *filters {
		filter, zone := q.filter()
		kind, locale := []string{"SIMPLE", "DETAILED"}[q.random.IntN(2)], []string{"PL", "EN"}[q.random.IntN(2)]
		want := q.lines(filter, kind, locale, zone)
		node := s.orderOf(map[string]any{"filter": filter, "kind": kind, "locale": locale})
		var id int64
		if err := s.pool.QueryRow(t.Context(), "SELECT max(id) FROM downloads").Scan(&id); err != nil {
			t.Fatal(err)
		}
		if row := s.awaitFinal(id); row.State != "READY" {
			t.Fatalf("seed %d, filter %d %v: %s %s", seed, n, filter, row.State, row.ErrorCode)
		}
		got := readSheet(t, s.download(node))
		if len(got) != len(want)+1 {
			t.Errorf("seed %d, filter %d %v %s: %d lines in the file, %d on the screen", seed, n, filter, kind, len(got)-1, len(want))
			continue
		}
		for i, line := range want {
			for column, cell := range line {
				cells++
				if !q.same(cell, at(got[i+1], column)) {
					t.Fatalf("seed %d, filter %d %v %s %s: line %d, %q: %q in the file, %+v on the screen",
						seed, n, filter, kind, locale, i+1, at(got[0], column), at(got[i+1], column), cell)
				}
			}
		}
		if lines += len(want); len(want) == 0 {
			empty++
		}
	}
	if lines == 0 || cells < 20*lines {
		t.Errorf("only %d cells of %d lines were compared", cells, lines)
	}
	t.Logf("seed %d: %d filters (%d of them empty), %d lines, %d cells equal", seed, *filters, empty, lines, cells)
}

// questioner asks at random, from what there is.
type questioner struct {
	site                                           *site
	random                                         *rand.Rand
	agents, groups, campaigns, queues, classifiers []string
	addresses                                      []string

	words map[string]string // of a language, for what the API names in another way; and the other way round
}

func (q *questioner) learn() {
	q.site.t.Helper()
	type list struct{ Nodes []struct{ ID string } }
	var answer struct {
		Agents, AgentGroups, Campaigns, Queues, Classifiers list
		Contacts                                            struct {
			Nodes []struct{ SourceAddress *string }
		}
	}
	q.site.api.ask(`query($filter: ContactFilter!) {
		agents(includeDeleted: true, first: 200) { nodes { id } } agentGroups(first: 200) { nodes { id } } campaigns(first: 200) { nodes { id } }
		queues(first: 200) { nodes { id } } classifiers(first: 200) { nodes { id } } contacts(filter: $filter, first: 200) { nodes { sourceAddress } }
	}`, map[string]any{"filter": q.site.filter()}, &answer)
	for _, one := range []struct {
		from list
		to   *[]string
	}{{answer.Agents, &q.agents}, {answer.AgentGroups, &q.groups}, {answer.Campaigns, &q.campaigns}, {answer.Queues, &q.queues}, {answer.Classifiers, &q.classifiers}} {
		for _, node := range one.from.Nodes {
			*one.to = append(*one.to, node.ID)
		}
	}
	for _, node := range answer.Contacts.Nodes {
		if node.SourceAddress != nil {
			q.addresses = append(q.addresses, *node.SourceAddress)
		}
	}
}

var (
	askedTypes = []string{
		"OUTBOUND_CALL", "INBOUND_CALL", "CAMPAIGN_INBOUND_CALL", "OUTBOUND_EMAIL", "INBOUND_EMAIL", "CONSULTATION", "POST_CALL_SURVEY",
		"EXTERNAL_TRANSFER", "OUTBOUND_SMS", "INBOUND_SMS", "CHAT", "MESSENGER_CHAT", "VOICE_MAILING_SURVEY", "SITECALL_CUSTOMER_LEG",
		"SITECALL_AGENT_LEG", "MOBILE_OUTBOUND_CALL", "MOBILE_INBOUND_CALL", "OTHER",
	}
	askedStatuses = []string{"ANSWERED", "RINGING", "FAILED", "CLASSIFIER", "BUSY", "PENDING", "NO_ANSWER"}
	askedZones    = []string{"Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"}
)

// filter is one that finds at most a few hundred contacts.
func (q *questioner) filter() (map[string]any, *time.Location) {
	q.site.t.Helper()
	for {
		first := time.Now().AddDate(0, 0, -q.random.IntN(62))
		days := q.random.IntN(4)
		filter := map[string]any{}
		some := func(name string, values []string, odds int) {
			if len(values) == 0 || q.random.IntN(odds) > 0 {
				return
			}
			var chosen []string
			for range 1 + q.random.IntN(4) {
				if value := values[q.random.IntN(len(values))]; !slices.Contains(chosen, value) {
					chosen = append(chosen, value)
				}
			}
			filter[name] = chosen
			days += 10
		}
		some("types", askedTypes, 4)
		some("statuses", askedStatuses, 4)
		some("agentIds", q.agents, 5)
		some("agentGroupIds", q.groups, 6)
		some("campaignIds", q.campaigns, 5)
		some("queueIds", q.queues, 6)
		some("classifierIds", q.classifiers, 8)
		some("sourceAddresses", q.addresses, 10)
		if q.random.IntN(4) == 0 {
			filter["hours"] = map[string]any{"from": "21:30", "to": "09:15"}
		}
		zone, err := time.LoadLocation(askedZones[q.random.IntN(len(askedZones))])
		if err != nil {
			q.site.t.Fatal(err)
		}
		filter["timeZone"] = zone.String()
		filter["period"] = rangeFilter(first.Format(time.DateOnly), first.AddDate(0, 0, days).Format(time.DateOnly))["period"]
		var answer struct{ Contacts struct{ TotalCount int } }
		q.site.api.ask(`query($filter: ContactFilter!) { contacts(filter: $filter, first: 0) { totalCount } }`, map[string]any{"filter": filter}, &answer)
		if n := answer.Contacts.TotalCount; n <= 800 && (n > 0 || q.random.IntN(10) == 0) {
			return filter, zone
		}
	}
}

// shownCell is what a cell should show: nothing, a text, a word for a name of the API, or a number.
type shownCell struct {
	text   string
	name   string // a name of the API, with what it is a name of and the language
	number *float64
}

// lines are the lines that the file should have, from all pages of the screen.
func (q *questioner) lines(filter map[string]any, kind, locale string, zone *time.Location) (lines [][]shownCell) {
	q.site.t.Helper()
	for after := (*string)(nil); ; {
		var answer struct {
			Contacts struct {
				Nodes    []shownContact
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
			}
		}
		q.site.api.ask(`query($filter: ContactFilter!, $after: String) {
			contacts(filter: $filter, first: 200, after: $after) { nodes { `+shownFields+` } pageInfo { hasNextPage endCursor } }
		}`, map[string]any{"filter": filter, "after": after}, &answer)
		for _, c := range answer.Contacts.Nodes {
			line := contactLine(c, locale, zone)
			switch {
			case kind == "SIMPLE":
				lines = append(lines, line)
			case c.Type != "CAMPAIGN_INBOUND_CALL" || len(c.IVRSteps) == 0:
				lines = append(lines, append(line, make([]shownCell, 9)...))
			default:
				for _, step := range c.IVRSteps {
					lines = append(lines, append(slices.Clone(line), stepCells(step, locale, zone)...))
				}
			}
		}
		if !answer.Contacts.PageInfo.HasNextPage {
			return lines
		}
		after = answer.Contacts.PageInfo.EndCursor
	}
}

// contactLine has the columns in the order of the report.
func contactLine(c shownContact, locale string, zone *time.Location) []shownCell {
	name := func(thing *struct{ Name string }) shownCell {
		if thing == nil {
			return shownCell{}
		}
		return shownCell{text: thing.Name}
	}
	status := c.Status
	if c.Unfinished {
		status = "unfinished"
	}
	line := []shownCell{
		{text: c.ExternalID},
		name(c.Campaign), name(c.Agent), textCell(c.SourceAddress), textCell(c.DestinationAddress),
		{text: strings.Join(c.CCAddresses, ", ")},
		{text: strings.Join(c.BCCAddresses, ", ")},
		momentCell(&c.StartedAt, zone),
		offsetCell(&c.StartedAt, zone),
		secondsCell(c.TalkTime), secondsCell(c.RingTime), secondsCell(c.AgentTalkTime),
		{name: locale + " type " + c.Type},
		{name: locale + " status " + status},
	}
	if c.Record == nil {
		line = append(line, shownCell{}, shownCell{})
	} else {
		line = append(line, textCell(c.Record.ExternalID), shownCell{})
		if field := c.Record.SignificantField; field != nil {
			line[len(line)-1] = textCell(field.Value)
		}
	}
	details, party := shownCell{}, shownCell{}
	if c.Details != nil {
		details.name = locale + " details " + c.Details.Typename
	}
	if c.HangupParty != nil {
		party.name = locale + " party " + *c.HangupParty
	}
	return append(line, name(c.Classifier), name(c.Queue), details, party)
}

func stepCells(step shownStep, locale string, zone *time.Location) []shownCell {
	position := float64(step.Position)
	return []shownCell{
		{number: &position},
		{text: step.Name},
		{name: locale + " step " + step.Kind},
		textCell(step.Choice),
		momentCell(&step.EnteredAt, zone), offsetCell(&step.EnteredAt, zone),
		momentCell(step.LeftAt, zone), offsetCell(step.LeftAt, zone), secondsCell(step.Duration),
	}
}

func textCell(text *string) shownCell {
	if text == nil {
		return shownCell{}
	}
	return shownCell{text: *text}
}

// secondsCell is a duration as a spreadsheet keeps it, in days.
func secondsCell(seconds *int) shownCell {
	if seconds == nil {
		return shownCell{}
	}
	days := float64(*seconds) / (24 * 60 * 60)
	return shownCell{number: &days}
}

// momentCell is what the clock on the wall showed, in days since the end of 1899.
func momentCell(moment *time.Time, zone *time.Location) shownCell {
	if moment == nil {
		return shownCell{}
	}
	_, offset := moment.In(zone).Zone()
	days := moment.Add(time.Duration(offset)*time.Second).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
	return shownCell{number: &days}
}

func offsetCell(moment *time.Time, zone *time.Location) shownCell {
	if moment == nil {
		return shownCell{}
	}
	return shownCell{text: moment.In(zone).Format("-07:00")}
}

// same compares a cell. Of a name of the API it takes the first word that stands for it, and from then on wants that
// word for that name alone.
func (q *questioner) same(want shownCell, got string) bool {
	switch {
	case want.number != nil:
		number, err := strconv.ParseFloat(got, 64)
		return err == nil && math.Abs(number-*want.number) < 1e-8
	case want.name == "":
		return got == want.text
	}
	space := want.name[:strings.LastIndexByte(want.name, ' ')+1]
	if word, known := q.words[want.name]; known {
		return got == word
	}
	if _, taken := q.words[space+"word "+got]; taken || got == "" {
		return false
	}
	q.words[want.name], q.words[space+"word "+got] = got, want.name
	return true
}

func at(line []string, column int) string {
	if column >= len(line) {
		return ""
	}
	return line[column]
}

// readSheet are the raw values of the first sheet.
func readSheet(t *testing.T, content []byte) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

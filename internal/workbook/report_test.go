package workbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

const (
	polishHeader = "ID połączenia|Kampania|Agent|Numer/adres źródłowy|Numer/adres docelowy|Adres DW|Adres UDW|Kiedy|Przesunięcie UTC|" +
		"Czas rozmowy|Czas wydzwaniania|Rozmowa z agentem|Typ|Status|ID rekordu|Pole znaczące|Klasyfikator|Kolejka|Szczegóły|Strona rozłączenia"
	englishHeader = "Contact ID|Campaign|Agent|Source number/address|Destination number/address|CC|BCC|Started at|UTC offset|" +
		"Talk time|Ring time|Agent talk time|Type|Status|Record ID|Significant field|Classifier|Queue|Details|Hung up by"
	polishSteps  = "|Nr kroku|Kafelek|Rodzaj kafelka|Wybór|Wejście|Przesunięcie UTC wejścia|Wyjście|Przesunięcie UTC wyjścia|Czas w kafelku"
	englishSteps = "|Step|Tile|Tile kind|Choice|Entered at|UTC offset on entering|Left at|UTC offset on leaving|Time in the tile"
)

func TestHeaders_AreTheReportsInBothLanguages(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 40)
	for _, c := range []struct {
		kind   Kind
		locale fault.Locale
		sheets string
		header string
	}{
		{Simple, fault.Polish, "Kontakty|Informacje", polishHeader},
		{Simple, fault.English, "Contacts|Information", englishHeader},
		{Detailed, fault.Polish, "Kontakty|Informacje", polishHeader + polishSteps},
		{Detailed, fault.English, "Contacts|Information", englishHeader + englishSteps},
	} {
		_, content := s.made(t, workbooktest.March(), c.kind, c.locale)
		var names, header []string
		sheets := workbooktest.Read(t, content)
		for _, sheet := range sheets {
			names = append(names, sheet.Name)
		}
		for _, cell := range sheets[0].Rows[0] {
			header = append(header, cell.Text)
		}
		equal(t, "sheets", strings.Join(names, "|"), c.sheets)
		equal(t, "header", strings.Join(header, "|"), c.header)
	}
}

func TestLine_ShowsItsContactCellByCell(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 0)
	insert := `INSERT INTO contacts (id, started_at, type, status, hangup_party, details_kind, campaign_id, agent_id, queue_id, classifier_id,
		record_id, ivr_time, ring_time, agent_talk_time, external_id, source_address, destination_address, cc_addresses, bcc_addresses) VALUES `
	// The clocks go forward on 31 March at 01:00Z; the fractions of a second are not shown.
	s.exec(t, insert+`(1, '2024-03-31 00:59:59.9Z', 'CAMPAIGN_INBOUND_CALL', 'NO_ANSWER', 'CUSTOMER', 'RECORDING', 1, 5, 2, 3, 1, 90, NULL, 100000,
		'=1+1', '+48600000001', '0012', '{}', '{}')`)
	s.exec(t, insert+`(2, '2024-03-31 01:00:00Z', 'OUTBOUND_EMAIL', 'PENDING', NULL, 'EMAIL', NULL, NULL, NULL, NULL, 3, NULL, NULL, NULL,
		'e-2', '@nadawca', E'tab\there \u0001', '{a@x.pl,b@x.pl}', '{c@x.pl}')`)
	s.exec(t, insert+`(3, '2024-03-30 12:00:00Z', 'OUTBOUND_CALL', 'ANSWERED', 'AGENT', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 7, 0, 'k3', NULL, NULL, '{}', '{}')`)

	_, polish := s.made(t, workbooktest.March(), Simple, fault.Polish)
	_, english := s.made(t, workbooktest.March(), Simple, fault.English)
	for _, c := range []struct {
		content []byte
		header  string
		want    []string
	}{
		{polish, polishHeader, []string{
			"e-2|||@nadawca|tab\there \uFFFD|a@x.pl, b@x.pl|c@x.pl|2024-03-31 03:00:00|+02:00||||e-mail wychodzący|PENDING|r3||||e-mail|",
			"=1+1|Kampania 1|Agent Żółć 5|+48600000001|0012|||2024-03-31 01:59:59|+01:00|100090s||100000s|połączenie przychodzące w kampanii|NO ANSWER|r1|Firma 1|=Klasyfikator 3|Kolejka 2|nagranie|klient",
			"k3|||||||2024-03-30 13:00:00|+01:00|0s|7s|0s|połączenie wychodzące|ANSWERED||||||agent",
		}},
		{english, englishHeader, []string{
			"e-2|||@nadawca|tab\there \uFFFD|a@x.pl, b@x.pl|c@x.pl|2024-03-31 03:00:00|+02:00||||outbound e-mail|PENDING|r3||||e-mail|",
			"=1+1|Kampania 1|Agent Żółć 5|+48600000001|0012|||2024-03-31 01:59:59|+01:00|100090s||100000s|inbound call in a campaign|NO ANSWER|r1|Firma 1|=Klasyfikator 3|Kolejka 2|recording|customer",
			"k3|||||||2024-03-30 13:00:00|+01:00|0s|7s|0s|outbound call|ANSWERED||||||agent",
		}},
	} {
		for i, line := range workbooktest.Lines(t, c.content) {
			var shown []string
			for _, header := range strings.Split(c.header, "|") {
				shown = append(shown, line[header].Shown())
			}
			equal(t, fmt.Sprintf("line %d", i+1), strings.Join(shown, "|"), c.want[i])
		}
	}
	equal(t, "a missing duration's kind", workbooktest.Lines(t, polish)[0]["Czas rozmowy"].Kind, "")
	equal(t, "a zero duration's kind", workbooktest.Lines(t, polish)[2]["Rozmowa z agentem"].Kind, "number")
}

func TestHour_ThatComesTwiceShowsItsOffset(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.exec(t, `SELECT ensure_contact_partitions('2024-10-01', '2024-10-31')`)
	s.exec(t, `INSERT INTO contacts (id, started_at, type, status, external_id) VALUES
		(1, '2024-10-27 00:30Z', 'CHAT', 'ANSWERED', 'a'), (2, '2024-10-27 01:30Z', 'CHAT', 'ANSWERED', 'b')`)
	_, content := s.made(t, contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-10-27", To: "2024-10-27"}}}, Simple, fault.Polish)
	got := workbooktest.Lines(t, content)
	equal(t, "lines", len(got), 2)
	for i, want := range []string{"b 2024-10-27 02:30:00 +01:00", "a 2024-10-27 02:30:00 +02:00"} {
		equal(t, "line", got[i]["ID połączenia"].Text+" "+got[i]["Kiedy"].Clock()+" "+got[i]["Przesunięcie UTC"].Text, want)
	}
}

func TestStep_ShowsItsOffsetsWhenTheClocksGoBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.exec(t, `SELECT ensure_contact_partitions('2024-10-01', '2024-10-31')`)
	s.exec(t, `INSERT INTO contacts (id, started_at, type, status, external_id) VALUES
		(1, '2024-10-27 00:50Z', 'CAMPAIGN_INBOUND_CALL', 'ANSWERED', 'a'), (2, '2024-10-27 00:40Z', 'CHAT', 'ANSWERED', 'b')`)
	s.exec(t, `INSERT INTO ivr_steps (contact_started_at, contact_id, position, kind, entered_at, left_at, name) VALUES
		('2024-10-27 00:50Z', 1, 1, 'MENU', '2024-10-27 00:50Z', '2024-10-27 01:04Z', 'Menu'),
		('2024-10-27 00:50Z', 1, 2, 'QUEUE', '2024-10-27 01:04Z', NULL, 'Kolejka')`)
	_, content := s.made(t, contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-10-27", To: "2024-10-27"}}}, Detailed, fault.Polish)
	var got []string
	for _, line := range workbooktest.Lines(t, content) {
		shown := line["ID połączenia"].Text
		for _, header := range []string{"Przesunięcie UTC", "Wejście", "Przesunięcie UTC wejścia", "Wyjście", "Przesunięcie UTC wyjścia", "Czas w kafelku"} {
			shown += "|" + line[header].Shown()
		}
		got = append(got, shown)
	}
	// The tile is left, by the wall clock, 46 minutes before it is entered.
	equal(t, "lines", strings.Join(got, "\n"), "a|+02:00|2024-10-27 02:50:00|+02:00|2024-10-27 02:04:00|+01:00|840s\n"+
		"a|+02:00|2024-10-27 02:04:00|+01:00|||\nb|+02:00|||||")
}

func TestReport_HoldsWhatItsFilterFindsAndItsSumsAgreeWithSQL(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 5000)
	from, to := "08:00", "16:30"
	outside := true
	id := relay.EncodeID
	for _, c := range []struct {
		name   string
		change func(*contact.Filter)
		where  string
	}{
		{"the whole month", func(*contact.Filter) {}, `true`},
		{"one day", func(f *contact.Filter) { f.Period.Range = &contact.Range{From: "2024-03-31", To: "2024-03-31"} }, `started_at >= '2024-03-30 23:00Z' AND started_at < '2024-03-31 22:00Z'`},
		{"an agent", func(f *contact.Filter) { f.AgentIDs = []string{id(relay.AgentKind, 5)} }, `agent_id = 5`},
		{"a group", func(f *contact.Filter) { f.AgentGroupIDs = []string{id(relay.AgentGroupKind, 1)} }, `agent_id IN (2, 5)`},
		{"a campaign or none", func(f *contact.Filter) {
			f.CampaignIDs, f.OutsideCampaign = []string{id(relay.CampaignKind, 1)}, &outside
		}, `campaign_id = 1 OR campaign_id IS NULL`},
		{"types and a status", func(f *contact.Filter) {
			f.Types, f.Statuses = []contact.Type{contact.CampaignInboundCall, contact.Chat}, []contact.Status{contact.NoAnswer}
		}, `type IN ('CAMPAIGN_INBOUND_CALL', 'CHAT') AND status = 'NO_ANSWER'`},
		{"hours", func(f *contact.Filter) { f.Hours = &contact.Hours{From: &from, To: &to} }, `(started_at AT TIME ZONE 'Europe/Warsaw')::time >= '08:00' AND (started_at AT TIME ZONE 'Europe/Warsaw')::time < '16:30'`},
		{"a number", func(f *contact.Filter) { f.SourceAddresses = []string{"600 000 042"} }, `source_key = '+48600000042'`},
		{"a ticket", func(f *contact.Filter) { f.TicketIDs = []string{"t1"} }, `ticket_id = 't1'`},
		{"nothing at all", func(f *contact.Filter) { f.DestinationAddresses = []string{"999"} }, `false`},
	} {
		filter := workbooktest.March()
		c.change(&filter)
		where := " FROM contacts WHERE (" + c.where + ") AND started_at >= '2024-02-29 23:00Z' AND started_at < '2024-03-31 22:00Z'"
		count := s.number(t, "SELECT count(*)"+where)
		detailed := s.number(t, "SELECT coalesce(sum(greatest(1, CASE WHEN type = 'CAMPAIGN_INBOUND_CALL' THEN id % 4 END)), 0)"+where)
		if count == 0 != (c.where == "false") {
			t.Fatalf("%s finds %d contacts: the test says nothing", c.name, count)
		}
		for kind, want := range map[Kind]int{Simple: count, Detailed: detailed} {
			made, content := s.made(t, filter, kind, fault.Polish)
			found := workbooktest.Lines(t, content)
			equal(t, c.name+": lines", len(found), want)
			equal(t, c.name+": lines told", made.Lines, want)
			equal(t, c.name+": contacts told", made.Contacts, count)
			equal(t, c.name+": progress", [3]int{made.done, made.total, made.lines}, [3]int{count, count, want})
			if kind == Detailed {
				continue
			}
			for column, header := range map[string]string{"talk_time": "Czas rozmowy", "ring_time": "Czas wydzwaniania", "agent_talk_time": "Rozmowa z agentem"} {
				sum, cells := 0, 0
				for _, line := range found {
					sum += line[header].Seconds()
					if line[header].Kind != "" {
						cells++
					}
				}
				equal(t, c.name+": sum of "+column, sum, s.number(t, "SELECT coalesce(sum("+column+"), 0)"+where))
				equal(t, c.name+": values of "+column, cells, s.number(t, "SELECT count("+column+")"+where))
			}
		}
	}
}

func TestAgents_OfOneNameShowTheirKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 40)
	s.exec(t, `UPDATE agents SET name = 'Anna Lis' WHERE id IN (2, 5)`)
	must(t, s.directory.Refresh(t.Context()))
	filter := workbooktest.March()
	filter.AgentIDs = []string{relay.EncodeID(relay.AgentKind, 2), relay.EncodeID(relay.AgentKind, 3)}
	_, content := s.made(t, filter, Simple, fault.Polish)
	shown := map[string]bool{}
	for _, line := range workbooktest.Lines(t, content) {
		shown[line["Agent"].Text] = true
	}
	// The other agent of that name is not in this file, but is there to be taken for this one.
	equal(t, "agents", fmt.Sprint(shown), "map[Agent Żółć 3:true Anna Lis (a2):true]")
	equal(t, "filter", workbooktest.Notes(t, content)["Filtr: Agent"].Text, "Anna Lis (a2), Agent Żółć 3")

	// Whoever may see one of the two alone is not told that there is another.
	agents, err := s.directory.Agents(t.Context(), []int64{2})
	must(t, err)
	nameOf, err := s.directory.Visibility(contact.Reach{Agent: &agents[2].ID}).AgentNames(t.Context())
	must(t, err)
	equal(t, "seen alone", nameOf(agents[2]), "Anna Lis")
}

func TestOrder_IsNewestFirstWithTheIDBreakingTies(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 3000)
	s.exec(t, `UPDATE contacts SET started_at = '2024-03-15 12:00Z' WHERE id % 3 = 0`)
	_, content := s.made(t, workbooktest.March(), Simple, fault.Polish)
	var want string
	must(t, s.pool.QueryRow(t.Context(), `SELECT string_agg(external_id, '|' ORDER BY started_at DESC, id DESC) FROM contacts WHERE started_at < '2024-03-31 22:00Z'`).Scan(&want))
	var got []string
	for _, line := range workbooktest.Lines(t, content) {
		got = append(got, line["ID połączenia"].Text)
	}
	equal(t, "order", strings.Join(got, "|"), want)
}

func TestReport_ShowsIVRStepsInTheDetailedFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 400)
	_, content := s.made(t, workbooktest.March(), Detailed, fault.Polish)
	found := workbooktest.Lines(t, content)
	byContact := map[string][]map[string]workbooktest.Cell{}
	for _, line := range found {
		key := line["ID połączenia"].Text
		byContact[key] = append(byContact[key], line)
	}
	equal(t, "contacts", len(byContact), 400)
	inbound := 0
	for i := range 400 {
		way := byContact[fmt.Sprintf("00%d", i)]
		steps := 0
		if i%17 == 2 {
			inbound++
			steps = i % 4
		}
		equal(t, fmt.Sprintf("lines of contact %d", i), len(way), max(1, steps))
		for p, line := range way {
			equal(t, "repeated agent", line["Agent"], way[0]["Agent"])
			equal(t, "repeated start", line["Kiedy"], way[0]["Kiedy"])
			if steps == 0 {
				equal(t, "step of a contact without", line["Nr kroku"].Kind+line["Kafelek"].Kind+line["Wejście"].Kind+line["Czas w kafelku"].Kind, "")
				continue
			}
			equal(t, "step", line["Nr kroku"].Number, float64(p+1))
			equal(t, "tile", line["Kafelek"].Text, fmt.Sprintf("Kafelek %d", p+1))
			equal(t, "kind", line["Rodzaj kafelka"].Text, stepLabels[contact.StepKinds[(i+p+1)%9]].pl)
			choice, left := "", 5
			if p+1 == 2 {
				choice = fmt.Sprintf("#%d", i%10)
			}
			if p+1 == 3 {
				left = 0
				equal(t, "end of a step not left", line["Wyjście"].Kind+line["Czas w kafelku"].Kind, "")
			}
			equal(t, "choice", line["Wybór"].Text, choice)
			equal(t, "seconds", line["Czas w kafelku"].Seconds(), left)
		}
	}
	if inbound < 20 {
		t.Fatalf("only %d calls with steps: the test says little", inbound)
	}
}

func TestSheets_GoOnWithoutSplittingAContact(t *testing.T) {
	t.Parallel()
	s := newSite(t, 100)
	s.fill(t, 1000)
	_, content := s.made(t, workbooktest.March(), Detailed, fault.Polish)
	sheets := workbooktest.Read(t, content)
	total, seen := 0, map[string]string{}
	for i, sheet := range sheets[:len(sheets)-1] {
		want := "Kontakty"
		if i > 0 {
			want = fmt.Sprintf("Kontakty %d", i+1)
		}
		equal(t, "name", sheet.Name, want)
		equal(t, "header", sheet.Rows[0][0].Text, "ID połączenia")
		if len(sheet.Rows) > 101 {
			t.Errorf("%s has %d lines", sheet.Name, len(sheet.Rows)-1)
		}
		for _, row := range sheet.Rows[1:] {
			if on, found := seen[row[0].Text]; found && on != sheet.Name {
				t.Errorf("contact %s is on %s and on %s", row[0].Text, on, sheet.Name)
			}
			seen[row[0].Text] = sheet.Name
		}
		total += len(sheet.Rows) - 1
	}
	equal(t, "contacts", len(seen), 1000)
	equal(t, "lines", total, s.number(t, `SELECT sum(greatest(1, CASE WHEN type = 'CAMPAIGN_INBOUND_CALL' THEN id % 4 END)) FROM contacts`))
	equal(t, "lines told", workbooktest.Notes(t, content)["Liczba wierszy"].Number, float64(total))
	equal(t, "sheets told", workbooktest.Notes(t, content)["Liczba arkuszy z danymi"].Number, float64(len(sheets)-1))
}

func TestSheets_EndWithWhatTheFileIs(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 500)
	s.exec(t, `UPDATE contacts SET source_address = repeat('x', 40000) WHERE id = 7`)
	preset, from, outside := contact.PreviousMonth, "08:00", true
	filter := contact.Filter{
		Period: contact.Period{Preset: &preset}, Hours: &contact.Hours{From: &from}, OutsideCampaign: &outside,
		CampaignIDs: []string{relay.EncodeID(relay.CampaignKind, 1), relay.EncodeID(relay.CampaignKind, 2), relay.EncodeID(relay.CampaignKind, 3)},
		AgentIDs:    []string{relay.EncodeID(relay.AgentKind, 1), relay.EncodeID(relay.AgentKind, 5)},
		Statuses:    slices.Clone(contact.Statuses), RecordIDs: nil,
	}
	made, content := s.made(t, filter, Detailed, fault.Polish)
	said := workbooktest.Notes(t, content)
	for label, want := range map[string]string{
		"Raport":          "Kontakty – raport szczegółowy",
		"Okres":           "od 2024-03-01 do 2024-03-31 włącznie",
		"Strefa czasowa":  "Europe/Warsaw",
		"Filtr: Godziny":  "08:00–24:00",
		"Filtr: Agent":    "Agent Żółć 1, Agent Żółć 5",
		"Filtr: Kampania": "Kampania 1, Kampania 2, Kampania 3 lub poza kampaniami",
		"Filtr: Status":   "ANSWERED, RINGING, FAILED, CLASSIFIER, BUSY, PENDING, NO ANSWER",
		"Zamówił":         "local",
		"Zamówiono":       "2024-04-10 11:30:00",
	} {
		equal(t, label, said[label].Shown(), want)
	}
	equal(t, "contacts", int(said["Liczba kontaktów"].Number), made.Contacts)
	equal(t, "lines", int(said["Liczba wierszy"].Number), made.Lines)
	equal(t, "moment's kind", said["Stan danych na"].Kind, "number")
	equal(t, "filter in words", made.filter, "Godziny: 08:00–24:00; Agent: Agent Żółć 1, Agent Żółć 5; "+
		"Kampania: Kampania 1, Kampania 2, Kampania 3 lub poza kampaniami; Status: ANSWERED, RINGING, FAILED, CLASSIFIER, BUSY, PENDING, NO ANSWER")

	whole, content := s.made(t, workbooktest.March(), Simple, fault.English)
	said = workbooktest.Notes(t, content)
	equal(t, "filter", said["Filter"].Text, "no further conditions")
	equal(t, "cut", said["Cells cut to Excel's limit"].Number, 1)
	equal(t, "cut told", whole.CellsCut, 1)
	for _, line := range workbooktest.Lines(t, content) {
		if line["Contact ID"].Text == "007" {
			equal(t, "a cut cell", line["Source number/address"].Text, strings.Repeat("x", 32767-len([]rune(" … [cut]")))+" … [cut]")
		}
	}
}

func TestLabels_AreThereInBothLanguages(t *testing.T) {
	t.Parallel()
	check(t, "type", contact.Types, typeLabels)
	check(t, "status", contact.Statuses, statusLabels)
	check(t, "recovery", contact.RecoveryStates, recoveryLabels)
	check(t, "weekday", contact.Weekdays, weekdayLabels)
	check(t, "outcome", contact.Outcomes, outcomeLabels)
	check(t, "side", contact.HangupParties, hangupLabels)
	check(t, "step", contact.StepKinds, stepLabels)
	check(t, "details", []contact.DetailsKind{contact.RecordingDetails, contact.EmailDetails, contact.ChatDetails, contact.SMSDetails}, detailsLabels)
	check(t, "kind", Kinds, kindLabels)
	check(t, "warning", []WarningCode{OverLimit, SeveralSheets, LiveContacts, Empty}, warnings)
}

func check[T comparable](t *testing.T, what string, values []T, labels map[T]label) {
	t.Helper()
	equal(t, "number of labels of a "+what, len(labels), len(values))
	seen := map[string]bool{}
	for _, value := range values {
		l := labels[value]
		if l.pl == "" || l.en == "" || seen[l.pl] {
			t.Errorf("%s %v has the labels %q and %q", what, value, l.pl, l.en)
		}
		seen[l.pl] = true
	}
}

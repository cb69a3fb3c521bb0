package workbook

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// shownBySQL reads what a line must show of each contact, in the order of the columns. It says in SQL of its own what
// the report means; words of ours come as the database's own and are translated by the test.
const shownBySQL = `SELECT external_id, coalesce((SELECT name FROM campaigns WHERE id = campaign_id), ''),
	coalesce((SELECT name FROM agents WHERE id = agent_id), ''), coalesce(source_address, ''), coalesce(destination_address, ''),
	array_to_string(cc_addresses, ', '), array_to_string(bcc_addresses, ', '),
	to_char(started_at AT TIME ZONE $1, 'YYYY-MM-DD HH24:MI:SS'),
	(SELECT CASE WHEN m < 0 THEN '-' ELSE '+' END || to_char(abs(m) / 60, 'FM00') || ':' || to_char(abs(m) % 60, 'FM00')
		FROM (SELECT (extract(epoch FROM (started_at AT TIME ZONE $1) - (started_at AT TIME ZONE 'UTC')) / 60)::int) o (m)),
	coalesce(CASE WHEN ivr_time IS NOT NULL OR agent_talk_time IS NOT NULL THEN coalesce(ivr_time, 0) + coalesce(agent_talk_time, 0) END || 's', ''),
	coalesce(ring_time || 's', ''), coalesce(agent_talk_time || 's', ''), type::text, CASE WHEN status = 'RINGING' THEN 'UNFINISHED' ELSE status::text END,
	coalesce((SELECT r.external_id FROM records r WHERE r.id = record_id), ''),
	coalesce((SELECT r.significant_value FROM records r WHERE r.id = record_id), ''),
	coalesce((SELECT name FROM classifiers WHERE id = classifier_id), ''), coalesce((SELECT name FROM queues WHERE id = queue_id), ''),
	coalesce(details_kind::text, ''), coalesce(hangup_party::text, '')
	FROM contacts WHERE `

func TestReport_EqualsSQLCellByCellForRandomFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 1500)
	s.exec(t, `UPDATE contacts SET source_address = repeat('😀', 20000) WHERE id % 97 = 5`)
	s.exec(t, `SELECT ensure_contact_partitions('2024-01-01', '2024-05-01')`)
	s.exec(t, `UPDATE contacts SET started_at = started_at - interval '30 days', destination_key = 'jan@example.com',
		destination_address = 'Jan@Example.com' WHERE id % 13 = 7`)
	s.exec(t, `UPDATE ivr_steps SET contact_started_at = contact_started_at - interval '30 days' WHERE contact_id % 13 = 7`)
	random := rand.New(rand.NewPCG(3, 2024))
	seen := map[string]bool{}
	filters, cells, empty, cut := 200, 0, 0, 0
	for n := range filters {
		filter, where := randomFilter(random)
		kind := Kinds[n%2]
		locale := []fault.Locale{fault.Polish, fault.English}[n/2%2]
		content := s.written(t, filter, kind, locale)
		rows, err := s.pool.Query(t.Context(), shownBySQL+where+` ORDER BY started_at DESC, id DESC`, *filter.TimeZone)
		must(t, err)
		want, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]string, error) {
			texts := make([]string, len(contactColumns))
			into := make([]any, len(texts))
			for i := range texts {
				into[i] = &texts[i]
			}
			return texts, row.Scan(into...)
		})
		must(t, err)
		lines := tableOf(t, content)
		at := 0
		for _, contactWanted := range want {
			steps := 1
			if id, err := strconv.Atoi(contactWanted[0]); err == nil && kind == Detailed && contactWanted[12] == string(contact.CampaignInboundCall) {
				steps = max(1, id%4)
			}
			for range steps {
				if at == len(lines) {
					t.Fatalf("filter %d: the file ends after %d lines\nWHERE %s", n, at, where)
				}
				for i, text := range contactWanted {
					text = inWordsOf(i, text, locale)
					if units := utf16.Encode([]rune(text)); len(units) > 32767 {
						mark := cutLabel.in(locale)
						text = string([]rune(text)[:(32767-len([]rune(mark)))/2]) + mark // all of two units
						cut++
					}
					if got := lines[at][i].Shown(); got != text {
						t.Fatalf("filter %d, line %d, %q: the file shows %.80q, SQL says %.80q\nWHERE %s", n, at+1, contactColumns[i].header.pl, got, text, where)
					}
					cells++
				}
				at++
			}
		}
		equal(t, fmt.Sprintf("filter %d: lines (WHERE %s)", n, where), len(lines), at)
		if len(want) == 0 {
			empty++
		}
		seen[where] = true
	}
	t.Logf("%d filters, %d of them empty, %d cells compared, %d of them cut", len(seen), empty, cells, cut)
	if len(seen) < filters-5 || empty > filters/2 || cut == 0 || cells < 100_000 {
		t.Errorf("the filters say too little: %d differ, %d are empty, %d cells", len(seen), empty, cells)
	}
}

// tableOf are the lines of the table, each as wide as the widest.
func tableOf(t testing.TB, content []byte) [][]workbooktest.Cell {
	t.Helper()
	var lines [][]workbooktest.Cell
	sheets := workbooktest.Read(t, content)
	for _, sheet := range sheets[:len(sheets)-1] {
		for _, row := range sheet.Rows[1:] {
			lines = append(lines, append(row, make([]workbooktest.Cell, 32)...)[:32])
		}
	}
	return lines
}

// inWordsOf translates the database's words.
func inWordsOf(column int, text string, locale fault.Locale) string {
	switch column {
	case 12:
		return typeLabels[contact.Type(text)].in(locale)
	case 13:
		if text == "UNFINISHED" { // whatever rang in 2024
			return unfinishedLabel.in(locale)
		}
		return statusLabels[contact.Status(text)].in(locale)
	case 18:
		return detailsLabels[contact.DetailsKind(text)].in(locale)
	case 19:
		return hangupLabels[contact.HangupParty(text)].in(locale)
	}
	return text
}

// randomFilter is a filter and what it means in SQL.
func randomFilter(random *rand.Rand) (contact.Filter, string) {
	var said []string
	say := func(format string, arguments ...any) { said = append(said, "("+fmt.Sprintf(format, arguments...)+")") }
	zone := []string{"Europe/Warsaw", "Europe/Warsaw", "UTC", "America/New_York", "Asia/Kathmandu"}[random.IntN(5)]
	first := random.IntN(40)
	last := first + random.IntN(45)
	date := func(n int) string { return now.AddDate(0, 0, n-60).Format("2006-01-02") }
	filter := contact.Filter{TimeZone: &zone, Period: contact.Period{Range: &contact.Range{From: date(first), To: date(last)}}}
	local := "started_at AT TIME ZONE '" + zone + "'"
	say("(%s)::date BETWEEN '%s' AND '%s'", local, date(first), date(last))
	sometimes := func() bool { return random.IntN(5) == 0 }
	rarely := func() bool { return random.IntN(25) == 0 }
	ids := func(kind relay.Kind, most int, column string) []string {
		var names, numbers []string
		for _, n := range random.Perm(most)[:1+random.IntN(most)] {
			names = append(names, relay.EncodeID(kind, int64(n+1)))
			numbers = append(numbers, fmt.Sprint(n+1))
		}
		if column != "" {
			say("%s IN (%s)", column, strings.Join(numbers, ", "))
		}
		return names
	}
	if sometimes() {
		from, to := fmt.Sprintf("%02d:%02d", random.IntN(12), random.IntN(60)), fmt.Sprintf("%02d:%02d", 12+random.IntN(12), random.IntN(60))
		filter.Hours = &contact.Hours{From: &from, To: &to}
		say("(%s)::time >= '%s' AND (%s)::time < '%s'", local, from, local, to)
	}
	if sometimes() {
		filter.AgentIDs = ids(relay.AgentKind, 5, "agent_id")
	}
	if sometimes() {
		filter.AgentGroupIDs = []string{relay.EncodeID(relay.AgentGroupKind, 1)}
		say("agent_id IN (2, 5)")
	}
	if sometimes() {
		outside := random.IntN(2) == 0
		filter.OutsideCampaign = &outside
		filter.CampaignIDs = ids(relay.CampaignKind, 3, "campaign_id")
		if outside {
			said[len(said)-1] = "(" + said[len(said)-1] + " OR campaign_id IS NULL)"
		}
	}
	if sometimes() {
		filter.Types = subset(random, contact.Types, "type", say)
	}
	if sometimes() {
		filter.Statuses = subset(random, contact.Statuses, "status", say)
	}
	if sometimes() {
		filter.Outcomes = subset(random, contact.Outcomes, "outcome", say)
	}
	if sometimes() {
		filter.SourceAddresses = []string{fmt.Sprintf("0048 600-00%04d", random.IntN(100)), fmt.Sprintf("6000000%02d", random.IntN(100))}
		say("source_key IN ('+4860000%s', '+48%s')", filter.SourceAddresses[0][len(filter.SourceAddresses[0])-4:], filter.SourceAddresses[1])
	}
	if sometimes() {
		filter.DestinationAddresses = [][]string{{"JAN@example.com"}, {"101"}, {"101", "jan@EXAMPLE.com"}}[random.IntN(3)]
		say("lower(destination_address) IN (lower('%s'))", strings.Join(filter.DestinationAddresses, "'), lower('"))
	}
	if rarely() {
		filter.TicketIDs = []string{"t1", "t2"}
		say("ticket_id IN ('t1', 't2')")
	}
	if rarely() {
		filter.QueueIDs = ids(relay.QueueKind, 2, "queue_id")
	}
	if sometimes() {
		filter.ClassifierIDs = ids(relay.ClassifierKind, 3, "classifier_id")
	}
	if rarely() {
		filter.SiteCallIDs = ids(relay.SiteCallKind, 1, "site_call_id")
	}
	if sometimes() {
		filter.RecordIDs = ids(relay.RecordKind, 40, "record_id")
	}
	return filter, strings.Join(said, " AND ")
}

func subset[T ~string](random *rand.Rand, all []T, column string, say func(string, ...any)) []T {
	var some []T
	var names []string
	for _, at := range random.Perm(len(all))[:1+random.IntN(len(all)-1)] {
		some = append(some, all[at])
		names = append(names, string(all[at]))
	}
	say("%s IN ('%s')", column, strings.Join(names, "', '"))
	return some
}

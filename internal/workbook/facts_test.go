package workbook

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

const (
	polishFacts  = "|Wynik|Czas w kolejce|Czas do odebrania|Stracone po"
	englishFacts = "|Outcome|Time in queues|Time to answer|Lost after"
)

func TestFacts_StandBehindTheReportsOwnColumns(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 60)
	s.exec(t, `UPDATE contacts SET outcome = (enum_range(NULL::contact_outcome))[1 + id % 11], queue_time = nullif(id % 7, 0) - 1,
		time_to_answer = CASE WHEN id % 3 = 0 THEN 90000 + id END, lost_after = CASE WHEN id % 3 = 1 THEN id END`)
	for _, c := range []struct {
		kind   Kind
		locale fault.Locale
		header string
	}{
		{Simple, fault.Polish, polishHeader + polishFacts},
		{Simple, fault.English, englishHeader + englishFacts},
		{Detailed, fault.Polish, polishHeader + polishFacts + polishSteps},
		{Detailed, fault.English, englishHeader + englishFacts + englishSteps},
	} {
		_, plain := s.made(t, workbooktest.March(), c.kind, c.locale)
		_, content := s.of(t, workbooktest.March(), Report{Shape: Shape{Kind: c.kind, Extras: []Extra{Facts}}, Locale: c.locale})
		var header []string
		for _, cell := range workbooktest.Read(t, content)[0].Rows[0] {
			header = append(header, cell.Text)
		}
		equal(t, "header", strings.Join(header, "|"), c.header)
		facts := strings.Split(polishFacts, "|")[1:]
		if c.locale == fault.English {
			facts = strings.Split(englishFacts, "|")[1:]
		}
		before := workbooktest.Lines(t, plain)
		outcomes := map[string]bool{}
		for i, line := range workbooktest.Lines(t, content) {
			var id int
			_, err := fmt.Sscanf(line[header[0]].Text, "00%d", &id)
			must(t, err)
			var want [4]string
			if id%11 < 10 {
				want[0] = outcomeLabels[contact.Outcomes[id%11]].in(c.locale)
			}
			if id%7 > 0 {
				want[1] = fmt.Sprintf("%ds", id%7-1)
			}
			if id%3 == 0 {
				want[2] = fmt.Sprintf("%ds", 90000+id)
			}
			if id%3 == 1 {
				want[3] = fmt.Sprintf("%ds", id)
			}
			var got [4]string
			for n, name := range facts {
				got[n] = line[name].Shown()
				delete(line, name)
			}
			equal(t, fmt.Sprintf("facts of contact %d", id), got, want)
			outcomes[got[0]] = true
			equal(t, fmt.Sprintf("the other cells of line %d", i), fmt.Sprint(line), fmt.Sprint(before[i]))
		}
		equal(t, "different outcomes, and none", len(outcomes), 11)
	}
}

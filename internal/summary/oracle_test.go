package summary_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/summary"
)

var (
	questions = flag.Int("summary.questions", 1500, "how many random summaries are compared; a million at night")
	seed      = flag.Uint64("summary.seed", 1, "the seed of the contacts and of the questions")
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// told is what measures say, in a form that can be compared.
type told struct {
	Contacts, Reached, NotReached, Lost, InQueue, Short5 int
	Rate                                                 float64
	Levels                                               string
	Durations                                            string
}

func (a *asked) told(m *summary.Measures) told {
	said := told{
		Contacts: m.Contacts(), Reached: m.ReachedAgent(), NotReached: m.NotReached(), Lost: m.Lost(nil),
		InQueue: m.Lost([]contact.LostAt{contact.AtQueue}), Short5: m.LostShort(5), Rate: -1,
	}
	if rate := m.LostRate(); rate != nil {
		said.Rate = *rate
	}
	for _, level := range a.levels() {
		l := m.ServiceLevel(level.Seconds, level.ShortAbandon, summary.Against)
		ratios := []string{shown(l.Ratio), shown(m.ServiceLevel(level.Seconds, level.ShortAbandon, summary.Ignored).Ratio), shown(m.ServiceLevel(level.Seconds, level.ShortAbandon, summary.For).Ratio)}
		said.Levels += fmt.Sprintln(l.Offered, l.OfferedLost, l.Short, l.Met, l.Gone, ratios)
	}
	for _, d := range []*summary.Durations{m.TalkTime(), m.QueueTime(), m.TimeToAnswer()} {
		said.Durations += fmt.Sprintln(d.Count, d.Sum, shown(d.Average()), shownInt(d.Minimum()), shownInt(d.Maximum()))
	}
	return said
}

func (a *asked) levels() []plan.Level { return a.question.Levels() }

func shown(f *float64) string {
	if f == nil {
		return "none"
	}
	return fmt.Sprintf("%.9f", *f)
}

func shownInt(n *int) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}

// expected is what rows come to, worked out one by one.
func (a *asked) expected(rows []row) told {
	want := told{Rate: -1}
	cameReached := 0
	var talks, queues, answers []int
	for _, r := range rows {
		want.Contacts++
		lost := strings.HasPrefix(r.outcome, "LOST")
		if lost {
			want.Lost++
			if r.lost != nil && *r.lost < 5 {
				want.Short5++
			}
		}
		if r.outcome == "LOST_IN_QUEUE" {
			want.InQueue++
		}
		if r.outcome == "NOT_REACHED" {
			want.NotReached++
		}
		if r.outcome == "REACHED_AGENT" {
			want.Reached++
			if strings.HasSuffix(r.kind, "INBOUND_CALL") || r.kind == "CHAT" {
				cameReached++
			}
		}
		if r.ivr != nil || r.talk != nil {
			sum := 0
			for _, part := range []*int{r.ivr, r.talk} {
				if part != nil {
					sum += *part
				}
			}
			talks = append(talks, sum)
		}
		if r.queued != nil {
			queues = append(queues, *r.queued)
		}
		if r.ans != nil {
			answers = append(answers, *r.ans)
		}
	}
	if whole := want.Lost + cameReached; whole > 0 {
		want.Rate = float64(want.Lost) / float64(whole)
	}
	for _, level := range a.levels() {
		var offered, offeredLost, short, met, gone int
		for _, r := range rows {
			lost := strings.HasPrefix(r.outcome, "LOST")
			is := r.kind == "CAMPAIGN_INBOUND_CALL" && (r.outcome == "REACHED_AGENT" && r.ans != nil || r.outcome == "LOST_WHILE_RINGING" || lost && r.queued != nil)
			if !is {
				continue
			}
			offered++
			switch {
			case !lost && *r.ans <= level.Seconds:
				met++
			case lost:
				offeredLost++
				if r.queued == nil || *r.queued <= level.Seconds {
					gone++
				}
				if r.lost != nil && *r.lost < level.ShortAbandon {
					short++
				}
			}
		}
		share := func(part, whole int) string {
			if whole == 0 {
				return "none"
			}
			return fmt.Sprintf("%.9f", float64(part)/float64(whole))
		}
		want.Levels += fmt.Sprintln(offered, offeredLost, short, met, gone, []string{share(met, offered-short), share(met, offered-gone), share(met+gone, offered)})
	}
	for _, values := range [][]int{talks, queues, answers} {
		sum := 0
		for _, value := range values {
			sum += value
		}
		if len(values) == 0 {
			want.Durations += fmt.Sprintln(0, 0, "none", "none", "none")
			continue
		}
		want.Durations += fmt.Sprintln(len(values), sum, fmt.Sprintf("%.9f", float64(sum)/float64(len(values))), slices.Min(values), slices.Max(values))
	}
	return want
}

// percentile sorts and takes the value of the nearest rank.
func percentile(values []int, rank float64) string {
	if len(values) == 0 {
		return "none"
	}
	sort.Ints(values)
	at := int(math.Ceil(float64(len(values)) * rank / 100))
	return fmt.Sprint(values[max(at, 1)-1])
}

// TestRead_AnswersLikeTheOracle asks random summaries and works each number out of the rows in memory.
func TestRead_AnswersLikeTheOracle(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(*seed, 17))
	w := newWorld(t, random, 2500)
	for n := range *questions {
		a := ask(random, w)
		if wrong := a.compare(t, w); wrong != "" {
			t.Fatalf("question %d of seed %d: %s\nfilter %s to %s in %s, hours %v, %+v", n, *seed, wrong, a.from.Format(time.DateOnly), a.to.Format(time.DateOnly), a.zone, a.hours, a.question.Groupings)
		}
	}
}

func (a *asked) compare(t *testing.T, w *world) string {
	t.Helper()
	got, err := summary.Read(t.Context(), w.store.For(a.viewer), w.small, a.question)
	if err != nil {
		return err.Error()
	}
	days := int(a.to.Sub(a.from)/(24*time.Hour)) + 1
	from, to := a.from.AddDate(0, 0, -days), a.from.AddDate(0, 0, -1)
	if a.from.Day() == 1 && a.to.AddDate(0, 0, 1).Day() == 1 && a.from.Month() == a.to.Month() {
		from = a.from.AddDate(0, -1, 0)
	}
	until := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	local := w.now.In(a.zone)
	if today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC); !today.After(a.to) {
		in := max(int(today.Sub(a.from)/(24*time.Hour)), 0)
		day := from.AddDate(0, 0, in)
		until = time.Date(day.Year(), day.Month(), day.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), a.zone)
		if today.Before(a.from) {
			until = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, a.zone)
		}
	}
	rowsBut := func(but summary.Dimension) (now, before []row) {
		for _, r := range w.rows {
			if a.seen(r, but) && a.within(r.at, a.from, a.to) {
				now = append(now, r)
			}
			if a.seen(r, but) && a.within(r.at, from, to) && r.at.Before(until) {
				before = append(before, r)
			}
		}
		return now, before
	}
	now, before := rowsBut("")
	if said, want := a.told(got.Total()), a.expected(now); said != want {
		return fmt.Sprintf("the total is\n%+v, want\n%+v", said, want)
	}
	if said, want := a.told(got.PreviousTotal()), a.expected(before); said != want {
		return fmt.Sprintf("the total before is\n%+v, want\n%+v", said, want)
	}
	for _, rank := range []float64{0.5, 50, 95, 100} {
		for _, of := range a.question.Percentiles() {
			var values []int
			for _, r := range now {
				if value := map[plan.Duration]*int{plan.OfQueue: r.queued, plan.OfAnswer: r.ans}[of]; value != nil {
					values = append(values, *value)
				}
			}
			d := map[plan.Duration]*summary.Durations{plan.OfQueue: got.Total().QueueTime(), plan.OfAnswer: got.Total().TimeToAnswer()}[of]
			if said, err := d.Percentile(rank); err != nil || shownInt(said) != percentile(values, rank) {
				return fmt.Sprintf("percentile %v of %s: %s, want %s", rank, of, shownInt(said), percentile(values, rank))
			}
		}
	}
	for _, one := range a.question.Groupings {
		groups, rows, earlier := got.Groups(one.By, one.Order, one.First), now, before
		if one.Facet {
			groups = got.Facet(one.By[0], one.First)
			rows, earlier = rowsBut(one.By[0])
		}
		wrong := a.compareGroups(groups, one, rows)
		if wrong == "" {
			wrong = a.compareOrder(groups, one)
		}
		if wrong == "" && one.Previous {
			wrong = a.comparePrevious(groups, one, earlier, int(a.from.Sub(from)/(24*time.Hour)))
		}
		if wrong != "" {
			return fmt.Sprintf("by %v: %s", one.By, wrong)
		}
	}
	return ""
}

func (a *asked) compareGroups(got *summary.Groups, by summary.Grouping, rows []row) string {
	want := map[string][]row{}
	for _, r := range rows {
		want[a.name(by.By, r)] = append(want[a.name(by.By, r)], r)
	}
	seen := map[string]bool{}
	for _, group := range got.Nodes {
		name := a.nameOf(by.By, group)
		if seen[name] {
			return name + " comes twice"
		}
		seen[name] = true
		if said, want := a.told(group.Measures), a.expected(want[name]); said != want {
			return fmt.Sprintf("%s comes to\n%+v, want\n%+v", name, said, want)
		}
	}
	var left []row
	missing := 0
	for name, rows := range want {
		if !seen[name] {
			left = append(left, rows...)
			missing++
		}
	}
	if len(got.Nodes) != min(by.First, got.TotalCount) || got.TotalCount < len(seen)+missing {
		return fmt.Sprintf("%d of %d groups, and %d are missing", len(got.Nodes), got.TotalCount, missing)
	}
	if (got.Rest == nil) != (got.TotalCount <= by.First) {
		return "the rest is there or not"
	}
	if got.Rest == nil && missing > 0 {
		return "groups are missing"
	}
	if got.Rest != nil {
		if said, want := a.told(got.Rest), a.expected(left); !reflect.DeepEqual(said, want) {
			return fmt.Sprintf("the rest comes to\n%+v, want\n%+v", said, want)
		}
	}
	return ""
}

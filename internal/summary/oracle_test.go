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
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/summary"
)

var (
	questions = flag.Int("summary.questions", 1500, "how many random summaries are compared; a million at night")
	seed      = flag.Uint64("summary.seed", 1, "the seed of the contacts and of the questions")
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// row is a contact as the oracle knows it; words and things are null if empty.
type row struct {
	at                                 time.Time
	kind, status, outcome, hangup      string
	campaign, queue, agent, class      int
	ivr, ring, talk, queued, ans, lost *int
}

// world is the same contacts in a database and in memory.
type world struct {
	rows  []row
	store *report.Store
	small *directory.Directory
	now   *time.Time
}

func newWorld(t *testing.T, random *rand.Rand, contacts int) *world {
	t.Helper()
	database := pgtest.New(t)
	w := &world{now: new(time.Time)}
	run := func(sql string, arguments ...any) {
		t.Helper()
		if _, err := database.Pool.Exec(t.Context(), sql, arguments...); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	for _, table := range []string{"agents", "campaigns", "queues", "classifiers"} {
		run("INSERT INTO " + table + " (external_id, name) SELECT n::text, 'name ' || (n * 7 % 5) FROM generate_series(1, 6) n")
	}
	run(`INSERT INTO agent_groups (external_id, name) VALUES ('g', 'g')`)
	run(`INSERT INTO agent_group_members VALUES (1, 1), (1, 2)`)
	run(`SELECT ensure_contact_partitions($1::timestamptz, $2::timestamptz)`, time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC))
	first := time.Date(2024, 1, 20, 0, 0, 0, 0, time.UTC)
	optional := func(most int) *int {
		if random.IntN(3) == 0 {
			return nil
		}
		n := random.IntN(most)
		return &n
	}
	word := func(of ...string) string { return of[random.IntN(len(of))] }
	for i := range contacts {
		at := first.Add(time.Duration(random.Int64N(int64(110 * 24 * time.Hour)))).Truncate(time.Microsecond)
		switch random.IntN(10) {
		case 0: // about a change of clocks
			at = time.Date(2024, 3, 31, random.IntN(4), random.IntN(60), 0, 0, time.UTC)
		case 1:
			at = time.Date(2024, 3, 1+random.IntN(31), 23, 0, 0, -random.IntN(2)*1000, time.UTC)
		}
		r := row{
			at: at, kind: word("CAMPAIGN_INBOUND_CALL", "CAMPAIGN_INBOUND_CALL", "INBOUND_CALL", "OUTBOUND_CALL", "CHAT", "OUTBOUND_SMS"),
			status: word("ANSWERED", "FAILED", "NO_ANSWER"), hangup: word("", "CUSTOMER", "AGENT"), outcome: word(append(contact.Texts(contact.Outcomes), "")...),
			campaign: random.IntN(7), queue: random.IntN(7), agent: random.IntN(7), class: random.IntN(7),
			ivr: optional(30), ring: optional(30), talk: optional(400), queued: optional(40), ans: optional(40),
		}
		if strings.HasPrefix(r.outcome, "LOST") {
			r.lost = optional(20)
		}
		w.rows = append(w.rows, r)
		run(`INSERT INTO contacts (id, started_at, type, status, external_id, outcome, hangup_party, campaign_id, queue_id, agent_id, classifier_id,
			ivr_time, ring_time, agent_talk_time, queue_time, time_to_answer, lost_after) VALUES ($1, $2, $3::text::contact_type, $4::text::contact_status, $1::bigint::text,
			nullif($5, '')::contact_outcome, nullif($6, '')::hangup_party, nullif($7, 0), nullif($8, 0), nullif($9, 0), nullif($10, 0), $11, $12, $13, $14, $15, $16)`,
			i+1, r.at, r.kind, r.status, r.outcome, r.hangup, r.campaign, r.queue, r.agent, r.class, r.ivr, r.ring, r.talk, r.queued, r.ans, r.lost)
	}
	signer := relay.NewSigner([]byte("key"))
	w.small = directory.New(database.Pool.DB, signer, time.Now)
	if err := w.small.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.store = report.NewStore(database.Pool.DB, w.small, signer, report.Config{Zone: time.UTC, Now: func() time.Time { return *w.now }})
	return w
}

// asked is a random question with all that the oracle needs of it.
type asked struct {
	question summary.Question
	viewer   contact.Viewer
	from, to time.Time // days, as midnights of UTC
	zone     *time.Location
	hours    [2]int // none if equal
	weekdays []contact.Weekday
	rules    []func(row) bool
}

func (a *asked) seen(r row) bool {
	for _, rule := range a.rules {
		if !rule(r) {
			return false
		}
	}
	return true
}

// within says whether a row lies in days, hours and weekdays of the wall clock.
func (a *asked) within(at time.Time, from, to time.Time) bool {
	local := at.In(a.zone)
	date := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	if date.Before(from) || date.After(to) {
		return false
	}
	if a.weekdays != nil && !slices.Contains(a.weekdays, contact.Weekdays[(int(local.Weekday())+6)%7]) {
		return false
	}
	h := local.Hour()
	switch a, b := a.hours[0], a.hours[1]; {
	case a == b:
		return true
	case a < b:
		return h >= a && h < b
	default:
		return h >= a || h < b
	}
}

func ask(random *rand.Rand, w *world) *asked {
	a := &asked{viewer: contact.Unlimited}
	a.from = time.Date(2024, 1, 22+random.IntN(80), 0, 0, 0, 0, time.UTC)
	a.to = a.from.AddDate(0, 0, random.IntN(31))
	if random.IntN(4) == 0 {
		a.from = time.Date(2024, time.Month(2+random.IntN(3)), 1, 0, 0, 0, 0, time.UTC)
		a.to = a.from.AddDate(0, 1, -1)
	}
	name := []string{"Europe/Warsaw", "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"}[random.IntN(5)]
	a.zone, _ = time.LoadLocation(name)
	*w.now = a.to.AddDate(0, 0, random.IntN(4)-2).Add(time.Duration(random.IntN(24*60)) * time.Minute)
	filter := contact.Filter{
		Period:   contact.Period{Range: &contact.Range{From: a.from.Format("2006-01-02"), To: a.to.Format("2006-01-02")}},
		TimeZone: &name,
	}
	if random.IntN(4) == 0 {
		a.hours = [2]int{random.IntN(24), random.IntN(24)}
		if a.hours[0] != a.hours[1] {
			from, to := fmt.Sprintf("%02d:00", a.hours[0]), fmt.Sprintf("%02d:00", a.hours[1])
			filter.Hours = &contact.Hours{From: &from, To: &to}
		}
	}
	if random.IntN(5) == 0 {
		a.weekdays = []contact.Weekday{contact.Monday, contact.Sunday}
		filter.Weekdays = a.weekdays
	}
	if random.IntN(4) == 0 {
		filter.AgentIDs = []string{relay.EncodeID(relay.AgentKind, 1), relay.EncodeID(relay.AgentKind, 3)}
		a.rules = append(a.rules, func(r row) bool { return r.agent == 1 || r.agent == 3 })
	}
	if random.IntN(4) == 0 {
		filter.Outcomes = contact.LostOutcomes
		a.rules = append(a.rules, func(r row) bool { return strings.HasPrefix(r.outcome, "LOST") })
	}
	if random.IntN(3) == 0 {
		a.viewer = contact.Viewer{Reach: contact.Reach{Campaigns: []int64{1, 2}, AgentGroups: []int64{1}}}
		filter.AgentIDs = nil
		a.rules = slices.DeleteFunc(a.rules, func(rule func(row) bool) bool {
			return !rule(row{agent: 1, outcome: "LOST_IN_IVR"}) || rule(row{outcome: "LOST_IN_IVR", agent: 5}) != rule(row{agent: 1, outcome: "LOST_IN_IVR"})
		})
		a.rules = append(a.rules, func(r row) bool { return r.campaign == 1 || r.campaign == 2 || r.agent == 1 || r.agent == 2 })
	}
	a.question = summary.Question{Filter: filter, Total: true, Previous: true}
	for _, duration := range []plan.Duration{plan.OfTalk, plan.OfQueue, plan.OfAnswer} {
		a.question.Duration(duration, duration != plan.OfTalk && random.IntN(2) == 0)
	}
	a.question.Level(plan.Level{Seconds: 20, ShortAbandon: 5})
	a.question.Level(plan.Level{Seconds: 1 + random.IntN(30), ShortAbandon: random.IntN(12)})
	a.question.Short(5)
	for range 1 + random.IntN(3) {
		all := []summary.Dimension{
			summary.Day, summary.Week, summary.Month, summary.Hour, summary.HourOfDay, summary.DayOfWeek, summary.ByType, summary.ByStatus,
			summary.ByOutcome, summary.ByHangup, summary.ByCampaign, summary.ByQueue, summary.ByAgent, summary.ByClass,
		}
		var by []summary.Dimension
		calendars := 0
		for range 1 + random.IntN(2) {
			one := all[random.IntN(len(all))]
			isCalendar := slices.Index(all, one) < 4
			if slices.Contains(by, one) || isCalendar && calendars > 0 {
				continue
			}
			if isCalendar {
				calendars++
			}
			by = append(by, one)
		}
		a.question.Ask(summary.Grouping{By: by, First: 1 + random.IntN(40), Previous: random.IntN(2) == 0})
	}
	return a
}

// name is the group of a row, in words.
func (a *asked) name(by []summary.Dimension, r row) string {
	local := r.at.In(a.zone)
	var parts []string
	for _, one := range by {
		switch one {
		case summary.Hour:
			_, offset := local.Zone()
			parts = append(parts, local.Format("2006-01-02 15 ")+fmt.Sprint(offset))
		case summary.Day:
			parts = append(parts, local.Format("2006-01-02"))
		case summary.Week:
			parts = append(parts, local.AddDate(0, 0, -(int(local.Weekday())+6)%7).Format("w2006-01-02"))
		case summary.Month:
			parts = append(parts, local.Format("2006-01"))
		case summary.HourOfDay:
			parts = append(parts, local.Format("15h"))
		case summary.DayOfWeek:
			parts = append(parts, strings.ToUpper(local.Weekday().String()))
		case summary.ByType:
			parts = append(parts, r.kind)
		case summary.ByStatus:
			parts = append(parts, r.status)
		case summary.ByOutcome:
			parts = append(parts, r.outcome)
		case summary.ByHangup:
			parts = append(parts, r.hangup)
		case summary.ByCampaign:
			parts = append(parts, fmt.Sprint(r.campaign))
		case summary.ByQueue:
			parts = append(parts, fmt.Sprint(r.queue))
		case summary.ByAgent:
			parts = append(parts, fmt.Sprint(r.agent))
		case summary.ByClass:
			parts = append(parts, fmt.Sprint(r.class))
		}
	}
	return strings.Join(parts, "|")
}

// nameOf is the same of a group that was answered.
func (a *asked) nameOf(by []summary.Dimension, g *summary.Group) string {
	var parts []string
	text := func(given bool, value func() string) {
		if given {
			parts = append(parts, value())
		} else {
			parts = append(parts, "")
		}
	}
	number := func(given bool, value func() int64) {
		if given {
			parts = append(parts, fmt.Sprint(value()))
		} else {
			parts = append(parts, "0")
		}
	}
	for _, one := range by {
		switch one {
		case summary.Hour:
			local := g.Time.From.In(a.zone)
			_, offset := local.Zone()
			parts = append(parts, local.Format("2006-01-02 15 ")+fmt.Sprint(offset))
		case summary.Day:
			parts = append(parts, *g.Time.Date)
		case summary.Week:
			parts = append(parts, "w"+*g.Time.Date)
		case summary.Month:
			parts = append(parts, (*g.Time.Date)[:7])
		case summary.HourOfDay:
			parts = append(parts, fmt.Sprintf("%02dh", *g.Time.Hour))
		case summary.DayOfWeek:
			parts = append(parts, string(*g.Time.Weekday))
		case summary.ByType:
			text(g.Type != nil, func() string { return string(*g.Type) })
		case summary.ByStatus:
			text(g.Status != nil, func() string { return string(*g.Status) })
		case summary.ByOutcome:
			text(g.Outcome != nil, func() string { return string(*g.Outcome) })
		case summary.ByHangup:
			text(g.HangupParty != nil, func() string { return string(*g.HangupParty) })
		case summary.ByCampaign:
			number(g.Campaign != nil, func() int64 { return g.Campaign.ID })
		case summary.ByQueue:
			number(g.Queue != nil, func() int64 { return g.Queue.ID })
		case summary.ByAgent:
			number(g.Agent != nil, func() int64 { return g.Agent.ID })
		case summary.ByClass:
			number(g.Classifier != nil, func() int64 { return g.Classifier.ID })
		}
	}
	return strings.Join(parts, "|")
}

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
	var now, before []row
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
	for _, r := range w.rows {
		if a.seen(r) && a.within(r.at, a.from, a.to) {
			now = append(now, r)
		}
		if a.seen(r) && a.within(r.at, from, to) && r.at.Before(until) {
			before = append(before, r)
		}
	}
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
		if wrong := a.compareGroups(got.Groups(one.By, one.Order, one.First), one, now); wrong != "" {
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

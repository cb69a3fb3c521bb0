package summary_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/summary"
)

// asked is a random question with all that the oracle needs of it.
type asked struct {
	question summary.Question
	viewer   contact.Viewer
	from, to time.Time // days, as midnights of UTC
	zone     *time.Location
	hours    [2]int // none if equal
	weekdays []contact.Weekday
	rules    []rule
}

// rule is a criterion of the filter on a dimension, or what the viewer sees.
type rule struct {
	on    summary.Dimension
	holds func(row) bool
}

// seen says whether a row meets the rules but for those on a dimension, "" for none.
func (a *asked) seen(r row, but summary.Dimension) bool {
	for _, one := range a.rules {
		if (but == "" || one.on != but) && !one.holds(r) {
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
	a.restrict(random, &filter)
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
		a.question.Ask(summary.Grouping{By: by, Order: order(random), First: 1 + random.IntN(40), Previous: random.IntN(2) == 0})
	}
	if random.IntN(2) == 0 {
		facets := []summary.Dimension{summary.ByType, summary.ByStatus, summary.ByOutcome, summary.ByCampaign, summary.ByQueue, summary.ByAgent, summary.ByClass}
		a.question.Ask(summary.Grouping{By: []summary.Dimension{facets[random.IntN(len(facets))]}, First: 1 + random.IntN(10), Facet: true})
	}
	return a
}

// restrict adds criteria, and perhaps a viewer who does not see all.
func (a *asked) restrict(random *rand.Rand, filter *contact.Filter) {
	add := func(on summary.Dimension, holds func(row) bool) { a.rules = append(a.rules, rule{on, holds}) }
	if random.IntN(4) == 0 {
		filter.Outcomes = contact.LostOutcomes
		add(summary.ByOutcome, func(r row) bool { return strings.HasPrefix(r.outcome, "LOST") })
	}
	if random.IntN(5) == 0 {
		filter.Types = []contact.Type{contact.CampaignInboundCall, contact.Chat}
		add(summary.ByType, func(r row) bool { return r.kind == "CAMPAIGN_INBOUND_CALL" || r.kind == "CHAT" })
	}
	if random.IntN(5) == 0 {
		filter.Statuses = []contact.Status{contact.Answered}
		add(summary.ByStatus, func(r row) bool { return r.status == "ANSWERED" })
	}
	if random.IntN(3) == 0 {
		a.viewer = contact.Viewer{Reach: contact.Reach{Campaigns: []int64{1, 2}, AgentGroups: []int64{1}}}
		add("", func(r row) bool { return r.campaign == 1 || r.campaign == 2 || r.agent == 1 || r.agent == 2 })
		return
	}
	for _, one := range []struct {
		on   summary.Dimension
		kind relay.Kind
		ids  *[]string
		of   func(row) int
	}{
		{summary.ByAgent, relay.AgentKind, &filter.AgentIDs, func(r row) int { return r.agent }},
		{summary.ByCampaign, relay.CampaignKind, &filter.CampaignIDs, func(r row) int { return r.campaign }},
		{summary.ByQueue, relay.QueueKind, &filter.QueueIDs, func(r row) int { return r.queue }},
		{summary.ByClass, relay.ClassifierKind, &filter.ClassifierIDs, func(r row) int { return r.class }},
	} {
		if random.IntN(5) == 0 {
			*one.ids = []string{relay.EncodeID(one.kind, 1), relay.EncodeID(one.kind, 3)}
			add(one.on, func(r row) bool { return one.of(r) == 1 || one.of(r) == 3 })
		}
	}
}

// order is a random one, nil for that of the kind of groups.
func order(random *rand.Rand) *summary.Order {
	if random.IntN(2) == 0 {
		return nil
	}
	all := []summary.OrderField{summary.OrderByKey, summary.OrderByContacts, summary.OrderByLost, summary.OrderByLostRate, summary.OrderByReachedAgent, summary.OrderByQueueTime}
	return &summary.Order{By: all[random.IntN(len(all))], Direction: []contact.Direction{contact.Ascending, contact.Descending}[random.IntN(2)]}
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

package oracle

import (
	"fmt"
	"slices"
	"time"
	_ "time/tzdata"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
)

// zoneNames are zones with odd clocks: half-hour changes, changes at midnight in both directions and at one minute
// past it, quarter-hour offsets, a day that never was, the farthest ends of the earth.
var zoneNames = []string{
	"Europe/Warsaw", "Europe/Warsaw", "Europe/Warsaw", "UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
	"Pacific/Apia", "America/Havana", "Africa/Cairo", "Asia/Beirut", "America/St_Johns", "Africa/Casablanca",
	"Antarctica/Troll", "Pacific/Kiritimati", "Etc/GMT+12", "America/Nuuk",
}

// generate makes a world full of trouble. Equal arguments make equal worlds.
func generate(seed uint64, contacts int) *world { return generateAt(seed, contacts, nil) }

// generateCrowd makes a world in which all contacts start at a few moments, where days and windows of hours begin.
func generateCrowd(seed uint64, contacts int) *world {
	var moments []time.Time
	for _, midnight := range []time.Time{
		time.Date(2024, 3, 30, 0, 0, 0, 0, warsaw), time.Date(2024, 10, 26, 0, 0, 0, 0, warsaw), time.Date(2024, 6, 30, 0, 0, 0, 0, warsaw),
	} {
		for _, hours := range []time.Duration{0, 1, 2, 6, 22, 24, 25, 26, 27, 46, 48, 70} {
			moments = append(moments, midnight.Add(hours*time.Hour))
		}
		moments = append(moments, midnight.Add(-time.Microsecond), midnight.Add(6*time.Hour-time.Microsecond))
	}
	return generateAt(seed, contacts, moments)
}

func generateAt(seed uint64, contacts int, moments []time.Time) *world {
	g := generator{dice: newDice(seed, 0), w: &world{byID: map[int64]*row{}}, until: contacts, moments: moments}
	for _, name := range zoneNames {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		g.w.zones = append(g.w.zones, zone)
	}
	g.findTroubledInstants()
	g.makeDimensions()
	for i := range contacts {
		g.makeContact(i)
	}
	return g.w
}

type generator struct {
	dice
	w     *world
	until int
	// moments are the only starts, where there are any.
	moments   []time.Time
	troubled  []time.Time
	addresses []string
}

// findTroubledInstants collects the clock changes of all zones in 2024 and some famous ones, and borders of months.
func (g *generator) findTroubledInstants() {
	for _, zone := range g.w.zones {
		for _, around := range []time.Time{
			time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2011, 10, 20, 0, 0, 0, 0, time.UTC),
		} {
			end := around.AddDate(1, 0, 0)
			if around.Year() == 2011 {
				end = time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			for at := around; at.Before(end); {
				_, change := at.In(zone).ZoneBounds()
				if change.IsZero() || change.After(end) {
					break
				}
				g.troubled = append(g.troubled, change)
				at = change.Add(time.Second)
			}
		}
		for month := time.January; month <= time.December; month++ {
			g.troubled = append(g.troubled, time.Date(2024, month, 1, 0, 0, 0, 0, zone))
		}
	}
	warsaw := g.w.zones[0]
	g.troubled = append(g.troubled,
		time.Date(1900, 1, 1, 0, 0, 0, 0, warsaw),    // local mean time, an offset with odd minutes
		time.Date(1915, 8, 5, 0, 0, 0, 0, warsaw),    // the end of it
		time.Date(2999, 12, 31, 12, 0, 0, 0, warsaw)) // the last day that a report can ask for
}

func (g *generator) makeDimensions() {
	number := func(n int) []int64 {
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = int64(i*3 + 2)
		}
		return ids
	}
	deleted := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, id := range number(40) {
		g.w.agents = append(g.w.agents, directory.Agent{
			ID: id, ExternalID: fmt.Sprintf("agent-%d", id), Name: fmt.Sprintf("Agent Żółw %d", id), DeletedAt: maybe(g.dice, 25, deleted),
		})
	}
	g.w.campaigns, g.w.queues, g.w.classifiers = number(14), number(9), number(12)
	g.w.siteCalls, g.w.records = number(5), number(300)
	for i := range 80 {
		g.w.tickets = append(g.w.tickets, pick(g.dice, []string{"T-%d", "%d", "Zgłoszenie %d/2024", "'%d'", "\\%d"}))
		g.w.tickets[i] = fmt.Sprintf(g.w.tickets[i], i)
	}
	g.addresses = addressBook(g.dice, 150)
	g.makeGroups()
}

// makeGroups makes overlapping groups, one of everybody, one of deleted agents alone, and two of nobody.
func (g *generator) makeGroups() {
	for i := range 9 {
		var members []int64
		for _, agent := range g.w.agents {
			switch {
			case i < 6 && g.chance(20), i == 6, i == 7 && agent.DeletedAt != nil:
				members = append(members, agent.ID)
			}
		}
		g.w.groups = append(g.w.groups, group{id: int64(i*2 + 1), members: members})
	}
	g.w.groups = append(g.w.groups, group{id: 99})
}

func (g *generator) makeContact(i int) {
	r := &row{Contact: contact.Contact{
		ID: g.freshID(), StartedAt: g.start(), ExternalID: fmt.Sprintf("C-%d", i),
		Type: skewed(g.dice, contact.Types), Status: skewed(g.dice, contact.Statuses),
		HangupParty:     maybe(g.dice, 50, pick(g.dice, contact.HangupParties)),
		CampaignID:      maybe(g.dice, 70, skewed(g.dice, g.w.campaigns)),
		AgentID:         maybe(g.dice, 60, skewed(g.dice, identifiers(g.w.agents))),
		QueueID:         maybe(g.dice, 40, skewed(g.dice, g.w.queues)),
		ClassifierID:    maybe(g.dice, 40, skewed(g.dice, g.w.classifiers)),
		SiteCallID:      maybe(g.dice, 10, pick(g.dice, g.w.siteCalls)),
		RecordID:        maybe(g.dice, 50, skewed(g.dice, g.w.records)),
		TicketID:        maybe(g.dice, 25, skewed(g.dice, g.w.tickets)),
		SiteCallOrderID: maybe(g.dice, 10, fmt.Sprintf("order-%d", g.IntN(50))),
		IVRTime:         maybe(g.dice, 50, g.seconds()),
		RingTime:        maybe(g.dice, 40, g.seconds()),
		AgentTalkTime:   maybe(g.dice, 50, g.seconds()),
		SourceAddress:   maybe(g.dice, 85, g.address()), DestinationAddress: maybe(g.dice, 85, g.address()),
		ToAddresses: g.copies(), CCAddresses: g.copies(), BCCAddresses: g.copies(),
	}}
	switch {
	case len(g.w.rows) > 100 && g.chance(20):
		g.again(r)
	case g.chance(1) && g.moments == nil: // who calls 40 times
		r.Type, r.SourceAddress = contact.CampaignInboundCall, pointer(spell(g.dice, "+48600700800"))
		r.StartedAt = time.Date(2024, 5, 28, 8, 0, 0, 0, time.UTC).Add(time.Duration(g.IntN(10*24*3600)) * time.Second)
	}
	r.steps = g.steps(r)
	if r.details = g.details(r); r.details != nil {
		r.DetailsKind = r.details.Kind()
	}
	g.w.add(r)
}

// freshID gives ids in no relation to time, some beyond 32 bits.
func (g *generator) freshID() int64 {
	for {
		id := 1 + g.Int64N(int64(g.until)*4)
		if g.chance(10) {
			id += 1 << 40
		}
		if g.w.byID[id] == nil {
			return id
		}
	}
}

// start gives instants that lie on borders, near them, at the very moment of another contact, or anywhere.
func (g *generator) start() time.Time {
	const hour = int64(time.Hour)
	if g.moments != nil {
		return pick(g.dice, g.moments).UTC()
	}
	var at time.Time
	switch roll := g.IntN(100); {
	case roll < 20 && len(g.w.rows) > 0:
		return pick(g.dice, g.w.rows).StartedAt
	case roll < 45:
		at = pick(g.dice, g.troubled).Add(time.Duration(g.Int64N(6*hour) - 3*hour)).Truncate(pick(g.dice, []time.Duration{time.Microsecond, time.Minute, 10 * time.Minute}))
	case roll < 60:
		at = pick(g.dice, g.troubled).Add(time.Duration(g.IntN(49)-24) * 30 * time.Minute)
	case roll < 75:
		at = time.Date(2024, 1, 1+g.IntN(366), g.IntN(24), 15*g.IntN(4), 0, 0, pick(g.dice, g.w.zones))
	default:
		at = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(g.Int64N(366*24*hour) / 1000 * 1000))
	}
	return at.Add(pick(g.dice, []time.Duration{0, 0, 0, time.Microsecond, -time.Microsecond, time.Second})).UTC()
}

// seconds gives few different durations, so that most are shared.
func (g *generator) seconds() int {
	return pick(g.dice, []int{0, 0, 1, 5, 30, 30, 60, g.IntN(40), g.IntN(3600), 86_400, 1_000_000})
}

func (g *generator) address() string {
	if g.chance(8) {
		return pick(g.dice, oddAddresses)
	}
	return spell(g.dice, skewed(g.dice, g.addresses))
}

func (g *generator) copies() []string {
	copies := []string{}
	for g.chance(15) {
		odd := pick(g.dice, []string{"Kopia <kopia@example.com>", `z "cudzysłowem"@example.com`, "a,b{c}@example.com", "NULL"})
		copies = append(copies, pick(g.dice, []string{odd, g.address(), g.address()}))
	}
	return copies
}

func (g *generator) steps(r *row) []step {
	if r.Type != contact.CampaignInboundCall && g.chance(90) {
		return nil
	}
	var steps []step
	at := r.StartedAt
	for range g.IntN(6) {
		left := at.Add(time.Duration(g.IntN(60)) * time.Second)
		steps = append(steps, step{
			name: fmt.Sprintf("Kafelek %d", g.IntN(9)), kind: pick(g.dice, contact.StepKinds),
			choice: maybe(g.dice, 40, fmt.Sprint(g.IntN(10))), entered: at, left: maybe(g.dice, 90, left),
		})
		at = left
	}
	return steps
}

func (g *generator) details(r *row) *contact.DetailsContent {
	if g.chance(70) {
		return nil
	}
	return pick(g.dice, []*contact.DetailsContent{
		{Recording: &contact.Recording{Path: "nagrania/" + r.ExternalID, Seconds: maybe(g.dice, 50, g.seconds())}},
		{Email: &contact.Email{Subject: "Żółć", Body: "a\nb", Attachments: []contact.Attachment{{Name: "cennik.pdf", Size: 1 << 40}}}},
		{Chat: &contact.ChatLog{Messages: []contact.ChatMessage{{At: r.StartedAt, Author: "Agent", Text: "Dzień dobry"}}}},
		{SMS: &contact.SMS{Text: r.ExternalID}},
	})
}

// months are the months, in UTC, in which contacts start.
func (w *world) months() []time.Time {
	var months []time.Time
	for _, r := range w.rows {
		months = append(months, time.Date(r.StartedAt.Year(), r.StartedAt.Month(), 1, 0, 0, 0, 0, time.UTC))
	}
	slices.SortFunc(months, time.Time.Compare)
	return slices.CompactFunc(months, time.Time.Equal)
}

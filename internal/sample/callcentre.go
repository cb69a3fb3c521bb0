package sample

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/holiday"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// callCentre is everything that contacts point at but clients: who works there, and what for. But for how many there
// are and when agents left, it is the same for every seed, so that several sets of data share one call centre.
type callCentre struct {
	size        size
	agents      []agent
	campaigns   []campaign
	queues      []format.Named
	classifiers []format.Named
	siteCalls   []format.Named

	// busiestCampaign draws campaigns, busiestSiteCall forms, busiestClassifier what sums a talk up.
	busiestCampaign, busiestSiteCall, busiestClassifier wheel
	// unanswered are indexes of the classifiers that say that nobody answered.
	unanswered []int
	// everyone draws agents of any team.
	everyone wheel

	queueRefs, classifierRefs, siteCallRefs []*format.Reference
}

type agent struct {
	format.Agent
	reference *format.Reference
	// extension is the internal number, direct the number that clients can call, mobile that of the mobile app.
	extension, direct, mobile string
	email                     string
}

type campaign struct {
	format.Named
	index     int
	reference *format.Reference
	number    string
	mailbox   string
	// significant is the name of the significant field of the campaign's records, empty for none.
	significant string
	// opens and closes are local hours on working days; a campaign that works around the clock has 0 and 24.
	opens, closes int
	// queues are indexes of the call centre's queues, in the order of the menu's digits.
	queues []int
	// team are indexes of agents, drawn by shift.
	team  []int
	shift wheel
	// dialsSurveys says that the campaign dials automatic surveys.
	dialsSurveys bool
}

func newCallCentre(s size, first, until time.Time) *callCentre {
	c := &callCentre{
		size:            s,
		busiestCampaign: zipf(s.campaigns, 0),
		busiestSiteCall: zipf(s.siteCalls, 0),
		everyone:        zipf(s.agents, 4),
	}
	for i := range s.agents {
		c.agents = append(c.agents, newAgent(i, s, first, until))
	}
	for i := range s.queues {
		of, place := queueOf(i, s), 0
		for j := range i {
			if queueOf(j, s) == of {
				place++
			}
		}
		c.queues = append(c.queues, format.Named{
			ExternalID: fmt.Sprintf("q-%03d", i+1),
			Name:       campaignName(of) + ": " + queueNames[place%len(queueNames)],
		})
	}
	weights := make([]int, s.classifiers)
	for i := range s.classifiers {
		if slices.Contains(unansweredClassifiers, i%len(classifierNames)) {
			c.unanswered = append(c.unanswered, i)
		} else {
			weights[i] = 1000 / (i + 2)
		}
		c.classifiers = append(c.classifiers, format.Named{
			ExternalID: fmt.Sprintf("kl-%02d", i+1),
			Name:       classifierNames[i%len(classifierNames)] + classifierForms[i/len(classifierNames)],
		})
	}
	c.busiestClassifier = wheelOf(weights...)
	for i := range s.siteCalls {
		c.siteCalls = append(c.siteCalls, format.Named{
			ExternalID: fmt.Sprintf("sc-%02d", i+1),
			Name:       siteCallNames[i%len(siteCallNames)] + siteCallForms[i/len(siteCallNames)],
		})
	}
	c.queueRefs, c.classifierRefs, c.siteCallRefs = references(c.queues), references(c.classifiers), references(c.siteCalls)
	for i := range s.campaigns {
		c.campaigns = append(c.campaigns, c.newCampaign(i))
	}
	return c
}

// queueOf is the campaign of a queue: the first queues go round the campaigns, the others to the busier half.
func queueOf(i int, s size) int {
	if i < s.campaigns {
		return i
	}
	return (i - s.campaigns) % ((s.campaigns + 1) / 2)
}

func references(list []format.Named) []*format.Reference {
	refs := make([]*format.Reference, len(list))
	for i, named := range list {
		refs[i] = &format.Reference{ExternalID: named.ExternalID, Name: &named.Name}
	}
	return refs
}

func newAgent(i int, s size, first, until time.Time) agent {
	r := randomOf(saltAgent, uint64(i))
	var name string
	// The stride walks over all pairs of a first name and a surname before one comes again.
	surname := surnames[(i*29)%len(surnames)]
	if i%5 < 3 {
		name = womenNames[i%len(womenNames)] + " " + surname[1]
	} else {
		name = menNames[i%len(menNames)] + " " + surname[0]
	}
	login := strings.ToLower(plain(name))
	given, family, _ := strings.Cut(login, " ")
	login = given[:1] + "." + family
	if i >= len(surnames) {
		login = fmt.Sprintf("%s%d", login, i/len(surnames)+1)
	}
	a := agent{
		Agent:     format.Agent{ExternalID: login, Name: name, Groups: []string{groupName(i % s.groups)}},
		extension: fmt.Sprintf("%d", 201+i),
		direct:    fmt.Sprintf("+482250%05d", 20000+i),
		mobile:    fmt.Sprintf("+48%s", mobileNumber(&r)),
		email:     login + "@bok.example.com",
	}
	if second := groupName((i*7 + 3) % s.groups); r.chance(350) && second != a.Groups[0] {
		a.Groups = append(a.Groups, second)
	}
	// Every tenth or so has left; the first ones, who take most contacts, stay.
	if (i+1)*s.deleted/s.agents > i*s.deleted/s.agents {
		left := first.Add(until.Sub(first) / 8 * time.Duration(r.between(2, 7))).Truncate(time.Hour)
		a.DeletedAt = &left
	}
	a.reference = &format.Reference{ExternalID: a.ExternalID, Name: &a.Name}
	return a
}

func (c *callCentre) newCampaign(i int) campaign {
	p := campaign{
		Named:        format.Named{ExternalID: fmt.Sprintf("k-%02d", i+1), Name: campaignName(i)},
		index:        i,
		number:       fmt.Sprintf("+48221%06d", 101+i),
		mailbox:      fmt.Sprintf("kampania%02d@bok.example.com", i+1),
		significant:  significantFields[i%len(significantFields)],
		opens:        8,
		closes:       16 + 2*(i%3),
		dialsSurveys: i%6 == 5,
	}
	if i%4 == 0 {
		p.opens, p.closes = 0, 24
	}
	p.reference = &format.Reference{ExternalID: p.ExternalID, Name: &p.Name}
	for j := range c.queues {
		if queueOf(j, c.size) == i {
			p.queues = append(p.queues, j)
		}
	}
	// Two groups serve a campaign.
	for j := range c.agents {
		for _, group := range c.agents[j].Groups {
			if group == groupName(i%c.size.groups) || group == groupName((i+1)%c.size.groups) {
				p.team = append(p.team, j)
				break
			}
		}
	}
	p.shift = zipf(len(p.team), 3)
	return p
}

// on is the agent drawn, or the next of the team who has not left by then.
func (c *callCentre) on(r *random, p *campaign, at time.Time) *agent {
	place := p.shift.draw(r)
	for range p.team {
		if a := &c.agents[p.team[place]]; a.DeletedAt == nil || at.Before(*a.DeletedAt) {
			return a
		}
		place = (place + 1) % len(p.team)
	}
	return c.anyone(r, at)
}

// anyone is an agent of any team who has not left by then; the first one never leaves.
func (c *callCentre) anyone(r *random, at time.Time) *agent {
	for i := c.everyone.draw(r); ; i = (i + 1) % len(c.agents) {
		if a := &c.agents[i]; a.DeletedAt == nil || at.Before(*a.DeletedAt) {
			return a
		}
	}
}

// open tells whether the campaign takes calls at an hour.
func (p *campaign) open(local time.Time) bool {
	if p.closes-p.opens == 24 {
		return true
	}
	weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
	return !weekend && !holiday.InPoland(local) && local.Hour() >= p.opens && local.Hour() < p.closes
}

func campaignName(i int) string {
	return campaignNames[i%len(campaignNames)] + regions[i/len(campaignNames)]
}

func groupName(i int) string { return groupNames[i%len(groupNames)] + regions[i/len(groupNames)] }

var polishLetters = strings.NewReplacer(
	"ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z",
	"Ą", "A", "Ć", "C", "Ę", "E", "Ł", "L", "Ń", "N", "Ó", "O", "Ś", "S", "Ź", "Z", "Ż", "Z",
)

// plain writes Polish letters without their marks, as logins and e-mail addresses do.
func plain(s string) string { return polishLetters.Replace(s) }

package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// restriction is a kind of principal: what it is granted, and which contacts that is.
type restriction struct {
	name   string
	grants access.Grants
	sees   func(campaign, agent string) bool
	// agents are those whose contacts it sees whatever their campaign, with their groups.
	agents map[string][]string
}

var (
	firstLine  = []string{"anna", "marek"}
	secondLine = []string{"marek", "zofia", "deleted"}
)

// restrictions are those that hide something.
var restrictions = []restriction{
	{
		name: "campaigns", grants: access.Grants{Campaigns: []string{"c-1", "c-2"}},
		sees:   func(campaign, _ string) bool { return campaign == "c-1" || campaign == "c-2" },
		agents: map[string][]string{"deleted": {"second"}},
	},
	{
		name: "agent groups", grants: access.Grants{AgentGroups: []string{"first", "second", "no such group"}},
		sees: func(_, agent string) bool {
			return slices.Contains(firstLine, agent) || slices.Contains(secondLine, agent)
		},
		agents: map[string][]string{"anna": {"first"}, "marek": {"first", "second"}, "zofia": {"second"}, "deleted": {"second"}},
	},
	{
		name: "own agent", grants: access.Grants{Agent: "deleted"},
		sees:   func(_, agent string) bool { return agent == "deleted" },
		agents: map[string][]string{"deleted": nil},
	},
	{
		name: "union", grants: access.Grants{Campaigns: []string{"c-3", "no such campaign"}, AgentGroups: []string{"first"}, Agent: "zofia"},
		sees: func(campaign, agent string) bool {
			return campaign == "c-3" || slices.Contains(firstLine, agent) || agent == "zofia"
		},
		agents: map[string][]string{"anna": {"first"}, "marek": {"first"}, "zofia": nil, "deleted": nil},
	},
	{name: "nothing", sees: func(string, string) bool { return false }},
}

// population draws the lines of an import. Equal seeds give equal lines.
type population struct {
	random *rand.Rand
	restriction
	// foreign marks what is named for this one database alone.
	foreign string
	made    int
}

func newPopulation(r restriction, foreign string, seed uint64) *population {
	return &population{random: rand.New(rand.NewPCG(seed, 7)), restriction: r, foreign: foreign}
}

// The small things that contacts of both databases point at, in reach or not.
var (
	allCampaigns = []string{"", "c-1", "c-2", "c-3", "c-4"}
	allAgents    = []string{"", "anna", "marek", "zofia", "deleted", "ewa"}
)

// seen are lines of contacts that are in reach: equal in both databases.
func (p *population) seen(contacts int) []any {
	var lines []any
	for _, agent := range slices.Sorted(maps.Keys(p.agents)) {
		lines = append(lines, p.agent(agent, p.agents[agent]))
	}
	for range contacts {
		campaign, agent := p.pick(allCampaigns), p.pick(allAgents)
		for !p.sees(campaign, agent) {
			campaign, agent = p.pick(allCampaigns), p.pick(allAgents)
		}
		lines = append(lines, p.contact("s", campaign, agent, ""))
	}
	return lines
}

// strangers are lines of contacts that are out of reach and point at nothing but what is named for this database alone,
// so that equal numbers of them make equal numbers of things.
func (p *population) strangers(contacts int) []any {
	lines := []any{
		p.agent("agent-"+p.foreign, []string{"group-" + p.foreign, "another-" + p.foreign}),
		// Who is in reach is in further groups too.
		p.agent("anna", append(slices.Clone(p.agents["anna"]), "group-"+p.foreign)),
	}
	for i := range contacts {
		foreign := fmt.Sprintf("%s%d", p.foreign, i%3)
		lines = append(lines, p.contact("x-"+p.foreign, "c-"+foreign, "agent-"+p.foreign, foreign))
	}
	return lines
}

// unseen are lines of contacts that are out of reach and point at what is in reach, too.
func (p *population) unseen(contacts int) []any {
	var lines []any
	for range contacts {
		campaign, agent := p.pick(allCampaigns), p.pick(allAgents)
		for p.sees(campaign, agent) {
			campaign, agent = p.pick(allCampaigns), p.pick(allAgents)
		}
		lines = append(lines, nameless(p.contact("x-"+p.foreign, campaign, agent, "").(map[string]any)))
	}
	return append(lines, p.strangers(contacts/3)...)
}

// nameless takes the names of what a contact points at away, since those that were true last are everybody's.
func nameless(one map[string]any) map[string]any {
	for _, field := range fieldsOfThings {
		if thing, ok := one[field].(map[string]any); ok {
			delete(thing, "name")
			delete(thing, "significantField")
		}
	}
	return one
}

func (p *population) pick(from []string) string { return from[p.random.IntN(len(from))] }

func (p *population) agent(externalID string, groups []string) any {
	line := map[string]any{"kind": "agent", "externalId": externalID, "name": "Agent " + externalID, "groups": append([]string{}, groups...), "deletedAt": nil}
	if externalID == "deleted" {
		line["deletedAt"] = "2024-03-20T12:00:00+01:00"
	}
	return line
}

// contact draws one. What is foreign it points at, if anything.
func (p *population) contact(prefix, campaign, agent, foreign string) any {
	p.made++
	day := 1 + p.random.IntN(31)
	started := time.Date(2024, 3, day, 6+p.random.IntN(4)*4, p.random.IntN(3)*20, 0, 0, time.UTC)
	c := map[string]any{
		"externalId": fmt.Sprintf("%s-%d", prefix, p.made), "startedAt": started.Format(time.RFC3339),
		"type": contact.Types[p.random.IntN(len(contact.Types))], "status": contact.Statuses[p.random.IntN(len(contact.Statuses))],
		"sourceAddress": p.pick(addresses), "destinationAddress": p.pick(addresses),
	}
	thing := func(field, kind string, in int) {
		if p.random.IntN(in) == 0 && foreign == "" {
			return
		}
		externalID := fmt.Sprintf("%s-%d", kind, p.random.IntN(3))
		if foreign != "" {
			externalID = kind + "-" + foreign
		}
		c[field] = map[string]any{"externalId": externalID, "name": "Nazwa " + externalID}
	}
	thing("queue", "q", 2)
	thing("classifier", "k", 2)
	thing("siteCall", "f", 3)
	for field, externalID := range map[string]string{"campaign": campaign, "agent": agent} {
		if externalID != "" {
			c[field] = map[string]any{"externalId": externalID, "name": "Agent " + externalID}
			if field == "campaign" {
				c[field] = map[string]any{"externalId": externalID, "name": "Kampania " + externalID}
			}
		}
	}
	if p.random.IntN(2) == 0 || foreign != "" {
		externalID := fmt.Sprintf("r-%d", p.random.IntN(15))
		if foreign != "" {
			externalID = "r-" + foreign
		}
		c["record"] = map[string]any{"externalId": externalID, "significantField": map[string]any{"name": "Firma", "value": "Firma " + externalID}}
	}
	if p.random.IntN(3) == 0 {
		c["ticketId"] = p.pick(tickets)
	}
	if p.random.IntN(2) == 0 {
		// What both see and what is foreign to one belong to the same conversations.
		c["conversationId"], c["holdTime"], c["wrapUpTime"] = p.pick(tickets), p.random.IntN(60), p.random.IntN(60)
	}
	if c["type"] == contact.Other {
		c["channel"] = p.pick([]string{"FAX", "TASK"})
	}
	for _, field := range []string{"ivrTime", "ringTime", "agentTalkTime"} {
		if p.random.IntN(2) == 0 {
			c[field] = p.random.IntN(5) * 30
		}
	}
	if p.random.IntN(2) == 0 {
		c["hangupParty"], c["siteCallOrderId"] = contact.HangupParties[p.random.IntN(len(contact.HangupParties))], "o-1"
		c["toAddresses"] = []string{p.pick(addresses), p.pick(addresses)}
		c["ccAddresses"], c["bccAddresses"] = []string{p.pick(addresses)}, []string{p.pick(addresses)}
	}
	if p.random.IntN(2) == 0 {
		tile := func(name, kind string, entered, left int) any {
			at := func(second int) string { return started.Add(time.Duration(second) * time.Second).Format(time.RFC3339) }
			return map[string]any{"name": name, "kind": kind, "choice": "2", "enteredAt": at(entered), "leftAt": at(left)}
		}
		way := []any{tile("Menu", "MENU", 0, 5), tile("Kolejka", "QUEUE", 5, 5+p.random.IntN(30)), tile("Agent", "AGENT", 40, 100)}
		c["ivrSteps"] = way[:1+p.random.IntN(len(way))]
	}
	c["details"] = []any{
		nil,
		map[string]any{"recording": map[string]any{"path": fmt.Sprintf("%s/%d.wav", prefix, p.made), "seconds": p.made}},
		map[string]any{"email": map[string]any{"subject": "Temat", "body": fmt.Sprint("Treść ", prefix, p.made), "attachments": []any{map[string]any{"name": "a.pdf", "size": p.made}}}},
		map[string]any{"chat": map[string]any{"messages": []any{map[string]any{"at": started.Format(time.RFC3339), "author": "Klient", "text": fmt.Sprint("Halo ", prefix, p.made)}}}},
		map[string]any{"sms": map[string]any{"text": fmt.Sprint("SMS ", prefix, p.made)}},
	}[p.random.IntN(5)]
	return c
}

var (
	addresses = []string{"+48 501 723 894", "+48221000101", "101", "biuro@example.com", "Jan.Kowalski@example.com", "+48600000001", "zastrzeżony"}
	tickets   = []string{"T-1", "T-2", "T-3"}
)

// takeLines imports lines.
func (s *site) takeLines(t *testing.T, lines []any) {
	t.Helper()
	s.takeLinesFrom(t, lines, ingest.Starts{})
}

// takeLinesFrom imports lines of contacts that start within some bounds.
func (s *site) takeLinesFrom(t *testing.T, lines []any, starts ingest.Starts) {
	t.Helper()
	var file strings.Builder
	for _, line := range lines {
		file.Write(must(json.Marshal(line)))
		file.WriteByte('\n')
	}
	report := func(f format.Fault) { t.Errorf("an imported line: %v", &f) }
	if _, err := ingest.Import(t.Context(), s.database.Pool, strings.NewReader(file.String()), ingest.Config{Faulty: report, Starts: starts}); err != nil {
		t.Fatal(err)
	}
	s.refresh(t)
}

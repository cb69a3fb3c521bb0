package graph_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/access"
)

// writer records contacts in both twins, as an unrestricted principal does: alike what the viewer sees, and in each as it
// comes what the viewer does not see. Its external ids are few, so that it mostly replaces.
type writer struct {
	twins  *twins
	random *rand.Rand
	keys   [2]string
	shared *population
	hidden [2]*population
	// named counts how often a thing that both twins have was renamed, by its field and external id.
	named    map[string]int
	revision int
	// sent are the contacts in reach as they were last sent, by their external ids.
	sent map[string]map[string]any
	// apart says that the sequences of the twins may differ.
	apart bool
	// writes counts what was sent, by what it was for.
	writes map[string]int
}

func newWriter(t *testing.T, w *twins, seed uint64) *writer {
	t.Helper()
	all := access.Grants{Unrestricted: true}
	r := &writer{
		twins: w, random: rand.New(rand.NewPCG(seed, 13)), shared: newPopulation(w.restriction, "", seed+20),
		hidden: [2]*population{newPopulation(w.restriction, "left", seed+21), newPopulation(w.restriction, "right", seed+22)},
		named:  map[string]int{}, sent: map[string]map[string]any{}, apart: true, writes: map[string]int{},
	}
	for i, s := range w.sites {
		r.keys[i] = s.newKey(t, all, access.ScopeRead, access.ScopeWrite)
	}
	return r
}

// write records a few contacts in both, and says whether what it recorded in both alike was answered alike.
func (r *writer) write(t *testing.T) bool {
	t.Helper()
	kind := []string{"shared", "shared", "leaving", "foreign", "foreign"}[r.random.IntN(5)]
	switch {
	case r.twins.grants.Unrestricted:
		kind = "shared"
	case r.twins.name == "nothing":
		kind = []string{"leaving", "foreign"}[r.random.IntN(2)]
	}
	r.writes[kind]++
	var contacts [2][]any
	switch kind {
	case "shared":
		for range 1 + r.random.IntN(3) {
			contacts[0] = append(contacts[0], r.seen())
		}
		contacts[1] = contacts[0]
	case "leaving": // or never in reach
		externalID := r.externalID()
		delete(r.sent, externalID)
		r.revision++
		renamed := map[string]any{}
		if r.once(3) { // whoever records may rename what the viewer sees through a contact that it does not see: the latest one names
			renamed["startedAt"] = fmt.Sprintf("2024-03-%02dT09:00:00Z", 1+r.random.IntN(31))
			renamed["ivrSteps"], renamed["details"] = nil, nil
			for field, prefix := range map[string]string{"queue": "q", "record": "r"} {
				thing := map[string]any{"externalId": fmt.Sprintf("%s-%d", prefix, r.revision%3)}
				r.named[field+" "+thing["externalId"].(string)]++
				r.call(field, thing)
				renamed[field] = thing
			}
		}
		for i := range contacts {
			one := r.unseen(i)
			one["externalId"], one["revision"] = externalID, r.revision
			maps.Copy(one, renamed)
			contacts[i] = []any{one}
		}
	default:
		for i := range contacts {
			for range r.random.IntN(4) {
				contacts[i] = append(contacts[i], r.unseen(i))
			}
		}
	}
	if kind != "foreign" && r.apart {
		r.align(t)
	}
	r.apart = r.apart || kind != "shared"
	answers := r.record(t, contacts, kind == "shared")
	if kind == "shared" && answers[0] != answers[1] {
		t.Errorf("the twins answer who records %v with\n%s\nand\n%s", contacts[0], answers[0], answers[1])
		return false
	}
	return true
}

// record sends contacts to both twins, whose directories then hold what changed. They may be refused for a reference that
// is not known.
func (r *writer) record(t *testing.T, contacts [2][]any, refused bool) (answers [2]string) {
	t.Helper()
	const document = `mutation($c: [ContactInput!]!) {recordContacts(input: {contacts: $c})
		{recorded replaced unchanged stale contacts {id externalId record {id} agent {id name} campaign {id} queue {id}}}}`
	for i, s := range r.twins.sites {
		if len(contacts[i]) == 0 {
			continue
		}
		_, answers[i] = r.twins.ask(t, s, r.keys[i], payload(document, map[string]any{"c": contacts[i]}))
		answers[i], _, _ = strings.Cut(answers[i], `,"extensions":{"cost"`) // what is left to spend is not alike: it recorded more in one
		if !strings.Contains(answers[i], `"recorded":`) && !(refused && strings.Contains(answers[i], "INVALID_CONTACT")) {
			t.Fatalf("recording %v is answered %s", contacts[i], answers[i])
		}
		s.refresh(t)
	}
	return answers
}

func (r *writer) externalID() string { return fmt.Sprintf("w-%d", r.random.IntN(150)) }

func (r *writer) once(in int) bool { return r.random.IntN(in) == 0 }

// seen draws a contact in reach, or one that is refused, for both.
func (r *writer) seen() map[string]any {
	externalID := r.externalID()
	if last, ok := r.sent[externalID]; ok && r.once(4) {
		if r.once(2) {
			return last
		}
		stale := r.inReach(externalID)
		stale["revision"] = last["revision"].(int) - r.random.IntN(2) // or another word of the same revision
		return stale
	}
	one := r.inReach(externalID)
	r.revision++
	one["revision"] = r.revision
	if r.once(25) {
		one["agent"] = map[string]any{"externalId": "not known and without a name"}
		return one
	}
	r.sent[externalID] = one
	return one
}

func (r *writer) inReach(externalID string) map[string]any {
	p := r.shared
	campaign, agent := r.drawn(allCampaigns, "c-n"), r.drawn(allAgents, "agent-n")
	for !p.sees(campaign, agent) {
		campaign, agent = r.drawn(allCampaigns, "c-n"), r.drawn(allAgents, "agent-n")
	}
	one := p.contact("s", campaign, agent, "").(map[string]any)
	one["externalId"] = externalID
	for field, prefix := range map[string]string{"queue": "q-n", "classifier": "k-n", "siteCall": "f-n", "record": "r-n"} {
		if r.once(8) {
			one[field] = map[string]any{"externalId": fmt.Sprint(prefix, r.random.IntN(10))}
		}
	}
	for _, field := range fieldsOfThings {
		if thing, ok := one[field].(map[string]any); ok {
			if r.once(30) {
				r.named[field+" "+thing["externalId"].(string)]++
			}
			r.call(field, thing)
		}
	}
	return one
}

// drawn is mostly one of those that are there from the beginning.
func (r *writer) drawn(from []string, prefix string) string {
	if r.once(12) {
		return fmt.Sprint(prefix, r.random.IntN(5))
	}
	return from[r.random.IntN(len(from))]
}

// fieldsOfThings are those of a contact that name something, in the order in which names are drawn.
var fieldsOfThings = []string{"agent", "campaign", "classifier", "queue", "record", "siteCall"}

// call gives a thing that both twins have the name that it has at the moment.
func (r *writer) call(field string, thing map[string]any) {
	externalID := thing["externalId"].(string)
	times := r.named[field+" "+externalID]
	name := map[string]string{"agent": "Agent ", "campaign": "Kampania "}[field]
	if name == "" {
		name = "Nazwa "
	}
	if name += externalID; times > 0 {
		name = fmt.Sprint(name, " ", times)
	}
	switch {
	case field != "record":
		thing["name"] = name
	case times%5 == 4:
		thing["significantField"] = nil
	case times == 0:
		thing["significantField"] = map[string]any{"name": "Firma", "value": "Firma " + externalID}
	default:
		thing["significantField"] = map[string]any{"name": "Firma", "value": name}
	}
}

// unseen draws a contact out of reach for one twin: it points at what both have, without renaming it, or at what this one
// alone has, by a name that is drawn.
func (r *writer) unseen(i int) map[string]any {
	p := r.hidden[i]
	foreign := ""
	campaign, agent := p.pick(allCampaigns), p.pick(allAgents)
	for p.sees(campaign, agent) && r.twins.name != "nothing" {
		campaign, agent = p.pick(allCampaigns), p.pick(allAgents)
	}
	if p.random.IntN(2) == 0 {
		foreign = fmt.Sprint(p.foreign, p.random.IntN(8))
		campaign, agent = "c-"+foreign, "agent-"+p.foreign
	}
	one := p.contact("x", campaign, agent, foreign).(map[string]any)
	one["externalId"], one["revision"] = fmt.Sprintf("x-%s-%d", p.foreign, p.random.IntN(100)), p.random.IntN(1000)
	if foreign == "" {
		return nameless(one)
	}
	for _, field := range fieldsOfThings {
		thing, ok := one[field].(map[string]any)
		switch {
		case !ok:
		case field == "record":
			thing["significantField"] = map[string]any{"name": "Firma", "value": fmt.Sprint("Firma ", foreign, p.random.IntN(9))}
		default:
			thing["name"] = fmt.Sprint("Nazwa ", foreign, p.random.IntN(9))
		}
	}
	return one
}

// sequences give what is new its number.
var sequences = []string{
	"contact_ids", "records_id_seq", "agents_id_seq", "campaigns_id_seq", "queues_id_seq", "classifiers_id_seq", "site_calls_id_seq",
}

// align lets what is new next have the same number in both, as it has where nobody else records.
func (r *writer) align(t *testing.T) {
	t.Helper()
	last := make([]int64, len(sequences))
	for _, s := range r.twins.sites {
		rows, err := s.database.Pool.Query(t.Context(), "SELECT last_value FROM "+strings.Join(sequences, " UNION ALL SELECT last_value FROM "))
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; rows.Next(); at++ {
			var value int64
			if err := rows.Scan(&value); err != nil {
				t.Fatal(err)
			}
			last[at] = max(last[at], value)
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
	}
	for _, s := range r.twins.sites {
		s.execute(t, "SELECT setval(name::regclass, value) FROM unnest($1::text[], $2::bigint[]) s (name, value)", sequences, last)
	}
	r.apart = false
}

// told says how often it wrote what.
func (r *writer) told() string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(r.writes)) {
		parts = append(parts, fmt.Sprintf("%d %s", r.writes[kind], kind))
	}
	return strings.Join(parts, ", ")
}

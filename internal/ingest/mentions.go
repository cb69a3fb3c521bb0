package ingest

import "github.com/kontakty/kontakty/internal/ingest/format"

// mentions are the keys of all that the lines of a chunk name: what the database is asked for. They are gathered while
// the chunk before lands, so that merging a chunk need not look anything up but what the database answers.
type mentions struct {
	contacts, records places
	things            [dimensions]places
	// described are agents that have a line of their own, groups those that the lines put them into.
	described, groups []string
}

// places are keys, each once, in the order of their first mention.
type places struct {
	keys []string
	of   map[string]int
}

// place is where a key stands.
func (p *places) place(key string) int {
	at, found := p.of[key]
	if !found {
		if p.of == nil {
			p.of = make(map[string]int)
		}
		at = len(p.keys)
		p.keys, p.of[key] = append(p.keys, key), at
	}
	return at
}

// mentioned are the places of what a line names; those of what it does not name mean nothing.
type mentioned struct {
	contact, record int
	things          [dimensions]int
}

// add gathers the keys of a line, and tells the line their places.
func (m *mentions) add(e *entry) {
	switch at := &e.at; {
	case e.fault != nil:
	case e.Contact != nil:
		at.contact = m.contacts.place(e.Contact.ExternalID)
		if e.Contact.Record != nil {
			at.record = m.records.place(e.Contact.Record.ExternalID)
		}
		for d, reference := range references(e.Contact) {
			if reference != nil {
				at.things[d] = m.things[d].place(reference.ExternalID)
			}
		}
	case e.Agent != nil:
		at.things[agents] = m.things[agents].place(e.Agent.ExternalID)
		m.described = append(m.described, e.Agent.ExternalID)
		m.groups = append(m.groups, e.Agent.Groups...)
	default:
		d := dimensionOf[e.Kind]
		at.things[d] = m.things[d].place(e.Named.ExternalID)
	}
}

// dimension is a kind of small thing that contacts point at by reference.
type dimension int

const (
	campaigns dimension = iota
	agents
	queues
	classifiers
	siteCalls
	dimensions int = iota
)

// dimensionTables are the tables of the small things, which all have id, external_id and name.
var dimensionTables = [dimensions]string{"campaigns", "agents", "queues", "classifiers", "site_calls"}

// dimensionOf is the dimension that a line of a kind describes.
var dimensionOf = map[format.Kind]dimension{
	format.CampaignKind: campaigns, format.AgentKind: agents, format.QueueKind: queues, format.ClassifierKind: classifiers, format.SiteCallKind: siteCalls,
}

// references are what a contact points at, by dimension.
func references(c *format.Contact) [dimensions]*format.Reference {
	return [dimensions]*format.Reference{campaigns: c.Campaign, agents: c.Agent, queues: c.Queue, classifiers: c.Classifier, siteCalls: c.SiteCall}
}

// referenceFields name them in messages.
var referenceFields = [dimensions]string{"campaign", "agent", "queue", "classifier", "siteCall"}

package ingest

import "github.com/kontakty/kontakty/internal/ingest/format"

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

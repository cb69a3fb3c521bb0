package compiled

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/report"
)

// things is a set of the kinds of things that contacts point at.
type things uint8

const (
	campaigns things = 1 << iota
	agents
	queues
	classifiers
	siteCalls
	records
	ivrSteps
)

// page is what an answer is written from.
type page struct {
	*report.Connection

	// maxBytes is the room for the answer.
	maxBytes    int
	total       int
	unfinished  func(*contact.Contact) bool
	campaigns   map[int64]*directory.Campaign
	agents      map[int64]*directory.Agent
	queues      map[int64]*directory.Queue
	classifiers map[int64]*directory.Classifier
	siteCalls   map[int64]*directory.SiteCall
	records     map[int64]*contact.Record
	steps       map[int64][]*contact.IVRStep
}

// errReported says that the errors, those of fields of the list, are part of the answer already.
var errReported = errors.New("the errors are reported")

// read reads a page and all that the plan shows of it.
func (p *plan) read(ctx context.Context, source Source, query report.ListQuery) (*page, error) {
	// The count takes longest: it runs beside all else, and is cut off where that fails.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	query.Columns, query.Counted = p.columns, len(p.counts) > 0
	connection, err := source.List(ctx, query)
	if err != nil {
		return nil, err
	}
	read := &page{Connection: connection, unfinished: source.Unfinished}
	if err := read.things(ctx, source, p.things); err != nil {
		return nil, err
	}
	if !query.Counted {
		return read, nil
	}
	total, failure := connection.TotalCount(ctx)
	if failure == nil {
		read.total = total
		return read, nil
	}
	for _, field := range p.counts {
		at := graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: listShape.names[0], Field: field, IsMethod: true})
		graphql.AddError(at, graphql.AddFieldLocationToError(at, failure))
	}
	return nil, errReported
}

// things reads what the contacts of the page point at, each kind of thing in one go.
func (p *page) things(ctx context.Context, source Source, wanted things) error {
	found := p.Nodes()
	var err error
	for _, read := range []func() error{
		reading(ctx, wanted&campaigns, &p.campaigns, source.Campaigns, found, func(c *contact.Contact) *int64 { return c.CampaignID }),
		reading(ctx, wanted&agents, &p.agents, source.Agents, found, func(c *contact.Contact) *int64 { return c.AgentID }),
		reading(ctx, wanted&queues, &p.queues, source.Queues, found, func(c *contact.Contact) *int64 { return c.QueueID }),
		reading(ctx, wanted&classifiers, &p.classifiers, source.Classifiers, found, func(c *contact.Contact) *int64 { return c.ClassifierID }),
		reading(ctx, wanted&siteCalls, &p.siteCalls, source.SiteCalls, found, func(c *contact.Contact) *int64 { return c.SiteCallID }),
		reading(ctx, wanted&records, &p.records, source.Records, found, func(c *contact.Contact) *int64 { return c.RecordID }),
		func() error {
			if wanted&ivrSteps == 0 || len(found) == 0 {
				return nil
			}
			keys := make([]contact.Key, len(found))
			for i, c := range found {
				keys[i] = c.Key()
			}
			p.steps, err = source.IVRSteps(ctx, keys)
			return err
		},
	} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

// reading looks the things of one kind up, each once.
func reading[V any](
	ctx context.Context, wanted things, into *map[int64]*V, find func(context.Context, []int64) (map[int64]*V, error),
	found []*contact.Contact, number func(*contact.Contact) *int64,
) func() error {
	return func() (err error) {
		if wanted == 0 {
			return nil
		}
		numbers, seen := make([]int64, 0, len(found)), make(map[int64]bool, len(found))
		for _, c := range found {
			if n := number(c); n != nil && !seen[*n] {
				seen[*n] = true
				numbers = append(numbers, *n)
			}
		}
		if len(numbers) > 0 {
			*into, err = find(ctx, numbers)
		}
		return err
	}
}

func (p *page) campaignOf(c *contact.Contact) *directory.Campaign {
	return pointed(p.campaigns, c.CampaignID)
}

func (p *page) agentOf(c *contact.Contact) *directory.Agent { return pointed(p.agents, c.AgentID) }

func (p *page) queueOf(c *contact.Contact) *directory.Queue { return pointed(p.queues, c.QueueID) }

func (p *page) classifierOf(c *contact.Contact) *directory.Classifier {
	return pointed(p.classifiers, c.ClassifierID)
}

func (p *page) siteCallOf(c *contact.Contact) *directory.SiteCall {
	return pointed(p.siteCalls, c.SiteCallID)
}

func (p *page) recordOf(c *contact.Contact) *contact.Record { return pointed(p.records, c.RecordID) }

// pointed follows a reference that may be nil.
func pointed[V any](things map[int64]*V, number *int64) *V {
	if number == nil {
		return nil
	}
	return things[*number]
}

func startOf(c *contact.Contact) time.Time { return c.StartedAt }

func deletionOf(a *directory.Agent) *time.Time { return a.DeletedAt }

func entryOf(s *contact.IVRStep) time.Time { return s.EnteredAt }

func exitOf(s *contact.IVRStep) *time.Time { return s.LeftAt }

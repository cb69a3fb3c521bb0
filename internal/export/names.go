package export

import (
	"context"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// names are the cells with the names of the small things in one file. A thing keeps the name under which it was first seen,
// so that a file agrees with itself whatever is renamed meanwhile.
type names struct {
	directory   *directory.Directory
	agents      map[int64]xlsx.Cell
	campaigns   map[int64]xlsx.Cell
	queues      map[int64]xlsx.Cell
	classifiers map[int64]xlsx.Cell
}

func newNames(directory *directory.Directory) *names {
	return &names{
		directory: directory, agents: map[int64]xlsx.Cell{}, campaigns: map[int64]xlsx.Cell{},
		queues: map[int64]xlsx.Cell{}, classifiers: map[int64]xlsx.Cell{},
	}
}

// learn makes the names known that the contacts point at.
func (n *names) learn(ctx context.Context, contacts []*contact.Contact) error {
	agents, campaigns, queues, classifiers := missing(n.agents), missing(n.campaigns), missing(n.queues), missing(n.classifiers)
	for _, c := range contacts {
		agents.note(c.AgentID)
		campaigns.note(c.CampaignID)
		queues.note(c.QueueID)
		classifiers.note(c.ClassifierID)
	}
	if err := fill(ctx, agents, n.directory.Agents, func(a *directory.Agent) string { return a.Name }); err != nil {
		return err
	}
	if err := fill(ctx, campaigns, n.directory.Campaigns, func(c *directory.Campaign) string { return c.Name }); err != nil {
		return err
	}
	if err := fill(ctx, queues, n.directory.Queues, func(q *directory.Queue) string { return q.Name }); err != nil {
		return err
	}
	return fill(ctx, classifiers, n.directory.Classifiers, func(c *directory.Classifier) string { return c.Name })
}

// unknown collects the ids that a map of names lacks.
type unknown struct {
	known map[int64]xlsx.Cell
	ids   []int64
}

func missing(known map[int64]xlsx.Cell) *unknown { return &unknown{known: known} }

func (u *unknown) note(id *int64) {
	if id == nil {
		return
	}
	if _, found := u.known[*id]; !found {
		u.known[*id] = xlsx.Blank
		u.ids = append(u.ids, *id)
	}
}

func fill[T any](ctx context.Context, u *unknown, find func(context.Context, []int64) (map[int64]*T, error), name func(*T) string) error {
	if len(u.ids) == 0 {
		return nil
	}
	found, err := find(ctx, u.ids)
	for id, one := range found {
		u.known[id] = xlsx.Text(name(one))
	}
	return err
}

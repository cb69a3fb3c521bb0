package workbook

import (
	"context"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// names are the cells with the names of what the contacts of one workbook point at. A thing keeps the name under which it
// was first read, so that a workbook agrees with itself whatever is renamed meanwhile.
type names struct {
	directory   *directory.Directory
	visibility  *directory.Visibility
	ofAgent     func(*directory.Agent) string
	agents      map[int64]xlsx.Cell
	campaigns   map[int64]xlsx.Cell
	queues      map[int64]xlsx.Cell
	classifiers map[int64]xlsx.Cell
	siteCalls   map[int64]xlsx.Cell
}

func newNames(directory *directory.Directory, visibility *directory.Visibility) *names {
	return &names{
		directory: directory, visibility: visibility, agents: map[int64]xlsx.Cell{}, campaigns: map[int64]xlsx.Cell{},
		queues: map[int64]xlsx.Cell{}, classifiers: map[int64]xlsx.Cell{}, siteCalls: map[int64]xlsx.Cell{},
	}
}

// read reads the names that contacts point at and that were not read before.
func (n *names) read(ctx context.Context, contacts []*contact.Contact) error {
	agents, campaigns, queues, classifiers := unread{cells: n.agents}, unread{cells: n.campaigns}, unread{cells: n.queues}, unread{cells: n.classifiers}
	siteCalls := unread{cells: n.siteCalls}
	for _, c := range contacts {
		agents.note(c.AgentID)
		campaigns.note(c.CampaignID)
		queues.note(c.QueueID)
		classifiers.note(c.ClassifierID)
		siteCalls.note(c.SiteCallID)
	}
	if n.ofAgent == nil {
		var err error
		if n.ofAgent, err = n.visibility.AgentNames(ctx); err != nil {
			return err
		}
	}
	if err := readNames(ctx, agents, n.directory.Agents, n.ofAgent); err != nil {
		return err
	}
	if err := readNames(ctx, campaigns, n.directory.Campaigns, func(c *directory.Campaign) string { return c.Name }); err != nil {
		return err
	}
	if err := readNames(ctx, queues, n.directory.Queues, func(q *directory.Queue) string { return q.Name }); err != nil {
		return err
	}
	if err := readNames(ctx, siteCalls, n.directory.SiteCalls, func(s *directory.SiteCall) string { return s.Name }); err != nil {
		return err
	}
	return readNames(ctx, classifiers, n.directory.Classifiers, func(c *directory.Classifier) string { return c.Name })
}

// unread collects the ids whose names a map of cells lacks.
type unread struct {
	cells map[int64]xlsx.Cell
	ids   []int64
}

func (u *unread) note(id *int64) {
	if id == nil {
		return
	}
	if _, found := u.cells[*id]; !found {
		u.cells[*id] = xlsx.Blank
		u.ids = append(u.ids, *id)
	}
}

func readNames[T any](ctx context.Context, u unread, find func(context.Context, []int64) (map[int64]*T, error), nameOf func(*T) string) error {
	if len(u.ids) == 0 {
		return nil
	}
	found, err := find(ctx, u.ids)
	for id, one := range found {
		u.cells[id] = xlsx.Text(nameOf(one))
	}
	return err
}

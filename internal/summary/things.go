package summary

import (
	"context"
	"maps"
	"slices"

	"github.com/kontakty/kontakty/internal/directory"
)

// things are those that groups point at, by our own numbers.
type things struct {
	campaigns   map[int64]*directory.Campaign
	queues      map[int64]*directory.Queue
	agents      map[int64]*directory.Agent
	classifiers map[int64]*directory.Classifier
}

// thingsOf finds the things that the groups of parts point at.
func thingsOf(ctx context.Context, small *directory.Directory, parts []*part) (found things, err error) {
	ids := map[Dimension]map[int64]bool{}
	for _, one := range parts {
		for i, dimension := range one.by {
			if labels[dimension] == "" || words[dimension] != nil {
				continue
			}
			if ids[dimension] == nil {
				ids[dimension] = map[int64]bool{}
			}
			for group := range one.groups {
				ids[dimension][group.values[i]] = true
			}
		}
	}
	of := func(dimension Dimension) []int64 {
		return slices.DeleteFunc(slices.Collect(maps.Keys(ids[dimension])), func(id int64) bool { return id == 0 })
	}
	for _, find := range []func() error{
		func() (err error) { found.campaigns, err = small.Campaigns(ctx, of(ByCampaign)); return err },
		func() (err error) { found.queues, err = small.Queues(ctx, of(ByQueue)); return err },
		func() (err error) { found.agents, err = small.Agents(ctx, of(ByAgent)); return err },
		func() (err error) { found.classifiers, err = small.Classifiers(ctx, of(ByClass)); return err },
	} {
		if err := find(); err != nil {
			return things{}, err
		}
	}
	return found, nil
}

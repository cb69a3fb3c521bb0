package graph

import (
	"context"
	"fmt"
	"sync"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// nodeOf is the object of an id of any kind, nil for one that does not exist for the viewer. Errors: INVALID_ID, FORBIDDEN.
func nodeOf(ctx context.Context, id string) (schema.Node, error) {
	kind, number, err := relay.DecodeID(id)
	if err != nil {
		return nil, fault.At("id", err)
	}
	exist, err := existing(ctx, []relay.Kind{kind}, []int64{number})
	if err != nil || !exist(kind, number) {
		return nil, err
	}
	return loadersOf(ctx).nodeLoader(kind, selectionOfContact(ctx).columns).load(ctx, number)
}

// nodesOf are the objects of ids of any kinds, nil for those that do not exist for the viewer. Errors: INVALID_ID,
// INVALID_PAGE, FORBIDDEN.
func nodesOf(ctx context.Context, ids []string) ([]schema.Node, error) {
	if len(ids) > guard.MaxNodes {
		return nil, fault.New(fault.PageTooLarge, "ids", guard.MaxNodes)
	}
	kinds, numbers := make([]relay.Kind, len(ids)), make([]int64, len(ids))
	for i, id := range ids {
		var err error
		if kinds[i], numbers[i], err = relay.DecodeID(id); err != nil {
			return nil, fault.At(fmt.Sprintf("ids[%d]", i), err)
		}
	}
	exist, err := existing(ctx, kinds, numbers)
	if err != nil {
		return nil, err
	}
	columns, wanted := selectionOfContact(ctx).columns, map[relay.Kind][]int64{}
	var asked []relay.Kind
	for i, kind := range kinds {
		if !exist(kind, numbers[i]) {
			continue
		}
		if wanted[kind] == nil {
			asked = append(asked, kind)
		}
		wanted[kind] = append(wanted[kind], numbers[i])
	}
	var reading sync.WaitGroup
	refused := make([]error, len(asked)) // the first kind asked for tells its error, whichever was read first
	for i, kind := range asked {
		reading.Go(func() { refused[i] = loadersOf(ctx).nodeLoader(kind, columns).prepare(ctx, wanted[kind]) })
	}
	reading.Wait()
	for _, err := range refused {
		if err != nil {
			return nil, err
		}
	}
	nodes := make([]schema.Node, len(ids))
	for i, kind := range kinds {
		if !exist(kind, numbers[i]) {
			continue
		}
		if nodes[i], err = loadersOf(ctx).nodeLoader(kind, columns).load(ctx, numbers[i]); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// existing tells which of the objects named by ids may be loaded: those that the viewer sees, and those whose loader reads
// with the viewer's rights itself.
func existing(ctx context.Context, kinds []relay.Kind, numbers []int64) (func(relay.Kind, int64) bool, error) {
	asked, exist := map[relay.Kind][]int64{}, map[relay.Kind]map[int64]bool{}
	for i, kind := range kinds {
		asked[kind] = append(asked[kind], numbers[i])
	}
	for kind, ids := range asked {
		if kind == relay.DownloadKind || kind == relay.APIKeyKind {
			continue
		}
		reader, err := readerOf(ctx)
		if err != nil {
			return nil, err
		}
		if kind == relay.ContactKind || reader.Viewer().Unrestricted {
			continue
		}
		if exist[kind], err = reader.Existing(ctx, kind, ids); err != nil {
			return nil, err
		}
	}
	return func(kind relay.Kind, id int64) bool {
		ids, asked := exist[kind]
		return !asked || ids[id]
	}, nil
}

// nodeLoader loads objects of one kind that exist for the viewer: prepare reads many in one go, and load gives one.
type nodeLoader struct {
	prepare func(context.Context, []int64) error
	load    func(context.Context, int64) (schema.Node, error)
}

func (l *loaders) nodeLoader(kind relay.Kind, columns contact.Columns) nodeLoader {
	number := func(id int64) int64 { return id }
	switch kind {
	case relay.ContactKind:
		return nodeLoaderOf(l.contacts, func(id int64) contactKey { return contactKey{id, columns} })
	case relay.AgentKind:
		return nodeLoaderOf(l.agents, number)
	case relay.AgentGroupKind:
		return nodeLoaderOf(l.agentGroups, number)
	case relay.CampaignKind:
		return nodeLoaderOf(l.campaigns, number)
	case relay.QueueKind:
		return nodeLoaderOf(l.queues, number)
	case relay.ClassifierKind:
		return nodeLoaderOf(l.classifiers, number)
	case relay.SiteCallKind:
		return nodeLoaderOf(l.siteCalls, number)
	case relay.RecordKind:
		return nodeLoaderOf(l.records, number)
	case relay.DownloadKind:
		return nodeLoaderOf(l.downloads, number)
	case relay.APIKeyKind:
		return nodeLoaderOf(l.apiKeys, number)
	default:
		return nodeLoader{
			prepare: func(context.Context, []int64) error { return nil },
			load:    func(context.Context, int64) (schema.Node, error) { return nil, nil },
		}
	}
}

func nodeLoaderOf[K comparable, T any, P interface {
	*T
	schema.Node
}](b batch[K, P], keyOf func(int64) K) nodeLoader {
	return nodeLoader{
		prepare: func(ctx context.Context, numbers []int64) error {
			keys := make([]K, len(numbers))
			for i, number := range numbers {
				keys[i] = keyOf(number)
			}
			return b.prepare(ctx, keys)
		},
		load: func(ctx context.Context, number int64) (schema.Node, error) {
			found, err := b.Load(ctx, keyOf(number))
			if err != nil || found == nil {
				return nil, err
			}
			return found, nil
		},
	}
}

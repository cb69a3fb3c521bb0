package graph

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

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
	return loadersOf(ctx).node(ctx, kind, number, selectionOfContact(ctx).columns)()
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
	for i, kind := range kinds {
		if exist(kind, numbers[i]) {
			wanted[kind] = append(wanted[kind], numbers[i])
		}
	}
	reading, all := errgroup.WithContext(ctx)
	for kind, ids := range wanted {
		reading.Go(func() error { return loadersOf(ctx).prepareNodes(all, kind, ids, columns) })
	}
	if err := reading.Wait(); err != nil {
		return nil, err
	}
	nodes := make([]schema.Node, len(ids))
	for i, kind := range kinds {
		if !exist(kind, numbers[i]) {
			continue
		}
		if nodes[i], err = loadersOf(ctx).node(ctx, kind, numbers[i], columns)(); err != nil {
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

// prepareNodes reads objects of one kind in one go.
func (l *loaders) prepareNodes(ctx context.Context, kind relay.Kind, numbers []int64, columns contact.Columns) error {
	switch kind {
	case relay.ContactKind:
		keys := make([]contactKey, len(numbers))
		for i, number := range numbers {
			keys[i] = contactKey{number, columns}
		}
		return l.contacts.prepare(ctx, keys)
	case relay.AgentKind:
		return l.agents.prepare(ctx, numbers)
	case relay.AgentGroupKind:
		return l.agentGroups.prepare(ctx, numbers)
	case relay.CampaignKind:
		return l.campaigns.prepare(ctx, numbers)
	case relay.QueueKind:
		return l.queues.prepare(ctx, numbers)
	case relay.ClassifierKind:
		return l.classifiers.prepare(ctx, numbers)
	case relay.SiteCallKind:
		return l.siteCalls.prepare(ctx, numbers)
	case relay.RecordKind:
		return l.records.prepare(ctx, numbers)
	case relay.DownloadKind:
		return l.downloads.prepare(ctx, numbers)
	case relay.APIKeyKind:
		return l.apiKeys.prepare(ctx, numbers)
	default:
		return nil
	}
}

// node loads an object that exists for the viewer; the function returned waits for it.
func (l *loaders) node(ctx context.Context, kind relay.Kind, number int64, columns contact.Columns) func() (schema.Node, error) {
	switch kind {
	case relay.ContactKind:
		return asNode(l.contacts.LoadThunk(ctx, contactKey{number, columns}))
	case relay.AgentKind:
		return asNode(l.agents.LoadThunk(ctx, number))
	case relay.AgentGroupKind:
		return asNode(l.agentGroups.LoadThunk(ctx, number))
	case relay.CampaignKind:
		return asNode(l.campaigns.LoadThunk(ctx, number))
	case relay.QueueKind:
		return asNode(l.queues.LoadThunk(ctx, number))
	case relay.ClassifierKind:
		return asNode(l.classifiers.LoadThunk(ctx, number))
	case relay.SiteCallKind:
		return asNode(l.siteCalls.LoadThunk(ctx, number))
	case relay.RecordKind:
		return asNode(l.records.LoadThunk(ctx, number))
	case relay.DownloadKind:
		return asNode(l.downloads.LoadThunk(ctx, number))
	case relay.APIKeyKind:
		return asNode(l.apiKeys.LoadThunk(ctx, number))
	default:
		return func() (schema.Node, error) { return nil, nil }
	}
}

func asNode[T any, P interface {
	*T
	schema.Node
}](load func() (P, error)) func() (schema.Node, error) {
	return func() (schema.Node, error) {
		found, err := load()
		if err != nil || found == nil {
			return nil, err
		}
		return found, nil
	}
}

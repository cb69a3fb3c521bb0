package contact

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// ListArgs ask for a page of a list of the filter panel.
type ListArgs struct {
	// Search keeps the names that contain it, without regard to case and diacritics.
	Search *string
	Page   relay.PageArgs
}

// ListAgents lists agents by name in Polish collation, deleted ones last and only if wanted. Errors: INVALID_TEXT,
// INVALID_PAGE, INVALID_CURSOR.
func (s *Reader) ListAgents(_ context.Context, args ListArgs, includeDeleted bool) (*relay.Connection[*Agent], error) {
	return listShelf(s, &s.directory.sight(s.viewer.Reach).agentShelf, relay.AgentKind, args, includeDeleted)
}

// ListAgentGroups lists groups of agents by name in Polish collation. Errors as for ListAgents.
func (s *Reader) ListAgentGroups(_ context.Context, args ListArgs) (*relay.Connection[*AgentGroup], error) {
	return listShelf(s, &s.directory.sight(s.viewer.Reach).groupShelf, relay.AgentGroupKind, args, true)
}

// ListCampaigns lists campaigns by name in Polish collation. Errors as for ListAgents.
func (s *Reader) ListCampaigns(_ context.Context, args ListArgs) (*relay.Connection[*Campaign], error) {
	return listShelf(s, &s.directory.sight(s.viewer.Reach).campaignShelf, relay.CampaignKind, args, true)
}

// ListQueues lists queues by name in Polish collation. Errors as for ListAgents.
func (s *Reader) ListQueues(_ context.Context, args ListArgs) (*relay.Connection[*Queue], error) {
	return listShelf(s, &s.directory.sight(s.viewer.Reach).queueShelf, relay.QueueKind, args, true)
}

// ListClassifiers lists classifiers by name in Polish collation. Errors as for ListAgents.
func (s *Reader) ListClassifiers(_ context.Context, args ListArgs) (*relay.Connection[*Classifier], error) {
	return listShelf(s, &s.directory.sight(s.viewer.Reach).classifierShelf, relay.ClassifierKind, args, true)
}

// ListSiteCalls lists SiteCall forms by name in Polish collation. Errors as for ListAgents.
func (s *Reader) ListSiteCalls(_ context.Context, args ListArgs) (*relay.Connection[*SiteCall], error) {
	return listShelf(s, &s.directory.sight(s.viewer.Reach).siteCallShelf, relay.SiteCallKind, args, true)
}

// listShelf pages by the place of a thing in the order, which a cursor names by its number: nothing here is ever
// removed, and what is renamed meanwhile is found where it stands now.
func listShelf[T any](reader *Reader, all *shelf[T], kind relay.Kind, args ListArgs, includeDeleted bool) (*relay.Connection[*T], error) {
	window, err := args.Page.Window(PageSize, LargestPage)
	if err != nil {
		return nil, err
	}
	search := ""
	if args.Search != nil && *args.Search != "" {
		if err := checkText(*args.Search); err != nil {
			return nil, fault.At("search", err)
		}
		search = fold(*args.Search)
	}
	scope := listScope(kind, search, includeDeleted, reader.viewer.Reach)
	wanted := func(one spine[T]) bool {
		return (includeDeleted || !one.entry.deleted) && strings.Contains(one.searching, search)
	}
	sorted := all.sorted
	if window.Cursor != nil {
		if sorted, err = all.beyond(reader.signer, scope, window); err != nil {
			return nil, err
		}
	}
	rows := []*T{}
	numbers := map[*T]int64{}
	for i := range sorted {
		one := sorted[i]
		if window.Backward {
			one = sorted[len(sorted)-1-i]
		}
		if len(rows) <= window.Size && wanted(one) {
			rows, numbers[one.thing] = append(rows, one.thing), one.entry.id
		}
	}
	cursor := func(thing *T) string {
		return reader.signer.Seal(scope, binary.BigEndian.AppendUint64(nil, uint64(numbers[thing])))
	}
	count := func(context.Context) (int, error) {
		n := 0
		for _, one := range all.sorted {
			if wanted(one) {
				n++
			}
		}
		return n, nil
	}
	return relay.NewConnection(window, rows, cursor, count), nil
}

// beyond is the part of the shelf on the far side of a cursor.
func (s *shelf[T]) beyond(signer *relay.Signer, scope relay.Scope, window relay.Window) ([]spine[T], error) {
	found, payload, err := signer.Open(*window.Cursor)
	if err != nil {
		return nil, fault.At(cursorField(window), err)
	}
	elsewhere := fault.New(fault.CursorElsewhere, cursorField(window))
	if found != scope || len(payload) != 8 {
		return nil, elsewhere
	}
	number := int64(binary.BigEndian.Uint64(payload))
	at := slices.IndexFunc(s.sorted, func(one spine[T]) bool { return one.entry.id == number })
	switch {
	case at < 0:
		return nil, elsewhere
	case window.Backward:
		return s.sorted[:at], nil
	default:
		return s.sorted[at+1:], nil
	}
}

func listScope(kind relay.Kind, search string, includeDeleted bool, reach Reach) relay.Scope {
	description := struct {
		List    relay.Kind
		Search  string
		Deleted bool
		Reach   Reach
	}{kind, search, includeDeleted, reach}
	encoded, err := json.Marshal(description)
	if err != nil {
		panic(err) // numbers and strings alone
	}
	return relay.NewScope(encoded)
}

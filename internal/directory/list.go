package directory

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
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
func (v *Visibility) ListAgents(ctx context.Context, args ListArgs, includeDeleted bool) (*relay.Connection[*Agent], error) {
	return listIndex(ctx, v, func(all *indexes) *index[*Agent] { return &all.agentIndex }, relay.AgentKind, args, includeDeleted)
}

// ListAgentGroups lists groups of agents by name in Polish collation. Errors as for ListAgents.
func (v *Visibility) ListAgentGroups(ctx context.Context, args ListArgs) (*relay.Connection[*AgentGroup], error) {
	return listIndex(ctx, v, func(all *indexes) *index[*AgentGroup] { return &all.groupIndex }, relay.AgentGroupKind, args, true)
}

// ListCampaigns lists campaigns by name in Polish collation. Errors as for ListAgents.
func (v *Visibility) ListCampaigns(ctx context.Context, args ListArgs) (*relay.Connection[*Campaign], error) {
	return listIndex(ctx, v, func(all *indexes) *index[*Campaign] { return &all.campaignIndex }, relay.CampaignKind, args, true)
}

// ListQueues lists queues by name in Polish collation. Errors as for ListAgents.
func (v *Visibility) ListQueues(ctx context.Context, args ListArgs) (*relay.Connection[*Queue], error) {
	return listIndex(ctx, v, func(all *indexes) *index[*Queue] { return &all.queueIndex }, relay.QueueKind, args, true)
}

// ListClassifiers lists classifiers by name in Polish collation. Errors as for ListAgents.
func (v *Visibility) ListClassifiers(ctx context.Context, args ListArgs) (*relay.Connection[*Classifier], error) {
	return listIndex(ctx, v, func(all *indexes) *index[*Classifier] { return &all.classifierIndex }, relay.ClassifierKind, args, true)
}

// ListSiteCalls lists SiteCall forms by name in Polish collation. Errors as for ListAgents.
func (v *Visibility) ListSiteCalls(ctx context.Context, args ListArgs) (*relay.Connection[*SiteCall], error) {
	return listIndex(ctx, v, func(all *indexes) *index[*SiteCall] { return &all.siteCallIndex }, relay.SiteCallKind, args, true)
}

// listIndex pages by the place of a thing in the order, which a cursor names by its number: nothing here is ever
// removed, and what is renamed meanwhile is found where it stands now.
func listIndex[T keyed](
	ctx context.Context, v *Visibility, of func(*indexes) *index[T], kind relay.Kind, args ListArgs, includeDeleted bool,
) (*relay.Connection[T], error) {
	window, err := args.Page.Window()
	if err != nil {
		return nil, err
	}
	search := ""
	if args.Search != nil && *args.Search != "" {
		if err := contact.CheckText(*args.Search); err != nil {
			return nil, fault.At("search", err)
		}
		search = fold(*args.Search)
	}
	things, err := v.things(ctx)
	if err != nil {
		return nil, err
	}
	all := of(things)
	scope := listScope(kind, search, includeDeleted, v.reach)
	wanted := func(one *indexEntry[T]) bool {
		return (includeDeleted || !one.thing.key().deleted()) && strings.Contains(one.searching, search)
	}
	sorted := all.sorted
	if window.Cursor != nil {
		if sorted, err = all.beyond(v.signer, scope, window); err != nil {
			return nil, err
		}
	}
	rows := []T{}
	for i := range sorted {
		one := sorted[i]
		if window.Backward {
			one = sorted[len(sorted)-1-i]
		}
		if len(rows) <= window.Size && wanted(one) {
			rows = append(rows, one.thing)
		}
	}
	cursor := func(thing T) string {
		return v.signer.Seal(scope, binary.BigEndian.AppendUint64(nil, uint64(thing.key().id)))
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

// beyond is the part of the index on the far side of a cursor.
func (s *index[T]) beyond(signer *relay.Signer, scope relay.Scope, window relay.Window) ([]*indexEntry[T], error) {
	found, payload, err := signer.Open(*window.Cursor)
	if err != nil {
		return nil, fault.At(window.CursorField(), err)
	}
	elsewhere := fault.New(fault.CursorElsewhere, window.CursorField())
	if found != scope || len(payload) != 8 {
		return nil, elsewhere
	}
	number := int64(binary.BigEndian.Uint64(payload))
	at := slices.IndexFunc(s.sorted, func(one *indexEntry[T]) bool { return one.thing.key().id == number })
	switch {
	case at < 0:
		return nil, elsewhere
	case window.Backward:
		return s.sorted[:at], nil
	default:
		return s.sorted[at+1:], nil
	}
}

func listScope(kind relay.Kind, search string, includeDeleted bool, reach contact.Reach) relay.Scope {
	description := struct {
		List    relay.Kind
		Search  string
		Deleted bool
		Reach   contact.Reach
	}{kind, search, includeDeleted, reach}
	encoded, err := json.Marshal(description)
	if err != nil {
		panic(err) // numbers and strings alone
	}
	return relay.NewScope(encoded)
}

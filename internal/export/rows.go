package export

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/newest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// rows reads downloads as their rows are, whoever may see what of them.
type rows struct {
	pool   *postgres.Pool
	signer *relay.Signer
}

// ownerFor is whose downloads exist for a principal: its own, or everybody's, which is nil.
func ownerFor(by access.Principal) *string {
	if by.May(access.ScopeAdmin) {
		return nil
	}
	owner := by.String()
	return &owner
}

// find reads the downloads of an owner, or of everybody, by their ids; what does not exist is missing.
func (r rows) find(ctx context.Context, owner *string, ids []int64) (map[int64]*Download, error) {
	if len(ids) == 0 {
		return map[int64]*Download{}, nil
	}
	var read []*Download
	if err := whereOwner(r.selectInto(&read), owner).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("finding downloads: %w", err)
	}
	found := make(map[int64]*Download, len(read))
	for _, row := range read {
		found[row.ID] = row
	}
	return found, nil
}

// one reads one download of an owner, or of everybody. Errors: NOT_FOUND.
func (r rows) one(ctx context.Context, owner *string, id int64) (*Download, error) {
	found, err := r.find(ctx, owner, []int64{id})
	if err != nil {
		return nil, err
	}
	if found[id] == nil {
		return nil, fault.New(fault.NothingThere, "")
	}
	return found[id], nil
}

// list reads a page of downloads, newest first; states nil or empty does not restrict. Errors: INVALID_PAGE, INVALID_CURSOR.
func (r rows) list(ctx context.Context, owner *string, states []State, page relay.PageArgs) (*relay.Connection[*Download], error) {
	var read []*Download
	return newest.List[*Download]{
		Signer: r.signer, Scope: listScope(owner, states), Page: page,
		Reading: whereStates(whereOwner(r.selectInto(&read), owner), states), Rows: &read,
		ID: func(row *Download) int64 { return row.ID },
		Counting: func() *bun.SelectQuery {
			return whereStates(whereOwner(r.pool.DB.NewSelect().Table("downloads"), owner), states)
		},
	}.Read(ctx)
}

func (r rows) selectInto(into any) *bun.SelectQuery {
	return r.pool.DB.NewSelect().Model(into).ColumnExpr(downloadColumns)
}

func whereOwner(query *bun.SelectQuery, owner *string) *bun.SelectQuery {
	if owner != nil {
		query.Where("ordered_by = ?", *owner)
	}
	return query
}

func whereStates(query *bun.SelectQuery, states []State) *bun.SelectQuery {
	if len(states) > 0 {
		query.Where("state IN (?)", bun.List(states))
	}
	return query
}

// listScope names the list that a cursor belongs to.
func listScope(owner *string, states []State) relay.Scope {
	whose := "everybody"
	if owner != nil {
		whose = strconv.Quote(*owner)
	}
	names := make([]string, len(states))
	for i, state := range states {
		names[i] = string(state)
	}
	slices.Sort(names)
	return relay.NewScope([]byte("downloads of " + whose + ":" + strings.Join(slices.Compact(names), ",")))
}

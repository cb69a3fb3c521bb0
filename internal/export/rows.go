package export

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
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
	window, err := page.Window()
	if err != nil {
		return nil, err
	}
	scope := listScope(owner, states)
	var read []*Download
	query := whereStates(whereOwner(r.selectInto(&read), owner), states).Limit(int64(window.Size) + 1)
	if window.Backward {
		query.Order("id ASC")
	} else {
		query.Order("id DESC")
	}
	if window.Cursor != nil {
		edge, err := r.openCursor(scope, window)
		if err != nil {
			return nil, err
		}
		if window.Backward {
			query.Where("id > ?", edge)
		} else {
			query.Where("id < ?", edge)
		}
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("listing downloads: %w", err)
	}
	cursor := func(row *Download) string {
		return r.signer.Seal(scope, binary.BigEndian.AppendUint64(nil, uint64(row.ID)))
	}
	count := func(ctx context.Context) (int, error) {
		n, err := whereStates(whereOwner(r.pool.DB.NewSelect().Table("downloads"), owner), states).Count(ctx)
		if err != nil {
			return 0, fmt.Errorf("counting downloads: %w", err)
		}
		return int(n), nil
	}
	return relay.NewConnection(window, read, cursor, count), nil
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

func (r rows) openCursor(scope relay.Scope, window relay.Window) (int64, error) {
	field := "after"
	if window.Backward {
		field = "before"
	}
	found, payload, err := r.signer.Open(*window.Cursor)
	if err != nil {
		return 0, fault.At(field, err)
	}
	if found != scope || len(payload) != 8 {
		return 0, fault.New(fault.CursorElsewhere, field)
	}
	return int64(binary.BigEndian.Uint64(payload)), nil
}

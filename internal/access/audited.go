package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/newest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// Event is one entry of the audit log.
type Event struct {
	bun.BaseModel `bun:"table:audit_entries,alias:e"`

	// ID is its place in the log; later events have higher ones. Those that one row tells of are numbered within it.
	ID int64 `bun:"id,pk"`
	// At is when.
	At time.Time `bun:"at"`
	// Principal is who, as Principal.String gives it.
	Principal string `bun:"principal"`
	// Address is from where, nil if not over the network.
	Address *string `bun:"address"`
	// Action is what was done.
	Action Action `bun:"action"`
	// SubjectKind and SubjectID, our own number, say to what.
	SubjectKind SubjectKind `bun:"subject_kind"`
	SubjectID   int64       `bun:"subject_id"`
	// Contacts is to how many things it was done: more than one only for RecordedContacts, whose subject is the first.
	Contacts int `bun:"contacts"`
	// Replaced is how many of the contacts recorded replaced others, nil for other actions.
	Replaced *int `bun:"replaced"`
}

// NodeID is the event's opaque id in the API, which sets it apart from others and finds nothing. It is the row's number for
// the first event of a row, as it was when there was none but the first.
func (e *Event) NodeID() string {
	if e.ID%rowRoom == 0 {
		return relay.EncodeID("AuditEvent", e.ID/rowRoom)
	}
	return relay.EncodeID("AuditEvent", -e.ID)
}

// SubjectNodeID is the opaque id of the subject in the API.
func (e *Event) SubjectNodeID() string {
	for kind, subject := range subjectKinds {
		if subject == e.SubjectKind {
			return relay.EncodeID(kind, e.SubjectID)
		}
	}
	return ""
}

// AuditFilter narrows the list of events; the zero value means all.
type AuditFilter struct {
	// Actions: only these; nil or empty means any.
	Actions []Action
	// Principal: only what this one did; empty means anybody.
	Principal string
	// SubjectKind and SubjectID: only what was done to this thing; an empty kind means anything.
	SubjectKind SubjectKind
	SubjectID   int64
}

// List lists events, the newest first. Errors: FORBIDDEN, INVALID_FILTER, INVALID_PAGE, INVALID_CURSOR.
func (a *Audit) List(ctx context.Context, by Principal, filter AuditFilter, page relay.PageArgs) (*relay.Connection[*Event], error) {
	if err := by.Require(ScopeAdmin); err != nil {
		return nil, err
	}
	for _, action := range filter.Actions {
		if !slices.Contains(Actions, action) {
			return nil, fault.New(fault.ValueUnknown, "actions")
		}
	}
	if filter.Principal != "" {
		if err := contact.CheckTextUpTo(filter.Principal, maxReference); err != nil {
			return nil, fault.At("principal", err)
		}
	}
	if filter.SubjectKind != "" && !slices.Contains(SubjectKinds, filter.SubjectKind) {
		return nil, fault.New(fault.ValueUnknown, "subjectKind")
	}
	var events []*Event
	entries, rows := filter.entries(a.pool)
	return newest.List[*Event]{
		Signer: a.signer, Scope: filter.scope(), Page: page,
		Reading: a.pool.DB.NewSelect().Model(&events).ModelTableExpr("(?) AS e", entries).
			ColumnExpr("id, at, principal, address, action, subject_kind, subject_id, contacts, replaced"),
		Within: func(from *int64, backward bool, most int) { filter.within(rows, from, backward, most) },
		Rows:   &events, ID: func(event *Event) int64 { return event.ID },
		Counting: func() *bun.SelectQuery {
			all, _ := filter.entries(a.pool)
			return a.pool.DB.NewSelect().TableExpr("(?) AS e", all)
		},
	}.Read(ctx)
}

const (
	// rowRoom is more than a row of the log has subjects: an event's ID is its row's times rowRoom and its place in it.
	rowRoom = 1024
	// blockRows is how many rows share an entry of the index of principals.
	blockRows = 1000
)

// entries selects the events that are wanted from the rows that tell of them.
func (f AuditFilter) entries(pool *postgres.Pool) (entries, rows *bun.SelectQuery) {
	rows = pool.DB.NewSelect()
	if f.SubjectKind != "" {
		// What was done to one thing is little, and is found before it is sorted.
		rows.TableExpr("(SELECT * FROM audit_events WHERE subject_kind = ? AND (subject_id = ? OR others @> ARRAY[?]::bigint[]) OFFSET 0) AS r",
			f.SubjectKind, f.SubjectID, f.SubjectID)
	} else {
		rows.TableExpr("audit_events AS r")
	}
	if len(f.Actions) > 0 {
		rows.Where("action IN (?)", bun.List(f.Actions))
	}
	if f.Principal != "" {
		rows.Where("principal = ?", f.Principal)
	}
	entries = pool.DB.NewSelect().
		ColumnExpr("r.id * ? + s.place - 1 AS id, r.at, r.principal, r.address, r.action, r.subject_kind, s.subject_id, r.contacts, r.replaced", rowRoom).
		TableExpr("(?) AS r", rows).
		Join("CROSS JOIN LATERAL unnest(array_prepend(r.subject_id, r.others)) WITH ORDINALITY AS s (subject_id, place)")
	if f.SubjectKind != "" {
		entries.Where("s.subject_id = ?", f.SubjectID)
	}
	return entries, rows
}

// within limits rows to those that a page can be made of. Each has one of its events or more, but for that in which the page
// before it ended.
func (f AuditFilter) within(rows *bun.SelectQuery, from *int64, backward bool, most int) {
	order, beyond := "DESC", "<="
	if backward {
		order, beyond = "ASC", ">="
	}
	if from != nil {
		rows.Where("id "+beyond+" ?", *from/rowRoom)
	}
	if f.Principal != "" {
		if from != nil {
			rows.Where("id / ? "+beyond+" ?", blockRows, *from/rowRoom/blockRows)
		}
		rows.OrderExpr("id / ? "+order, blockRows)
	}
	rows.OrderExpr("id " + order).Limit(int64(most) + 1)
}

// scope names the list that a cursor belongs to.
func (f AuditFilter) scope() relay.Scope {
	actions := []string{}
	for _, action := range f.Actions {
		actions = append(actions, string(action))
	}
	return relay.NewScope(fmt.Appendf(nil, "audit_entries:%s:%q:%s:%d",
		strings.Join(sorted(actions), ","), f.Principal, f.SubjectKind, f.SubjectID))
}

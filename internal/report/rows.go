package report

import (
	"context"
	"fmt"
	"strings"
	"unsafe"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// The tables whose rows are read past database/sql.
var (
	contactModel = modelOf[contact.Contact]()
	recordModel  = modelOf[contact.Record]()
	stepModel    = modelOf[contact.IVRStep]()
)

// contactRows reads rows of contacts, over and over into the same Contacts; what they point at stays.
type contactRows struct {
	contacts []contact.Contact
	list     []*contact.Contact
	columns  []modelColumn
	memory   rowMemory
}

// newContactRows reads at most so many rows at once with a set of columns, as Columns.Names orders them.
func newContactRows(columns contact.Columns, maxRows int) *contactRows {
	r := &contactRows{contacts: make([]contact.Contact, 0, maxRows), list: make([]*contact.Contact, 0, maxRows)}
	for _, place := range columns.Of() {
		r.columns = append(r.columns, contactModel.columns[place])
	}
	return r
}

// read runs a statement and reads its rows.
func (r *contactRows) read(ctx context.Context, mode pgx.QueryExecMode, from querier, statement plan.Statement) ([]*contact.Contact, error) {
	r.begin()
	err := eachRow(ctx, mode, from, r.row, statement)
	return r.list, err
}

// begin makes room for rows.
func (r *contactRows) begin() {
	r.contacts, r.list = r.contacts[:0], r.list[:0]
	var sizes [rooms]int
	for _, column := range r.columns {
		sizes[column.room] += cap(r.contacts)
	}
	r.memory.makeRoom(sizes)
}

func (r *contactRows) row(values [][]byte) error {
	if len(r.contacts) == cap(r.contacts) {
		return fmt.Errorf("a batch of more than %d rows", cap(r.contacts))
	}
	r.contacts = append(r.contacts, contact.Contact{})
	// A pointer to an element stays good: there is room for all of them.
	c := &r.contacts[len(r.contacts)-1]
	r.list = append(r.list, c)
	return r.memory.scan(r.columns, unsafe.Pointer(c), values)
}

// recordRows reads records.
func recordRows(ctx context.Context, mode pgx.QueryExecMode, from querier, ids []int64) (map[int64]*contact.Record, error) {
	statement := "SELECT " + selectListSQL(recordModel, recordModel.Columns) + "\nFROM records r WHERE r.id = ANY ($1::bigint[])"
	found, all, memory := make(map[int64]*contact.Record, len(ids)), make([]contact.Record, 0, len(ids)), rowMemory{}
	err := eachRow(ctx, mode, from, func(values [][]byte) error {
		all = append(all, contact.Record{})
		one := &all[len(all)-1]
		err := memory.scan(recordModel.columns, unsafe.Pointer(one), values)
		found[one.ID] = one
		return err
	}, plan.Statement{SQL: statement, Arguments: []any{ids}})
	return found, err
}

// stepRows reads the way through the IVR of many contacts, by the contact's number, in the order walked. Whoever asks has
// the start of the contacts, the first column, so it is not read again.
func stepRows(ctx context.Context, mode pgx.QueryExecMode, from querier, keys []contact.Key) (map[int64][]*contact.IVRStep, error) {
	starts, ids := split(keys)
	statement := "SELECT " + selectListSQL(stepModel, stepModel.Columns[1:]) +
		"\nFROM unnest($1::timestamptz[], $2::bigint[]) k (started_at, id)" +
		"\nJOIN ivr_steps s ON (s.contact_started_at, s.contact_id) = (k.started_at, k.id)" +
		"\nWHERE " + months.InSQL("s.contact_started_at", starts) +
		"\nORDER BY s.contact_id, s.position"
	found, memory := make(map[int64][]*contact.IVRStep, len(keys)), rowMemory{}
	err := eachRow(ctx, mode, from, func(values [][]byte) error {
		step := &contact.IVRStep{}
		err := memory.scan(stepModel.columns[1:], unsafe.Pointer(step), values)
		found[step.ContactID] = append(found[step.ContactID], step)
		return err
	}, plan.Statement{SQL: statement, Arguments: []any{starts, ids}})
	return found, err
}

// selectListSQL names columns of a table as a select list.
func selectListSQL(table model, columns []contact.TableColumn) string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = table.Alias + "." + column.Name
	}
	return strings.Join(names, ", ")
}

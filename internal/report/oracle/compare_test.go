package oracle

import (
	"fmt"
	"reflect"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report"
)

// comparePage says how a page differs from what it should be.
func comparePage(connection *report.Connection, want page, columns contact.Columns, q question) error {
	nodes := connection.Nodes()
	if err := compareRows(nodes, want.rows, columns, q); err != nil {
		return err
	}
	info := connection.PageInfo()
	if info.HasPreviousPage != want.hasPrevious || info.HasNextPage != want.hasNext {
		return fmt.Errorf("the page has previous %t and next %t, should be %t and %t",
			info.HasPreviousPage, info.HasNextPage, want.hasPrevious, want.hasNext)
	}
	edges := connection.Edges()
	if len(edges) != len(nodes) {
		return fmt.Errorf("%d edges for %d nodes", len(edges), len(nodes))
	}
	if len(edges) == 0 {
		if info.StartCursor != nil || info.EndCursor != nil {
			return fmt.Errorf("an empty page has cursors")
		}
		return nil
	}
	seen := map[string]bool{}
	for i, edge := range edges {
		if edge.Node != nodes[i] {
			return fmt.Errorf("edge %d has another node than nodes", i)
		}
		seen[edge.Cursor()] = true
	}
	if len(seen) != len(edges) {
		return fmt.Errorf("%d different cursors for %d rows", len(seen), len(edges))
	}
	if info.StartCursor == nil || *info.StartCursor != edges[0].Cursor() || info.EndCursor == nil || *info.EndCursor != edges[len(edges)-1].Cursor() {
		return fmt.Errorf("startCursor and endCursor are not those of the first and last edge")
	}
	return nil
}

// compareRows says where rows first differ in number, order or a column.
func compareRows(got []*contact.Contact, want []*row, columns contact.Columns, q question) error {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Errorf("row %d, %s, is missing: %d rows, should be %d", i, want[i].brief(), len(got), len(want))
		case i >= len(want):
			return fmt.Errorf("row %d, contact %d of %s, is too much: %d rows, should be %d", i, got[i].ID, got[i].StartedAt, len(got), len(want))
		case got[i].ID != want[i].ID:
			return fmt.Errorf("row %d is contact %d of %s, should be %s", i, got[i].ID, got[i].StartedAt, want[i].brief())
		}
		if err := compareColumns(*got[i], want[i], columns, q); err != nil {
			return fmt.Errorf("row %d, %s: %w", i, want[i].brief(), err)
		}
	}
	return nil
}

func (r *row) brief() string {
	return fmt.Sprintf("contact %d of %s", r.ID, r.StartedAt.Format("2006-01-02T15:04:05.999999Z07:00"))
}

// compareColumns checks that what was selected is there, as far as who asks may see it, and what was not is zero. The
// column that the list is ordered by may be there unasked.
func compareColumns(got contact.Contact, r *row, columns contact.Columns, q question) error {
	if !got.StartedAt.Equal(r.StartedAt) {
		return fmt.Errorf("started at %s", got.StartedAt)
	}
	want := contact.Contact{ID: r.ID, StartedAt: got.StartedAt}
	switch q.Order.Field {
	case contact.OrderByAgentTalkTime:
		columns |= contact.ColumnAgentTalkTime
		got.AgentTalkTime = orElse(got.AgentTalkTime, r.AgentTalkTime)
	case contact.OrderByTalkTime:
		columns |= contact.ColumnTalkTime
		got.TalkTime = orElse(got.TalkTime, r.TalkTime)
	case contact.OrderByQueueTime:
		columns |= contact.ColumnQueueTime
		got.QueueTime = orElse(got.QueueTime, r.QueueTime)
	case contact.OrderByTimeToAnswer:
		columns |= contact.ColumnTimeToAnswer
		got.TimeToAnswer = orElse(got.TimeToAnswer, r.TimeToAnswer)
	case contact.OrderByLostAfter:
		columns |= contact.ColumnLostAfter
		got.LostAfter = orElse(got.LostAfter, r.LostAfter)
	case contact.OrderByRingTime:
		columns |= contact.ColumnRingTime
		got.RingTime = orElse(got.RingTime, r.RingTime)
	}
	from, into := reflect.ValueOf(shown(r.Contact, q.viewer())), reflect.ValueOf(&want).Elem()
	for column, name := range columnFields {
		if columns&column != 0 {
			into.FieldByName(name).Set(from.FieldByName(name))
		}
	}
	for _, list := range []*[]string{&got.ToAddresses, &got.CCAddresses, &got.BCCAddresses, &want.ToAddresses, &want.CCAddresses, &want.BCCAddresses} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	for i := range into.NumField() {
		name := into.Type().Field(i).Name
		if is, should := reflect.ValueOf(got).Field(i).Interface(), into.Field(i).Interface(); !reflect.DeepEqual(is, should) {
			return fmt.Errorf("%s is %v, should be %v (columns %b)", name, reflect.Indirect(reflect.ValueOf(is)), reflect.Indirect(reflect.ValueOf(should)), columns)
		}
	}
	return nil
}

func orElse(value, other *int) *int {
	if value == nil {
		return other
	}
	return value
}

var columnFields = map[contact.Columns]string{
	contact.ColumnExternalID: "ExternalID", contact.ColumnType: "Type", contact.ColumnStatus: "Status",
	contact.ColumnHangupParty: "HangupParty", contact.ColumnDetailsKind: "DetailsKind", contact.ColumnCampaign: "CampaignID",
	contact.ColumnAgent: "AgentID", contact.ColumnQueue: "QueueID", contact.ColumnClassifier: "ClassifierID",
	contact.ColumnSiteCall: "SiteCallID", contact.ColumnRecord: "RecordID", contact.ColumnIVRTime: "IVRTime",
	contact.ColumnRingTime: "RingTime", contact.ColumnAgentTalkTime: "AgentTalkTime", contact.ColumnTalkTime: "TalkTime",
	contact.ColumnTicketID: "TicketID", contact.ColumnSiteCallOrderID: "SiteCallOrderID",
	contact.ColumnSourceAddress: "SourceAddress", contact.ColumnDestinationAddress: "DestinationAddress",
	contact.ColumnToAddresses: "ToAddresses", contact.ColumnCCAddresses: "CCAddresses", contact.ColumnBCCAddresses: "BCCAddresses",
	contact.ColumnOutcome: "Outcome", contact.ColumnQueueTime: "QueueTime", contact.ColumnTimeToAnswer: "TimeToAnswer", contact.ColumnLostAfter: "LostAfter",
}

func sameSteps(got []*contact.IVRStep, want []step) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d steps, should be %d", len(got), len(want))
	}
	for i, s := range want {
		g := got[i]
		left := g.LeftAt == nil && s.left == nil || g.LeftAt != nil && s.left != nil && g.LeftAt.Equal(*s.left)
		if g.Position != i+1 || g.Name != s.name || g.Kind != s.kind || !reflect.DeepEqual(g.Choice, s.choice) || !g.EnteredAt.Equal(s.entered) || !left {
			return fmt.Errorf("step %d is %+v, should be %+v", i+1, g, s)
		}
	}
	return nil
}

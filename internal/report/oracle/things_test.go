package oracle

import (
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// TestThing_NarrowsWhateverTheFilterAsks lists the contacts within a thing of each kind under filters that ask for the
// same thing, for another one, for both, and for what is outside.
func TestThing_NarrowsWhateverTheFilterAsks(t *testing.T) {
	t.Parallel()
	e := newExaminer(t, generate(*seed, *contacts))
	id := relay.EncodeID
	filters := []func(f *contact.Filter){
		func(*contact.Filter) {},
		func(f *contact.Filter) { f.OutsideCampaign = pointer(true) },
		func(f *contact.Filter) { f.OutsideCampaign = pointer(false) },
	}
	for _, numbers := range [][]int64{{2}, {5}, {2, 5, 8}} {
		for i := range idLists(new(contact.Filter))[:6] {
			filters = append(filters, func(f *contact.Filter) {
				list := idLists(f)[i]
				for _, number := range numbers {
					if list.kind == relay.AgentGroupKind {
						number = e.w.groups[number].id
					}
					*list.ids = append(*list.ids, id(list.kind, number))
				}
			})
		}
		filters = append(filters, func(f *contact.Filter) {
			f.OutsideCampaign = pointer(true)
			for _, number := range numbers {
				f.CampaignIDs = append(f.CampaignIDs, id(relay.CampaignKind, number))
			}
		})
	}
	things := []report.Within{
		{},
		{Kind: relay.AgentKind, ID: 2},
		{Kind: relay.CampaignKind, ID: 2},
		{Kind: relay.QueueKind, ID: 2},
		{Kind: relay.ClassifierKind, ID: 2},
		{Kind: relay.SiteCallKind, ID: 2},
		{Kind: relay.RecordKind, ID: 2},
	}
	for _, g := range e.w.groups {
		things = append(things, report.Within{Kind: relay.AgentGroupKind, ID: g.id})
	}
	for _, thing := range things {
		for _, filter := range filters {
			q := lawQuestion("2024-03-01", "2024-05-31", "Europe/Warsaw")
			q.Within = thing
			filter(&q.Filter)
			want := e.w.answer(q)
			connection, err := e.list(t.Context(), q, relay.PageArgs{}, 0)
			if err == nil {
				err = comparePage(connection, cut(want.rows, pageArgs{}), 0, q)
			}
			if err != nil {
				t.Errorf("%s: %v", describe(q), err)
				continue
			}
			if total, err := connection.TotalCount(t.Context()); err != nil || total != len(want.rows) {
				t.Errorf("%s: the count is %d (%v), should be %d", describe(q), total, err, len(want.rows))
			}
		}
	}
}

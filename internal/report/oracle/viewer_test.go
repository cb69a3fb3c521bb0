package oracle

import (
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// viewer is who asks: the operator unless the question says otherwise.
func (q question) viewer() contact.Viewer {
	if q.Viewer == nil {
		return contact.Unlimited
	}
	return *q.Viewer
}

// viewer makes somebody up who sees some contacts, and most often the anchor.
func (a *asker) viewer() *contact.Viewer {
	v := &contact.Viewer{Addresses: a.chance(60), BCC: a.chance(50), Content: a.chance(50)}
	if v.Unrestricted = a.chance(15); v.Unrestricted {
		return v
	}
	for range pick(a.dice, []int{0, 1, 1, 2, 4}) {
		v.Campaigns = append(v.Campaigns, skewed(a.dice, a.w.campaigns))
	}
	if a.anchor.CampaignID != nil && a.chance(50) {
		v.Campaigns = append(v.Campaigns, *a.anchor.CampaignID)
	}
	for range pick(a.dice, []int{0, 0, 1, 2}) {
		v.AgentGroups = append(v.AgentGroups, pick(a.dice, a.w.groups).id)
	}
	switch {
	case a.anchor.AgentID != nil && a.chance(40):
		v.Agent = pointer(*a.anchor.AgentID)
	case a.chance(20):
		v.Agent = pointer(pick(a.dice, a.w.agents).ID)
	}
	if a.chance(5) {
		v.Reach = contact.Reach{}
	}
	return v
}

// allow takes most of what a viewer may not ask for out of a filter, lest nearly every question be refused.
func (a *asker) allow(q *question) {
	s := a.w.visibility(q.viewer())
	for _, list := range idLists(&q.Filter) {
		*list.ids = slices.DeleteFunc(*list.ids, func(id string) bool {
			number, ok := readID(list.kind, id)
			return ok && !s.sees(list.kind, number) && a.chance(93)
		})
	}
	a.allowExternalIDs(&q.Filter.ExternalIDs, func(externalID string) bool {
		id, known := a.w.numbers[externalID]
		return !known || s.sees(relay.ContactKind, id)
	})
	a.allowExternalIDs(&q.Filter.RecordExternalIDs, func(externalID string) bool {
		id, known := a.w.recordNumbers()[externalID]
		return !known || s.sees(relay.RecordKind, id)
	})
	if !q.viewer().Addresses && a.chance(90) {
		q.Filter.SourceAddresses, q.Filter.DestinationAddresses, q.Filter.Addresses = nil, nil, nil
	}
}

// allowExternalIDs takes most of those out whose things are not seen.
func (a *asker) allowExternalIDs(ids *[]string, seen func(string) bool) {
	*ids = slices.DeleteFunc(*ids, func(id string) bool { return !seen(id) && a.chance(93) })
}

// visibility is what somebody sees, worked out row by row. Nil things are all there are.
type visibility struct {
	contact.Viewer

	agents map[int64]bool
	things map[relay.Kind]map[int64]bool
}

func (w *world) visibility(v contact.Viewer) visibility {
	s := visibility{Viewer: v}
	if v.Unrestricted {
		return s
	}
	s.agents = map[int64]bool{}
	for _, g := range w.groups {
		for _, member := range g.members {
			if slices.Contains(v.AgentGroups, g.id) {
				s.agents[member] = true
			}
		}
	}
	if v.Agent != nil {
		s.agents[*v.Agent] = true
	}
	s.things = map[relay.Kind]map[int64]bool{
		relay.AgentKind: s.agents, relay.AgentGroupKind: {}, relay.CampaignKind: {}, relay.QueueKind: {}, relay.ClassifierKind: {},
		relay.SiteCallKind: {}, relay.RecordKind: {}, relay.ContactKind: {},
	}
	owners := s.agents
	s.things[relay.AgentKind] = map[int64]bool{}
	for agent := range owners {
		s.things[relay.AgentKind][agent] = true
	}
	for _, id := range v.AgentGroups {
		s.things[relay.AgentGroupKind][id] = true
	}
	for _, id := range v.Campaigns {
		s.things[relay.CampaignKind][id] = true
	}
	for _, r := range w.rows {
		if !s.reaches(r) {
			continue
		}
		s.things[relay.ContactKind][r.ID] = true
		for kind, id := range map[relay.Kind]*int64{
			relay.AgentKind: r.AgentID, relay.CampaignKind: r.CampaignID, relay.QueueKind: r.QueueID,
			relay.ClassifierKind: r.ClassifierID, relay.SiteCallKind: r.SiteCallID, relay.RecordKind: r.RecordID,
		} {
			if id != nil {
				s.things[kind][*id] = true
			}
		}
	}
	return s
}

// reaches says whether a contact exists for who asks.
func (s visibility) reaches(r *row) bool {
	return s.Unrestricted || r.CampaignID != nil && slices.Contains(s.Campaigns, *r.CampaignID) ||
		r.AgentID != nil && s.agents[*r.AgentID]
}

// sees says whether a thing exists for who asks, if it exists at all.
func (s visibility) sees(kind relay.Kind, id int64) bool {
	return s.things == nil || s.things[kind][id]
}

// readAddresses reads the addresses of a filter, which not everybody may ask for.
func (c *criteria) readAddresses(field string, addresses []string) map[string]bool {
	if len(addresses) > 0 && !c.visibility.Addresses {
		c.fault(fault.Forbidden, field)
	}
	return c.readTexts(field, addresses, askedKey)
}

// shown is a contact as somebody sees it.
func shown(c contact.Contact, to contact.Viewer) contact.Contact {
	if !to.BCC {
		c.BCCAddresses = nil
	}
	if to.Addresses {
		return c
	}
	for _, address := range []**string{&c.SourceAddress, &c.DestinationAddress} {
		if *address != nil {
			*address = pointer(mask(**address))
		}
	}
	for _, list := range []*[]string{&c.ToAddresses, &c.CCAddresses, &c.BCCAddresses} {
		*list = slices.Clone(*list)
		for i, address := range *list {
			(*list)[i] = mask(address)
		}
	}
	return c
}

func mask(raw string) string {
	key, _ := addressKey(raw)
	word := strings.TrimSuffix(small(tidy(raw)), "@anonymous.invalid")
	if key == "anonymous" && nobody.MatchString(strings.TrimSuffix(strings.TrimPrefix(word, "<"), ">")) {
		return raw
	}
	return contact.Masked(key)
}

// anotherReach is that of somebody else, who sees other contacts.
func (x *examination) anotherReach(v *contact.Viewer) *contact.Viewer {
	other := contact.Viewer{}
	if v != nil {
		other = *v
	} else {
		other = contact.Unlimited
	}
	switch {
	case other.Unrestricted:
		other.Reach = contact.Reach{Campaigns: x.w.campaigns}
	case x.chance(30):
		other.Reach = contact.Reach{Unrestricted: true}
	case x.chance(50):
		other.Campaigns = append(slices.Clone(other.Campaigns), 1_000_000)
	default:
		other.AgentGroups = append(slices.Clone(other.AgentGroups), 1_000_000)
	}
	return &other
}

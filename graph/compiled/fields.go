package compiled

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// What can be written of each type of the schema. A field that is not here is left to the generated executor.

var listShape = &shape[*page]{
	names: []string{"ContactConnection"},
	fields: map[string]field[*page]{
		"nodes":          list(contactShape, func(p *page) []*contact.Contact { return p.Nodes() }),
		"edges":          list(edgeShape, func(p *page) []relay.Edge[*contact.Contact] { return p.Edges() }),
		"pageInfo":       object(pageInfoShape, func(p *page) relay.PageInfo { return p.PageInfo() }),
		"resolvedPeriod": object(periodShape, func(p *page) report.ResolvedPeriod { return p.ResolvedPeriod }),
		"totalCount": {object: func(c *compiler, selected graphql.CollectedField) write[*page] {
			c.plan.counts = append(c.plan.counts, selected)
			return value(appendInt, func(p *page) int { return p.total })
		}},
	},
}

var edgeShape = &shape[relay.Edge[*contact.Contact]]{
	names: []string{"ContactEdge"},
	fields: map[string]field[relay.Edge[*contact.Contact]]{
		"node":   object(contactShape, func(e relay.Edge[*contact.Contact]) *contact.Contact { return e.Node }),
		"cursor": {value: value(appendPlain, relay.Edge[*contact.Contact].Cursor)},
	},
}

var pageInfoShape = &shape[relay.PageInfo]{
	names: []string{"PageInfo"},
	fields: map[string]field[relay.PageInfo]{
		"hasNextPage":     {value: value(appendBool, func(i relay.PageInfo) bool { return i.HasNextPage })},
		"hasPreviousPage": {value: value(appendBool, func(i relay.PageInfo) bool { return i.HasPreviousPage })},
		"startCursor":     {value: optional(appendPlain, func(i relay.PageInfo) *string { return i.StartCursor })},
		"endCursor":       {value: optional(appendPlain, func(i relay.PageInfo) *string { return i.EndCursor })},
	},
}

var periodShape = &shape[report.ResolvedPeriod]{
	names: []string{"ResolvedPeriodInfo"},
	fields: map[string]field[report.ResolvedPeriod]{
		"from":     {value: value(appendText, func(p report.ResolvedPeriod) string { return p.From })},
		"to":       {value: value(appendText, func(p report.ResolvedPeriod) string { return p.To })},
		"timeZone": {value: value(appendText, func(p report.ResolvedPeriod) string { return p.TimeZone })},
	},
}

// ColumnsOf are the columns behind a field of a contact, none for one that is not here. A contact without a kind of
// details has none to be read.
func ColumnsOf(field string) contact.Columns { return contactShape.fields[field].columns }

var contactShape = &shape[*contact.Contact]{
	names: []string{"Contact", "Node"},
	fields: map[string]field[*contact.Contact]{
		"id":         id(relay.ContactKind, func(c *contact.Contact) int64 { return c.ID }),
		"startedAt":  {value: value(appendInstant, startOf)},
		"externalId": column(contact.ColumnExternalID, value(appendText, func(c *contact.Contact) string { return c.ExternalID })),
		"type":       column(contact.ColumnType, value(appendPlain, func(c *contact.Contact) contact.Type { return c.Type })),
		"channel":    column(contact.ColumnChannel, optional(appendText, func(c *contact.Contact) *string { return c.Channel })),
		"status":     column(contact.ColumnStatus, value(appendPlain, func(c *contact.Contact) contact.Status { return c.Status })),
		"hangupParty": column(contact.ColumnHangupParty,
			optional(appendPlain, func(c *contact.Contact) *contact.HangupParty { return c.HangupParty })),

		"ivrTime":       column(contact.ColumnIVRTime, optional(appendInt, func(c *contact.Contact) *int { return c.IVRTime })),
		"ringTime":      column(contact.ColumnRingTime, optional(appendInt, func(c *contact.Contact) *int { return c.RingTime })),
		"agentTalkTime": column(contact.ColumnAgentTalkTime, optional(appendInt, func(c *contact.Contact) *int { return c.AgentTalkTime })),
		"talkTime":      column(contact.ColumnTalkTime, optional(appendInt, func(c *contact.Contact) *int { return c.TalkTime })),

		"holdTime":   column(contact.ColumnHoldTime, optional(appendInt, func(c *contact.Contact) *int { return c.HoldTime })),
		"wrapUpTime": column(contact.ColumnWrapUpTime, optional(appendInt, func(c *contact.Contact) *int { return c.WrapUpTime })),

		"outcome":      column(contact.ColumnOutcome, optional(appendPlain, func(c *contact.Contact) *contact.Outcome { return c.Outcome })),
		"reachedAgent": column(contact.ColumnOutcome, optional(appendBool, (*contact.Contact).ReachedAgent)),
		"lostAt":       column(contact.ColumnOutcome, optional(appendPlain, (*contact.Contact).LostAt)),
		"queueTime":    column(contact.ColumnQueueTime, optional(appendInt, func(c *contact.Contact) *int { return c.QueueTime })),
		"timeToAnswer": column(contact.ColumnTimeToAnswer, optional(appendInt, func(c *contact.Contact) *int { return c.TimeToAnswer })),
		"lostAfter":    column(contact.ColumnLostAfter, optional(appendInt, func(c *contact.Contact) *int { return c.LostAfter })),

		"unfinished": column(contact.ColumnStatus, func(answer []byte, c *contact.Contact, page *page) []byte {
			return appendBool(answer, page.unfinished(c))
		}),
		"conversationId": column(contact.ColumnConversation,
			optional(appendText, func(c *contact.Contact) *string { return c.ConversationID })),
		"conversation": {columns: contact.ColumnConversation}, // for the generated executor
		"ticketId":     column(contact.ColumnTicketID, optional(appendText, func(c *contact.Contact) *string { return c.TicketID })),
		"siteCallOrderId": column(contact.ColumnSiteCallOrderID,
			optional(appendText, func(c *contact.Contact) *string { return c.SiteCallOrderID })),
		"sourceAddress": column(contact.ColumnSourceAddress,
			optional(appendText, func(c *contact.Contact) *string { return c.SourceAddress })),
		"destinationAddress": column(contact.ColumnDestinationAddress,
			optional(appendText, func(c *contact.Contact) *string { return c.DestinationAddress })),
		"toAddresses":  column(contact.ColumnToAddresses, value(appendTexts, func(c *contact.Contact) []string { return c.ToAddresses })),
		"ccAddresses":  column(contact.ColumnCCAddresses, value(appendTexts, func(c *contact.Contact) []string { return c.CCAddresses })),
		"bccAddresses": column(contact.ColumnBCCAddresses, value(appendTexts, func(c *contact.Contact) []string { return c.BCCAddresses })),

		"campaign":   thing(campaigns, contact.ColumnCampaign, campaignShape, (*page).campaignOf),
		"agent":      thing(agents, contact.ColumnAgent, agentShape, (*page).agentOf),
		"queue":      thing(queues, contact.ColumnQueue, queueShape, (*page).queueOf),
		"classifier": thing(classifiers, contact.ColumnClassifier, classifierShape, (*page).classifierOf),
		"siteCall":   thing(siteCalls, contact.ColumnSiteCall, siteCallShape, (*page).siteCallOf),
		"record":     thing(records, contact.ColumnRecord, recordShape, (*page).recordOf),
		"ivrSteps":   steps(),
		"details":    details(),
		"recordings": {columns: contact.ColumnDetailsKind | contact.ColumnExternalID}, // for the generated executor
	},
}

var agentShape = &shape[*directory.Agent]{
	names: []string{"Agent", "Node"},
	fields: map[string]field[*directory.Agent]{
		"id":         id(relay.AgentKind, func(a *directory.Agent) int64 { return a.ID }),
		"externalId": {value: value(appendText, func(a *directory.Agent) string { return a.ExternalID })},
		"name":       {value: value(appendText, func(a *directory.Agent) string { return a.Name })},
		"deletedAt":  {value: optional(appendInstant, deletionOf)},
	},
}

var campaignShape = &shape[*directory.Campaign]{
	names: []string{"Campaign", "Node"},
	fields: map[string]field[*directory.Campaign]{
		"id":         id(relay.CampaignKind, func(c *directory.Campaign) int64 { return c.ID }),
		"externalId": {value: value(appendText, func(c *directory.Campaign) string { return c.ExternalID })},
		"name":       {value: value(appendText, func(c *directory.Campaign) string { return c.Name })},
	},
}

var queueShape = &shape[*directory.Queue]{
	names: []string{"Queue", "Node"},
	fields: map[string]field[*directory.Queue]{
		"id":         id(relay.QueueKind, func(q *directory.Queue) int64 { return q.ID }),
		"externalId": {value: value(appendText, func(q *directory.Queue) string { return q.ExternalID })},
		"name":       {value: value(appendText, func(q *directory.Queue) string { return q.Name })},
	},
}

var classifierShape = &shape[*directory.Classifier]{
	names: []string{"Classifier", "Node"},
	fields: map[string]field[*directory.Classifier]{
		"id":         id(relay.ClassifierKind, func(c *directory.Classifier) int64 { return c.ID }),
		"externalId": {value: value(appendText, func(c *directory.Classifier) string { return c.ExternalID })},
		"name":       {value: value(appendText, func(c *directory.Classifier) string { return c.Name })},
	},
}

var siteCallShape = &shape[*directory.SiteCall]{
	names: []string{"SiteCall", "Node"},
	fields: map[string]field[*directory.SiteCall]{
		"id":         id(relay.SiteCallKind, func(s *directory.SiteCall) int64 { return s.ID }),
		"externalId": {value: value(appendText, func(s *directory.SiteCall) string { return s.ExternalID })},
		"name":       {value: value(appendText, func(s *directory.SiteCall) string { return s.Name })},
	},
}

var recordShape = &shape[*contact.Record]{
	names: []string{"Record", "Node"},
	fields: map[string]field[*contact.Record]{
		"id":               id(relay.RecordKind, func(r *contact.Record) int64 { return r.ID }),
		"externalId":       {value: value(appendText, func(r *contact.Record) string { return r.ExternalID })},
		"significantField": nullable(significantShape, (*contact.Record).SignificantField),
	},
}

var significantShape = &shape[*contact.SignificantField]{
	names: []string{"SignificantFieldInfo"},
	fields: map[string]field[*contact.SignificantField]{
		"name":  {value: value(appendText, func(f *contact.SignificantField) string { return f.Name })},
		"value": {value: optional(appendText, func(f *contact.SignificantField) *string { return f.Value })},
	},
}

var stepShape = &shape[*contact.IVRStep]{
	names: []string{"IvrStep"},
	fields: map[string]field[*contact.IVRStep]{
		"position":  {value: value(appendInt, func(s *contact.IVRStep) int { return s.Position })},
		"name":      {value: value(appendText, func(s *contact.IVRStep) string { return s.Name })},
		"kind":      {value: value(appendPlain, func(s *contact.IVRStep) contact.StepKind { return s.Kind })},
		"choice":    {value: optional(appendText, func(s *contact.IVRStep) *string { return s.Choice })},
		"enteredAt": {value: value(appendInstant, entryOf)},
		"leftAt":    {value: optional(appendInstant, exitOf)},
		"duration":  {value: optional(appendInt, (*contact.IVRStep).Duration)},
	},
}

// detailsShapes are the types of details, by their kind. Plans write no more of them than their names.
var detailsShapes = map[contact.DetailsKind]*shape[*contact.Contact]{
	contact.RecordingDetails: {names: []string{"RecordingInfo", "ContactDetails"}},
	contact.EmailDetails:     {names: []string{"EmailInfo", "ContactDetails"}},
	contact.ChatDetails:      {names: []string{"ChatInfo", "ContactDetails"}},
	contact.SMSDetails:       {names: []string{"SmsInfo", "ContactDetails"}},
}

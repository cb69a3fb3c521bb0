package asterisk

import (
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/telephony"
)

// Mapper makes contacts of the rows of an Asterisk.
type Mapper struct {
	source *telephony.Source
	names  *telephony.Names
}

// NewMapper makes the mapper of a source. It is safe for one goroutine.
func NewMapper(source *telephony.Source) *Mapper {
	return &Mapper{source: source, names: telephony.NewNames(source)}
}

// Analyze reads the rows of a call: by CEL, else by CDR and queue_log.
func (m *Mapper) Analyze(call telephony.Call, now time.Time) telephony.Analysis {
	telephony.SortRows(call.Rows, rank)
	base := base{Mapper: m, call: call, revision: call.Revision(), records: newRecords(call.Rows)}
	events := newEvents(call.Rows)
	if len(events) == 0 {
		return newSummary(base, now)
	}
	a := &analysis{base: base, trace: newTrace(m.names, events, now, time.Duration(m.source.UnfinishedAfter))}
	a.key = a.leastID()
	a.roots, a.own = a.trace.roots()
	return a
}

// base is what every reading of a call has.
type base struct {
	*Mapper
	call     telephony.Call
	key      string
	revision int64
	records  records
	unknown  []telephony.Unknown
}

func (b *base) note(kind telephony.UnknownKind, value string) {
	b.unknown = append(b.unknown, telephony.Unknown{Kind: kind, Value: value})
}

// newContact is a contact of the call with what all of them have.
func (b *base) newContact(key string, kind contact.Type, second int64) telephony.Contact {
	return telephony.Contact{Contact: format.Contact{
		ExternalID: b.source.Name + ":" + key, Revision: b.revision, Type: kind, StartedAt: b.instant(second),
	}}
}

func (b *base) instant(second int64) time.Time { return time.Unix(second, 0).In(b.source.Location()) }

// text is nil for none.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func number(n int) *int { return &n }

// analysis is a call read by CEL.
type analysis struct {
	base
	*trace
	roots []*root
	own   []*channel
	done  []telephony.Contact
}

// Lines are the telephone lines of agents in the call.
func (a *analysis) Lines() []telephony.Line {
	if !a.complete() {
		return nil
	}
	return a.lines(a.roots, a.campaignOf)
}

// Outcome is what the call comes to.
func (a *analysis) Outcome(others []telephony.Line) telephony.Outcome {
	outcome := telephony.Outcome{Key: a.key, Open: !a.over, Unfinished: a.unfinished}
	if !a.complete() {
		outcome.Reason = telephony.StartMissing
		return outcome
	}
	a.done, a.unknown = nil, nil
	reason := telephony.NoParty
	for i, r := range a.roots {
		why := a.take(r, others)
		if i == 0 && why != "" {
			reason = why
		}
	}
	outcome.Contacts = a.done
	if len(a.done) == 0 && a.over {
		outcome.Reason = reason
	}
	a.noteUnknown()
	outcome.Unknown = a.unknown
	return outcome
}

// take adds the contacts of a root, or says why it has none.
func (a *analysis) take(r *root, others []telephony.Line) telephony.Reason {
	switch r.direction {
	case inbound:
		a.takeRows(r, others)
	case outbound:
		return a.takeOutbound(r, others)
	default:
		return a.takeMachine(r, others)
	}
	return ""
}

func (a *analysis) takeOutbound(r *root, others []telephony.Line) telephony.Reason {
	if r.client != nil {
		a.takeRows(r, others)
		return ""
	}
	exten := r.first.exten
	switch {
	case !a.over:
		return ""
	case strings.HasPrefix(exten, "*"), len(exten) <= 6:
		return telephony.FeatureCode
	case a.joined(r):
		return telephony.NoParty
	}
	a.takeRows(r, others)
	return ""
}

// joined is whether the root's first channel spoke with the client of another root: it is part of that one.
func (a *analysis) joined(r *root) bool {
	for _, other := range a.roots {
		for _, talk := range other.talks {
			if other != r && talk.channel == r.first {
				return true
			}
		}
	}
	return false
}

func (a *analysis) takeMachine(r *root, others []telephony.Line) telephony.Reason {
	switch {
	case r.agent == nil && r.client == nil:
		if a.over {
			return telephony.NoAgent
		}
		return ""
	case r.agent == nil && a.isMachineSurvey(r):
		a.takeMachineSurvey(r)
		return ""
	case r.agent == nil:
		return telephony.NoAgent
	case !r.agent.isAnswered():
		return telephony.AgentNotReached
	case r.client == nil:
		return telephony.NoParty
	}
	a.takeRows(r, others)
	return ""
}

// noteUnknown notes whom the configuration does not name.
func (a *analysis) noteUnknown() {
	for _, ch := range a.channels {
		switch {
		case ch.side == external && !a.names.Trunk(ch.endpoint, ch.device):
			a.note(telephony.UnknownEndpoint, ch.endpoint)
		case ch.side == internal && ch.agent != nil && ch.agent.ExternalID == ch.endpoint && !a.names.KnowsAgent(ch.endpoint):
			a.note(telephony.UnknownAgent, ch.endpoint)
		}
	}
}

// campaignOf is the campaign of a root's own row.
func (a *analysis) campaignOf(r *root) *telephony.Reference {
	if r.direction != inbound {
		if a.source.OutboundCampaign == "byCallerId" {
			return a.names.CampaignOfNumber(a.shownNumber(r))
		}
		return nil
	}
	queues, campaign := a.queuesOf(r), false
	did := a.didOf(r)
	for i := range a.events {
		e := &a.events[i]
		if e.uid() == r.client.uid {
			step := a.names.Step(e.field(celContext))
			campaign = campaign || step != nil && isCampaignStep(step.Kind)
		}
	}
	if named := a.names.CampaignOfNumber(did); named != nil {
		return named
	}
	if len(queues) > 0 || campaign {
		return a.campaignBy(did, lastOf(queues))
	}
	return nil
}

func isCampaignStep(kind contact.StepKind) bool {
	return kind == contact.MenuStep || kind == contact.InputStep || kind == contact.AnnouncementStep
}

// campaignBy is the campaign of a DID, else of a queue, else one made of the DID.
func (b *base) campaignBy(did, queue string) *telephony.Reference {
	if did != "" {
		if campaign := b.names.CampaignOfNumber(did); campaign != nil {
			return campaign
		}
	}
	if campaign := b.names.CampaignOfQueue(queue); campaign != nil {
		return campaign
	}
	if did == "" {
		return nil
	}
	b.note(telephony.UnknownDID, did)
	return &telephony.Reference{ExternalID: "did:" + did, Name: did, Assumed: true}
}

// didOf is the number that a client called.
func (a *analysis) didOf(r *root) string {
	if exten := r.client.exten; exten != "s" && exten != "" {
		return exten
	}
	if did := a.records.value(r.client.uid, "did"); did != "" {
		return did
	}
	return r.client.dnid
}

// queuesOf are the queues that the client entered before the first transfer.
func (a *analysis) queuesOf(r *root) []string {
	var queues []string
	for i := range a.events {
		e := &a.events[i]
		if len(r.transfers) > 0 && int64(i) >= r.transfers[0].at {
			break
		}
		if e.uid() == r.client.uid && e.kind() == "APP_START" && e.field(celApp) == "Queue" {
			queues = append(queues, firstArgument(e.field(celAppData)))
		}
	}
	return queues
}

func lastOf(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// firstArgument is what stands before the first comma of an application's data.
func firstArgument(data string) string {
	first, _, _ := strings.Cut(data, ",")
	return first
}

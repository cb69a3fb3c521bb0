package freeswitch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// direction is how a call began.
type direction int

const (
	inbound direction = iota
	outbound
	byMachine
)

// analysis is a call read by its legs.
type analysis struct {
	source    *telephony.Source
	names     *telephony.Names
	revision  int64
	main      *Leg
	called    []*Leg // those who were called, by the times at which they were
	direction direction
	waits     bool // for the leg that called the main one
	talks     []talk
	unknown   []telephony.Unknown
	done      []telephony.Contact
}

func newAnalysis(m *Mapper, call telephony.Call, now time.Time) *analysis {
	a := &analysis{source: m.source, names: m.names, revision: call.Revision()}
	var legs []*Leg
	seen := map[string]bool{}
	for i := range call.Rows {
		if leg := legOf(&call.Rows[i]); leg != nil && !seen[leg.UUID] {
			seen[leg.UUID] = true
			legs = append(legs, leg)
		}
	}
	if len(legs) == 0 {
		return a
	}
	slices.SortFunc(legs, func(x, y *Leg) int {
		return cmp.Or(cmp.Compare(micros(x.Variables["start_uepoch"]), micros(y.Variables["start_uepoch"])), cmp.Compare(x.start(), y.start()), cmp.Compare(x.UUID, y.UUID))
	})
	a.main = legs[0]
	if i := slices.IndexFunc(legs, func(leg *Leg) bool { return leg.Direction == "inbound" }); i >= 0 {
		a.main = legs[i]
	}
	for _, leg := range legs {
		if leg != a.main && leg.Direction != "inbound" {
			a.called = append(a.called, leg)
		}
	}
	a.waits = a.main.isCalled() && !seen[a.main.caller()] && now.Sub(call.Last()) < time.Duration(m.source.UnfinishedAfter)
	a.direction = a.directionOf()
	a.findTalks()
	return a
}

// isCalled is whether another leg called this one.
func (l *Leg) isCalled() bool { return l.Direction != "inbound" && l.caller() != "" }

// caller is the leg that called this one, empty if none did.
func (l *Leg) caller() string {
	return cmp.Or(l.Variables["originating_leg_uuid"], l.Variables["originator"], l.Variables["cc_member_session_uuid"])
}

func (a *analysis) directionOf() direction {
	if a.main.Direction != "inbound" && a.main.caller() == "" {
		return byMachine
	}
	switch a.main.Variables["call_direction"] {
	case "inbound":
		return inbound
	case "outbound", "local":
		return outbound
	}
	if p := a.main.first(); a.main.Direction != "inbound" {
		if a.isInternal(p.Destination) && !a.isInternal(p.Caller) {
			return inbound
		}
	} else if p.Context == "public" {
		return inbound
	}
	return outbound
}

// first is the oldest place that a leg went through.
func (l *Leg) first() Profile {
	if len(l.Profiles) == 0 {
		return Profile{Caller: l.Variables["caller_id_number"], Destination: l.Variables["destination_number"], Context: l.Variables["context"]}
	}
	return l.Profiles[0]
}

func (a *analysis) isInternal(endpoint string) bool {
	return endpoint != "" && a.names.Internal(endpoint, endpoint)
}

// Lines are none: legs come when they have ended, and a consultation is not told from a call.
func (a *analysis) Lines() []telephony.Line { return nil }

// Outcome is what the call comes to.
func (a *analysis) Outcome([]telephony.Line) telephony.Outcome {
	if a.main == nil {
		return telephony.Outcome{Reason: telephony.BadRow}
	}
	outcome := telephony.Outcome{Key: a.main.UUID, Open: a.waits}
	if a.waits {
		return outcome
	}
	a.done, a.unknown = nil, nil
	switch a.direction {
	case inbound:
		outcome.Reason = a.takeInbound()
	case outbound:
		outcome.Reason = a.takeOutbound()
	default:
		outcome.Reason = a.takeMachine()
	}
	a.source.JoinConversation(a.done, a.main.UUID)
	outcome.Contacts, outcome.Unknown = a.done, a.unknown
	return outcome
}

func (a *analysis) note(kind telephony.UnknownKind, value string) {
	a.unknown = append(a.unknown, telephony.Unknown{Kind: kind, Value: value})
}

// agentAt is who works at an endpoint.
func (a *analysis) agentAt(endpoint string) *telephony.Reference {
	if agent := a.names.AgentOfNumber(endpoint); agent != nil {
		return agent
	}
	if !a.names.KnowsAgent(endpoint) {
		a.note(telephony.UnknownAgent, endpoint)
	}
	return a.names.Agent(endpoint, "")
}

// fill sets the fields that the configuration takes from variables of the main leg.
func (a *analysis) fill(c *telephony.Contact) {
	for _, field := range []string{"classifier", "ticketId", "record"} {
		if column := a.source.Fields[field]; column != "" {
			c.Set(field, a.main.Variables[column])
		}
	}
}

// setRecording names the recording of a talk or a message.
func (a *analysis) setRecording(c *telephony.Contact) {
	v := a.main.Variables
	file := v["record_name"]
	if file != "" && v["record_path"] != "" {
		file = strings.TrimSuffix(v["record_path"], "/") + "/" + file
	}
	if file == "" {
		file = v["cc_record_filename"]
	}
	if file == "" {
		return
	}
	c.Details = telephony.Recording(a.source.RecordingPath(file, c.StartedAt), wholeSeconds(v["record_seconds"]))
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func number(n int) *int { return &n }

func party(p contact.HangupParty) *contact.HangupParty { return &p }

package asterisk

import (
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
)

// walk reads the way of a client along the channel that runs the dialplan for them.
type walk struct {
	*analysis
	channel *channel
	survey  bool // contexts of surveys are steps, too
	context *step
	inside  *step // a queue or a voice mailbox
	steps   []*step
}

// way is the client's way in a segment.
func (a *analysis) way(s *segment, ch *channel, survey bool) []*step {
	w := &walk{analysis: a, channel: ch, survey: survey}
	if ch != nil {
		for i := s.fromAt; i < s.toAt && i < int64(len(a.events)); i++ {
			if e := &a.events[i]; e.uid() == ch.uid {
				w.take(e, i)
			}
		}
	}
	for _, st := range w.steps {
		st.entered = max(st.entered, s.from)
		w.end(st, s)
	}
	return append(w.steps, a.talkSteps(s)...)
}

// take reads the next event of the channel.
func (w *walk) take(e *event, at int64) {
	if e.kind() == "LINKEDID_END" || e.kind() == "CHAN_END" && w.channel.endedAt < at {
		return
	}
	w.takeContext(e, at)
	switch e.kind() {
	case "DTMF":
		w.takeDigit(e)
	case "APP_START":
		switch e.field(celApp) {
		case "Queue":
			queue := firstArgument(e.field(celAppData))
			w.enter(&step{kind: contact.QueueStep, name: w.names.Queue(queue).Name, queue: queue}, e, at)
		case "VoiceMail":
			box, _, _ := strings.Cut(firstArgument(e.field(celAppData)), "@")
			w.enter(&step{kind: contact.VoicemailStep, name: cutText("Poczta głosowa " + box)}, e, at)
		}
	case "APP_END":
		if app := e.field(celApp); app == "Queue" || app == "VoiceMail" {
			w.leave(e)
		}
	case "HANGUP", "CHAN_END":
		w.closeContext(e.second)
		w.leave(e)
	}
}

// takeContext opens and closes the tile of the context that the dialplan is in.
func (w *walk) takeContext(e *event, at int64) {
	name, exten := e.field(celContext), e.field(celExten)
	named := w.names.Step(name)
	if w.survey && w.names.Survey(name) && e.kind() != "HANGUP" {
		kind, label := contact.SurveyStep, name
		if named != nil {
			label = named.Name
		}
		w.openContext(&step{kind: kind, name: label, exten: exten}, e, at, name)
		return
	}
	if named == nil || w.names.Survey(name) || e.kind() == "HANGUP" {
		w.closeContext(e.second)
		return
	}
	if open := w.context; open != nil && open.queue == name && !(open.kind == contact.MenuStep && exten == "s" && open.exten != "s") {
		open.see(exten)
		return
	}
	w.closeContext(e.second)
	w.openContext(&step{kind: named.Kind, name: cutText(named.Name), exten: exten}, e, at, name)
}

func (w *walk) openContext(st *step, e *event, at int64, context string) {
	if open := w.context; open != nil && open.queue == context {
		open.see(e.field(celExten))
		return
	}
	w.closeContext(e.second)
	st.queue, st.enteredAt, st.entered, st.left = context, at, e.second, openEnd
	st.see(st.exten)
	w.context = st
	w.steps = append(w.steps, st)
}

func (w *walk) closeContext(second int64) {
	if w.context != nil {
		w.context.left = second
		w.context = nil
	}
}

// see notes an extension; the first one that is none of the dialplan's own words is a choice.
func (st *step) see(exten string) {
	st.exten = exten
	if st.chosen == "" && exten != "" && !slices.Contains([]string{"s", "i", "t", "h", "o", "a", "e", "hang", "return", "fax"}, exten) {
		st.chosen = exten
	}
}

func (w *walk) takeDigit(e *event) {
	if e.field(celUserType) != "Received" && e.field(celUserType) != "" {
		return
	}
	digit := e.extra().Digit
	if w.inside != nil {
		w.inside.lastDigit, w.inside.digitSince = digit, e.second
	} else if w.context != nil {
		w.context.digits += digit
	}
}

// enter opens a queue or a voice mailbox.
func (w *walk) enter(st *step, e *event, at int64) {
	w.closeContext(e.second)
	w.leave(e)
	st.enteredAt, st.entered, st.left = at, e.second, openEnd
	w.inside = st
	w.steps = append(w.steps, st)
}

// leave closes a queue or a voice mailbox. A key pressed just before left the queue.
func (w *walk) leave(e *event) {
	if w.inside == nil {
		return
	}
	w.inside.left = e.second
	if w.inside.lastDigit != "" && e.kind() == "APP_END" && e.second-w.inside.digitSince <= 1 {
		w.inside.choice = w.inside.lastDigit
	}
	w.inside = nil
}

// end cuts a step where a talk begins, and says what was chosen.
func (w *walk) end(st *step, s *segment) {
	limit := s.until()
	for _, t := range s.talks {
		if t.fromAt > st.enteredAt || t.from > st.entered {
			if limit = min(limit, t.from); st.kind == contact.QueueStep {
				st.choice = ""
			}
			break
		}
	}
	if st.left > limit {
		st.left = max(limit, st.entered)
	}
	switch st.kind {
	case contact.MenuStep, contact.SurveyStep:
		if st.choice = st.digits; st.choice == "" {
			st.choice = st.chosen
		}
	case contact.InputStep:
		if w.source.KeepInput {
			st.choice = st.digits
		}
	}
	st.choice = cutText(st.choice)
}

// talkSteps are the tiles of a segment's talks, and of outside telephones that the dialplan called by itself.
func (a *analysis) talkSteps(s *segment) []*step {
	var steps []*step
	for _, t := range s.talks {
		steps = append(steps, &step{kind: contact.AgentStep, name: t.channel.agent.Name, enteredAt: t.fromAt, entered: t.from, left: t.to})
	}
	if s.client == nil || s.client.side == internal {
		return steps
	}
	for _, leg := range s.legsBetween(s.fromAt, s.toAt) {
		if leg.side != external || leg == s.client || s.isConsulted(leg) {
			continue
		}
		for _, together := range s.connected(leg, s.client, nil) {
			steps = append(steps, &step{
				kind: contact.TransferStep, name: a.nameOfLeg(leg, leg.dialled), enteredAt: together.fromAt, entered: together.from, left: together.to,
			})
		}
	}
	return steps
}

// nameOfLeg is what a tile calls an outside telephone: the number behind a trunk, else the endpoint.
func (a *analysis) nameOfLeg(leg *channel, number string) string {
	if number != "" && a.names.Trunk(leg.endpoint, leg.device) {
		return cutText(number)
	}
	return cutText(leg.endpoint)
}

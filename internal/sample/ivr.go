package sample

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// walk is a way through the IVR as it is walked.
type walk struct {
	at    time.Time
	steps []format.Step
	// heard is the seconds spent with the machine, without waiting in queues and without talking.
	heard int
}

func walkFrom(at time.Time) walk { return walk{at: at, steps: make([]format.Step, 0, 6)} }

// through adds a tile that was left after so many seconds.
func (w *walk) through(kind contact.StepKind, name string, choice *string, seconds int) {
	left := w.at.Add(time.Duration(seconds) * time.Second)
	w.steps = append(w.steps, format.Step{Name: name, Kind: kind, Choice: choice, EnteredAt: w.at, LeftAt: &left})
	w.at = left
	if kind != contact.QueueStep && kind != contact.AgentStep && kind != contact.TransferStep {
		w.heard += seconds
	}
}

// The digits that a client can press.
var digits = [10]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

func pressed(digit int) *string { return &digits[digit] }

// outcome is where a call to a campaign ended.
type outcome int

const (
	hungUp     outcome = iota // by the client, before anyone answered
	selfServed                // the machine had the answer
	closed                    // outside opening hours
	leftVoice                 // a message was left
	passedOn                  // to an outside number, by the machine
	served                    // an agent answered
)

// callIn is a call to a campaign until an agent answers.
type callIn struct {
	walk
	outcome outcome
	// queue is where the client waited, nil for none.
	queue *format.Reference
}

var (
	greetingSeconds = spread{3, 4, 5, 6, 8, 11}
	menuSeconds     = spread{1, 3, 5, 7, 10, 19}
	inputSeconds    = spread{4, 7, 9, 12, 22}
	noticeSeconds   = spread{6, 9, 14, 20, 32}
	messageSeconds  = spread{4, 14, 25, 40, 75, 118}
	waitSeconds     = spread{1, 3, 6, 12, 22, 38, 65, 110, 190, 420}
)

// callIn walks a client through a campaign's IVR.
func (h *hour) callIn(p *campaign, at time.Time) callIn {
	c := callIn{walk: walkFrom(at)}
	c.through(contact.AnnouncementStep, "Powitanie", nil, greetingSeconds.draw(&h.random))
	if h.chance(55) {
		return c
	}
	if p.closes-p.opens < 24 {
		c.through(contact.OtherStep, "Sprawdzenie godzin pracy", nil, h.below(2))
		if !p.open(h.local) {
			return h.afterHours(c)
		}
	}
	if p.index%4 == 1 {
		c.through(contact.InputStep, "Podaj numer klienta", new(string(appendPadded(nil, h.below(1_000_000), 6))), inputSeconds.draw(&h.random))
	}
	queue := 0
	if p.index%3 != 2 || len(p.queues) > 1 {
		if !h.chooseQueue(p, &c, &queue) {
			return c
		}
	}
	if h.chance(45) {
		c.through(contact.AnnouncementStep, "Stan zgłoszenia", nil, noticeSeconds.draw(&h.random))
		c.outcome = selfServed
		return c
	}
	c.queue = h.centre.queueRefs[p.queues[queue]]
	wait := waitSeconds.draw(&h.random)
	gaveUp := h.below(600) < wait
	c.through(contact.QueueStep, "Kolejka", nil, wait)
	switch {
	case gaveUp && h.chance(240):
		c.through(contact.VoicemailStep, "Poczta głosowa", nil, messageSeconds.draw(&h.random))
		c.outcome = leftVoice
	case gaveUp:
		c.outcome = hungUp
	case h.chance(14):
		c.through(contact.TransferStep, "Przekazanie do oddziału", nil, talkSeconds.draw(&h.random))
		c.outcome = passedOn
	default:
		c.outcome = served
	}
	return c
}

// chooseQueue asks for a digit until one of the campaign's queues is chosen; false if the client hung up.
func (h *hour) chooseQueue(p *campaign, c *callIn, queue *int) bool {
	for range 2 {
		switch n := h.below(1000); {
		case n < 40:
			c.through(contact.MenuStep, "Menu główne", nil, menuSeconds.draw(&h.random))
			return false
		case n < 90: // a digit that means nothing: asked again
			c.through(contact.MenuStep, "Menu główne", pressed(9), menuSeconds.draw(&h.random))
			continue
		}
		*queue = h.lowest(len(p.queues))
		c.through(contact.MenuStep, "Menu główne", pressed(*queue+1), menuSeconds.draw(&h.random))
		return true
	}
	return true
}

// afterHours is the way of a call to a campaign that is closed.
func (h *hour) afterHours(c callIn) callIn {
	c.through(contact.AnnouncementStep, "Poza godzinami pracy", nil, noticeSeconds.draw(&h.random))
	c.outcome = closed
	if h.chance(380) {
		c.through(contact.VoicemailStep, "Poczta głosowa", nil, messageSeconds.draw(&h.random))
		c.outcome = leftVoice
	}
	return c
}

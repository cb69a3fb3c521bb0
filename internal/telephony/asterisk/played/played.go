// Package played says what calls that were played through a real Asterisk were, as those who played them know it, and compares
// contacts with that.
package played

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Call is a call that was played, with the contacts that it comes to: none for one under a reason.
type Call struct {
	Name     string    `json:"name"`
	BeganAt  time.Time `json:"beganAt"`
	EndedAt  time.Time `json:"endedAt"`
	Reason   string    `json:"reason,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
}

// Contact is a contact by what can be seen outside the exchange. Texts are empty and numbers nil where there is none.
type Contact struct {
	ExternalID  string    `json:"externalId,omitempty"`
	Handed      bool      `json:"handed,omitempty"` // begun by a transfer
	Type        string    `json:"type"`
	Status      string    `json:"status"`
	StartedAt   time.Time `json:"startedAt"`
	From        string    `json:"from"`
	To          string    `json:"to"`
	Campaign    string    `json:"campaign,omitempty"`
	Queue       string    `json:"queue,omitempty"`
	Agent       string    `json:"agent,omitempty"`
	HangupParty string    `json:"hangupParty,omitempty"`
	Ring        *int      `json:"ring,omitempty"`
	Talk        *int      `json:"talk,omitempty"`
	Steps       []Step    `json:"steps,omitempty"`
}

// Step is a step of a client's way.
type Step struct {
	Kind   string    `json:"kind"`
	Name   string    `json:"name"`
	Choice string    `json:"choice,omitempty"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
}

// Tolerance is how many whole seconds a contact may differ from what was played: each is cut to seconds by a clock of its own.
const Tolerance = 1

// Comparison counts instants and durations that were compared, and tells what is wrong with them.
type Comparison struct {
	// Differences counts by whole seconds.
	Differences map[int]int
	Faults      []string
}

// Worst is the largest difference in seconds.
func (c *Comparison) Worst() int {
	worst := 0
	for difference := range c.Differences {
		worst = max(worst, difference)
	}
	return worst
}

// Compare compares calls with the contacts of an exchange on which nothing else happened.
func Compare(calls []Call, contacts []Contact) *Comparison {
	c := &Comparison{Differences: map[int]int{}}
	taken := make([]bool, len(contacts))
	for _, call := range calls {
		var own []Contact
		for i, got := range contacts {
			if !got.StartedAt.Before(call.BeganAt.Add(-time.Second)) && !got.StartedAt.After(call.EndedAt) {
				own, taken[i] = append(own, got), true
			}
		}
		c.compareCall(call, own)
	}
	for i, got := range contacts {
		if !taken[i] {
			c.fault("", "no call was played for %s", got.outline())
		}
	}
	return c
}

func (c *Comparison) fault(name, format string, values ...any) {
	c.Faults = append(c.Faults, strings.TrimPrefix(name+": "+fmt.Sprintf(format, values...), ": "))
}

var externalID = regexp.MustCompile(`^[^:]+:(\d+)\.\d+(/t\d+\.\d+)?$`)

func (c *Comparison) compareCall(call Call, got []Contact) {
	for _, want := range call.Contacts {
		at := slices.IndexFunc(got, func(one Contact) bool { return one.outline() == want.outline() })
		if at < 0 {
			c.fault(call.Name, "there is no contact\n  %s", want.outline())
			continue
		}
		c.compareTimes(call.Name, want, got[at])
		got = slices.Delete(got, at, at+1)
	}
	for _, one := range got {
		c.fault(call.Name, "nobody played the contact\n  %s", one.outline())
	}
}

func (c *Comparison) compareTimes(name string, want, got Contact) {
	c.compareInstants(name, "startedAt", want.StartedAt, got.StartedAt)
	c.compareDurations(name, "ring", want.Ring, got.Ring)
	c.compareDurations(name, "talk", want.Talk, got.Talk)
	for i, step := range want.Steps {
		c.compareInstants(name, step.Kind+" from", step.From, got.Steps[i].From)
		c.compareInstants(name, step.Kind+" to", step.To, got.Steps[i].To)
	}
}

func (c *Comparison) compareInstants(name, what string, want, got time.Time) {
	c.difference(name, what, int(want.Unix()-got.Unix()))
}

func (c *Comparison) compareDurations(name, what string, want, got *int) {
	switch {
	case want != nil && got != nil:
		c.difference(name, what, *want-*got)
	case want != nil || got != nil:
		c.fault(name, "%s: one is null: played %v, got %v", what, want, got)
	}
}

func (c *Comparison) difference(name, what string, seconds int) {
	seconds = max(seconds, -seconds)
	c.Differences[seconds]++
	if seconds > Tolerance {
		c.fault(name, "%s differs by %d s", what, seconds)
	}
}

// outline is a contact without its times.
func (c Contact) outline() string {
	handed := c.Handed
	if parts := externalID.FindStringSubmatch(c.ExternalID); parts != nil {
		handed = parts[2] != ""
	}
	out := fmt.Sprintf("%s %s %s>%s campaign=%s queue=%s agent=%s %s handed=%t", c.Type, c.Status, c.From, c.To, c.Campaign, c.Queue, c.Agent, c.HangupParty, handed)
	for _, step := range c.Steps {
		out += fmt.Sprintf(" | %s %q %s", step.Kind, step.Name, step.Choice)
	}
	return out
}

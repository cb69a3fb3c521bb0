package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// The bounds of a conversation: how far the starts of its contacts may lie apart, and how many of them there may be.
const (
	ConversationSpan = 31 * 24 * time.Hour
	MaxConversation  = 100
)

// conversationsAtOnce is how many conversations one statement looks for.
const conversationsAtOnce = 20

// Conversation is what the conversation of a contact is found by.
type Conversation struct {
	contact.Key
	ConversationID string
}

// Conversations finds the contacts that belong to the conversations of some contacts, those themselves among them, in the
// order of their starts: what started within ConversationSpan of the contact asked for, at most MaxConversation of it.
func (s *Reader) Conversations(ctx context.Context, asked []Conversation, columns contact.Columns) (map[Conversation][]*contact.Contact, error) {
	visibility := s.Visibility()
	if visibility.Nothing() {
		return nil, nil
	}
	columns |= contact.ColumnConversation
	all := make(map[Conversation][]*contact.Contact, len(asked))
	for _, some := range conversationParts(asked) {
		wanted := make([]plan.Asked, len(some))
		for i, one := range some {
			wanted[i] = plan.Asked{ConversationID: one.ConversationID, Interval: one.span()}
		}
		rows, err := newContactRows(columns, len(some)*MaxConversation).
			read(ctx, s.mode(), s.pool, plan.Conversations(wanted, visible(visibility), MaxConversation, columns))
		if err != nil {
			return nil, fmt.Errorf("finding conversations: %w", err)
		}
		s.viewer.Show(rows)
		for _, one := range some {
			all[one] = one.of(rows)
		}
	}
	return all, nil
}

// span is when the contacts of the conversation may have started.
func (c Conversation) span() calendar.Interval {
	return calendar.Interval{Start: c.StartedAt.Add(-ConversationSpan), End: c.StartedAt.Add(ConversationSpan)}
}

// of are the contacts of the conversation among those of others. Two that ask for one conversation have each row once.
func (c Conversation) of(rows []*contact.Contact) []*contact.Contact {
	span, seen := c.span(), map[int64]bool{}
	var own []*contact.Contact
	for _, row := range rows {
		if *row.ConversationID == c.ConversationID && !row.StartedAt.Before(span.Start) && row.StartedAt.Before(span.End) && !seen[row.ID] {
			seen[row.ID] = true
			own = append(own, row)
		}
	}
	return own
}

// conversationParts cuts conversations into parts of few conversations and few months each.
func conversationParts(asked []Conversation) [][]Conversation {
	sorted := slices.Clone(asked)
	slices.SortFunc(sorted, func(a, b Conversation) int { return a.StartedAt.Compare(b.StartedAt) })
	var parts [][]Conversation
	begin := 0
	for i := range sorted {
		apart := sorted[i].StartedAt.Sub(sorted[begin].StartedAt)
		if i-begin == conversationsAtOnce || apart > (MaxMonths-4)*28*24*time.Hour {
			parts = append(parts, sorted[begin:i])
			begin = i
		}
	}
	if begin < len(sorted) {
		parts = append(parts, sorted[begin:])
	}
	return parts
}

// Unfinished says that a contact still rings, by the clock of presets, and must have ended long ago.
func (s *Reader) Unfinished(c *contact.Contact) bool { return c.Unfinished(s.config.Now()) }

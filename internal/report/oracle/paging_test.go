package oracle

import (
	"cmp"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
)

// sortRows puts rows in order: those without the value last, whatever the direction; the id breaks ties.
func sortRows(rows []*row, order contact.Order) {
	slices.SortFunc(rows, func(a, b *row) int {
		x, y := sortValue(a, order.Field), sortValue(b, order.Field)
		switch {
		case x == nil && y != nil:
			return 1
		case x != nil && y == nil:
			return -1
		}
		var result int
		if x != nil {
			result = cmp.Compare(*x, *y)
		}
		if result == 0 {
			result = cmp.Compare(a.ID, b.ID)
		}
		if order.Direction == contact.Descending {
			result = -result
		}
		return result
	})
}

func sortValue(r *row, field contact.OrderField) *int64 {
	var seconds *int
	switch field {
	case contact.OrderByStartedAt:
		instant := r.StartedAt.UnixMicro()
		return &instant
	case contact.OrderByAgentTalkTime:
		seconds = r.AgentTalkTime
	case contact.OrderByTalkTime:
		seconds = r.TalkTime
	case contact.OrderByRingTime:
		seconds = r.RingTime
	case contact.OrderByQueueTime:
		seconds = r.QueueTime
	case contact.OrderByTimeToAnswer:
		seconds = r.TimeToAnswer
	case contact.OrderByLostAfter:
		seconds = r.LostAfter
	}
	if seconds == nil {
		return nil
	}
	value := int64(*seconds)
	return &value
}

const (
	defaultPage = 50
	maxPage     = 200
)

// page is a part of a list.
type page struct {
	rows                 []*row
	hasPrevious, hasNext bool
}

// pageArgs are the page arguments with the rows of the cursors in place of the cursors.
type pageArgs struct {
	first, last   *int
	after, before *row
}

// allowed says whether the four arguments go together.
func (a pageArgs) allowed() bool {
	forward, backward := a.first != nil || a.after != nil, a.last != nil || a.before != nil
	for _, size := range []*int{a.first, a.last} {
		if size != nil && (*size < 0 || *size > maxPage) {
			return false
		}
	}
	return !forward || !backward
}

// cut takes a page out of the whole list.
func cut(list []*row, a pageArgs) page {
	size := defaultPage
	if a.last != nil || a.before != nil {
		if a.last != nil {
			size = *a.last
		}
		end := len(list)
		if a.before != nil {
			end = slices.Index(list, a.before)
		}
		start := max(0, end-size)
		return page{rows: list[start:end], hasPrevious: start > 0, hasNext: a.before != nil}
	}
	if a.first != nil {
		size = *a.first
	}
	start := 0
	if a.after != nil {
		start = slices.Index(list, a.after) + 1
	}
	end := min(len(list), start+size)
	return page{rows: list[start:end], hasPrevious: a.after != nil, hasNext: end < len(list)}
}

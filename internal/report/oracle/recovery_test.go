package oracle

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// wholeNumber is the key of a number that is no phone of our own.
var wholeNumber = regexp.MustCompile(`^\+[0-9]{7,}$`)

// toUs and toThem say in which direction a contact went that has an outcome.
func (r *row) toUs() bool {
	return r.Outcome != nil && !r.toThem()
}

func (r *row) toThem() bool {
	return r.Outcome != nil && (strings.HasSuffix(string(r.Type), "OUTBOUND_CALL") || r.Type == "SITECALL_CUSTOMER_LEG")
}

func (r *row) isLost() bool {
	return r.Outcome != nil && strings.HasPrefix(string(*r.Outcome), "LOST_")
}

// client is the number of the client, empty without one.
func (r *row) client() string {
	key := r.sourceKey
	if r.toThem() {
		key = r.destinationKey
	}
	if r.Outcome == nil || key == nil || !wholeNumber.MatchString(*key) {
		return ""
	}
	return *key
}

// acquaintances are the contacts of each client and of each record, in the order of time.
type acquaintances struct {
	once     sync.Once
	byClient map[string][]*row
	byRecord map[int64][]*row
}

func (w *world) acquainted() *acquaintances {
	a := &w.acquaintances
	a.once.Do(func() {
		a.byClient, a.byRecord = map[string][]*row{}, map[int64][]*row{}
		sorted := slices.Clone(w.rows)
		slices.SortFunc(sorted, func(x, y *row) int {
			if before(x, y) {
				return -1
			}
			return 1
		})
		for _, r := range sorted {
			if client := r.client(); client != "" {
				a.byClient[client] = append(a.byClient[client], r)
			}
			if r.RecordID != nil {
				a.byRecord[*r.RecordID] = append(a.byRecord[*r.RecordID], r)
			}
		}
	})
	return a
}

func before(x, y *row) bool {
	return x.StartedAt.Before(y.StartedAt) || x.StartedAt.Equal(y.StartedAt) && x.ID < y.ID
}

// recoveryOf looks at everything that came after a contact that was lost; nil for any other.
func (w *world) recoveryOf(lost *row, seen func(*row) bool, hours int, now time.Time) *contact.Recovery {
	if !lost.isLost() {
		return nil
	}
	var others []*row
	switch {
	case lost.client() != "":
		others = w.acquainted().byClient[lost.client()]
	case lost.RecordID != nil:
		others = w.acquainted().byRecord[*lost.RecordID]
	default:
		return &contact.Recovery{State: "UNKNOWN"}
	}
	end := lost.StartedAt.Add(time.Duration(hours) * time.Hour)
	is := &contact.Recovery{State: "NONE", Open: !end.Before(now)}
	for _, r := range others {
		switch {
		case !r.StartedAt.After(lost.StartedAt) || r.StartedAt.After(end) || r.Outcome == nil || !seen(r):
		case *r.Outcome == "NOT_REACHED":
			is.State = "TRIED"
		case *r.Outcome == "REACHED_AGENT":
			is.State, is.Open = "CALLED_AGAIN", false
			if r.toThem() {
				is.State = "CALLED_BACK"
			}
			is.After, is.ContactID = pointer(int(r.StartedAt.Sub(lost.StartedAt).Seconds())), &r.ID
			return is
		}
	}
	return is
}

// repeats says whether the client of a contact came before; nil where no client came, or none with a number.
func (w *world) repeats(r *row, seen func(*row) bool, days int) *bool {
	if !r.toUs() || r.client() == "" {
		return nil
	}
	since := r.StartedAt.Add(-time.Duration(days) * 24 * time.Hour)
	return pointer(slices.ContainsFunc(w.acquainted().byClient[r.client()], func(other *row) bool {
		return other.toUs() && before(other, r) && !other.StartedAt.Before(since) && seen(other)
	}))
}

func (c *criteria) readRecovery(f *contact.RecoveryFilter) {
	if f == nil {
		return
	}
	c.recoveryStates = oneOf(c, "recovery.states", f.States, contact.RecoveryStates)
	if c.recoveryHours = f.WithinHours; f.WithinHours < 1 || f.WithinHours > 720 {
		c.fault(fault.InvalidDuration, "recovery.withinHours")
	}
}

func (c *criteria) readRepeat(days *int) {
	if c.repeatDays = days; days != nil && (*days < 1 || *days > 30) {
		c.fault(fault.InvalidDuration, "repeatWithinDays")
	}
}

func (c *criteria) holdRecovery(r *row) bool {
	if c.recoveryStates == nil {
		return true
	}
	is := c.world.recoveryOf(r, c.visibility.reaches, c.recoveryHours, time.Time{})
	return is != nil && c.recoveryStates[is.State]
}

func (c *criteria) holdRepeat(r *row) bool {
	if c.repeatDays == nil {
		return true
	}
	is := c.world.repeats(r, c.visibility.reaches, *c.repeatDays)
	return is != nil && *is
}

// spans of hours that are asked for, and after which the generator has clients come again.
var recoveryHours = []int{1, 2, 24, 24, 24, 48, 719, 720}

func (a *asker) recovery() *contact.RecoveryFilter {
	f := &contact.RecoveryFilter{WithinHours: pick(a.dice, recoveryHours)}
	if a.chance(3) {
		f.WithinHours = pick(a.dice, []int{0, -1, 721})
	}
	for len(f.States) == 0 || a.chance(50) {
		f.States = append(f.States, pick(a.dice, contact.RecoveryStates))
	}
	return f
}

// again makes a contact one with a client whom some earlier contact is with, shortly after it or at the end of a span.
func (g *generator) again(r *row) {
	first := pick(g.dice, g.w.rows)
	for range 20 {
		if first.isLost() && (first.client() != "" || first.RecordID != nil) {
			break
		}
		first = pick(g.dice, g.w.rows)
	}
	if g.moments == nil {
		later := time.Duration(pick(g.dice, recoveryHours)) * time.Hour
		if g.chance(50) {
			later = time.Duration(g.Int64N(int64(later))).Truncate(time.Microsecond)
		}
		later += pick(g.dice, []time.Duration{0, 0, time.Microsecond, -time.Microsecond, -time.Second})
		r.StartedAt = first.StartedAt.Add(max(0, later))
	}
	r.Type = pick(g.dice, []contact.Type{"OUTBOUND_CALL", "SITECALL_CUSTOMER_LEG", "CAMPAIGN_INBOUND_CALL", "INBOUND_CALL", "CHAT"})
	r.Status = pick(g.dice, []contact.Status{"ANSWERED", "ANSWERED", "BUSY"})
	r.RecordID = first.RecordID
	if client := first.client(); client != "" {
		if r.SourceAddress = pointer(spell(g.dice, client)); strings.HasSuffix(string(r.Type), "OUTBOUND_CALL") || r.Type == "SITECALL_CUSTOMER_LEG" {
			r.SourceAddress, r.DestinationAddress = r.DestinationAddress, r.SourceAddress
		}
	}
}

// compareAfterwards asks what came before and after the rows of a page.
func (x *examination) compareAfterwards(ctx context.Context, q question, nodes []*contact.Contact) error {
	hours, days := pick(x.dice, recoveryHours), 1+x.IntN(30)
	reader, visibility := x.reader(q), x.w.visibility(q.viewer())
	recoveries, err := reader.Recoveries(ctx, keysOf(nodes), hours)
	if err != nil {
		return fmt.Errorf("recoveries: %w", err)
	}
	repeats, err := reader.Repeats(ctx, keysOf(nodes), days)
	if err != nil {
		return fmt.Errorf("repeats: %w", err)
	}
	for _, node := range nodes {
		r := x.w.byID[node.ID]
		if r == nil {
			continue
		}
		is, should := written(recoveries[node.ID]), written(x.w.recoveryOf(r, visibility.reaches, hours, q.Now))
		if is != should {
			return fmt.Errorf("the recovery of %s within %d h is %s, should be %s", r.brief(), hours, is, should)
		}
		is, should = written(repeats[node.ID]), written(x.w.repeats(r, visibility.reaches, days))
		if is != should {
			return fmt.Errorf("whether %s is a repeat within %d days is %s, should be %s", r.brief(), days, is, should)
		}
	}
	return nil
}

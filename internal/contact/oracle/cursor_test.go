package oracle

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// refusesCursor uses a cursor where it must not be taken: damaged, made with another key, or for another list.
func (x *examination) refusesCursor(ctx context.Context, cursor string) error {
	q, bad, what := x.q, cursor, ""
	switch x.IntN(3) {
	case 0:
		bad, what = x.damage(cursor), "a damaged cursor"
	case 1:
		forged, err := x.forge(ctx)
		if err != nil {
			return err
		}
		bad, what = forged, "a cursor made with another key"
	default:
		q, what = x.another(q), "a cursor of another list"
	}
	args := relay.PageArgs{After: &bad}
	if x.chance(50) {
		args = relay.PageArgs{Before: &bad}
	}
	_, err := x.list(ctx, q, args, 0)
	if wrong := (codes{fault.InvalidCursor: true}).refused(err); wrong != nil {
		return fmt.Errorf("%s %s, used for %s: %w", what, bad, describe(q), wrong)
	}
	return nil
}

// damage changes a cursor by a little.
func (x *examination) damage(cursor string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	at := x.IntN(len(cursor))
	switch x.IntN(6) {
	case 0:
		return cursor[:at]
	case 1:
		return cursor + pick(x.dice, []string{"A", "=", "\n", " ", "\x00"})
	case 2:
		return pick(x.dice, []string{"", "0", "MQ", "YXJyYXljb25uZWN0aW9uOjA="})
	case 3:
		return cursor[:at] + "\n" + cursor[at:]
	default:
		other := alphabet[x.IntN(len(alphabet))]
		for other == cursor[at] {
			other = alphabet[x.IntN(len(alphabet))]
		}
		return cursor[:at] + string(other) + cursor[at+1:]
	}
}

// forge makes a cursor of the very list with a key of its own.
func (x *examination) forge(ctx context.Context) (string, error) {
	store := x.storeSignedBy(relay.NewSigner([]byte("the key of somebody else, 32 by.")), x.q)
	x.asked.Add(1)
	connection, err := store.List(ctx, contact.ListQuery{Filter: x.q.Filter, Within: x.q.Within, Order: x.q.Order, Page: relay.PageArgs{First: pointer(1)}})
	if err != nil || connection.PageInfo().StartCursor == nil {
		return "", fmt.Errorf("a page signed with another key: %w", err)
	}
	return *connection.PageInfo().StartCursor, nil
}

// another makes a different, valid question of one.
func (x *examination) another(q question) question {
	f := &q.Filter
	switch x.IntN(9) {
	case 0:
		q.Order.Direction = map[contact.Direction]contact.Direction{
			contact.Ascending: contact.Descending, contact.Descending: contact.Ascending,
		}[q.Order.Direction]
	case 1:
		if q.Order.Field = contact.OrderByTalkTime; x.q.Order.Field == q.Order.Field {
			q.Order.Field = contact.OrderByAgentTalkTime
		}
	case 2:
		if f.Statuses = []contact.Status{contact.Busy}; len(x.q.Filter.Statuses) > 0 {
			f.Statuses = nil
		}
	case 3:
		if f.TicketIDs = []string{"T-1"}; len(x.q.Filter.TicketIDs) > 0 {
			f.TicketIDs = nil
		}
	case 4:
		if f.Hours = (&contact.Hours{From: clock(671), To: clock(733)}); x.q.Filter.Hours != nil && x.q.Filter.Hours.From != nil {
			f.Hours = nil
		}
	case 5:
		if q.Within = (contact.Within{Kind: relay.CampaignKind, ID: x.w.campaigns[0]}); x.q.Within.Kind != "" {
			q.Within = contact.Within{}
		}
	case 6:
		if f.TimeZone = pointer("Asia/Kathmandu"); x.want.period.TimeZone == *f.TimeZone {
			f.TimeZone = pointer("UTC")
		}
	case 7:
		if f.OutsideCampaign = pointer(true); x.q.Filter.OutsideCampaign != nil && *x.q.Filter.OutsideCampaign {
			f.OutsideCampaign = nil
		}
	default:
		f.Period = x.anotherPeriod(f.Period)
	}
	return q
}

func (x *examination) anotherPeriod(p contact.Period) contact.Period {
	if p.Preset != nil {
		preset := pick(x.dice, contact.Presets)
		for preset == *p.Preset {
			preset = pick(x.dice, contact.Presets)
		}
		return contact.Period{Preset: &preset}
	}
	shorter := contact.Range{From: p.Range.From, To: p.Range.From}
	if p.Range.From == p.Range.To {
		from, _ := parseDay(p.Range.From)
		if from == dayOf(2999, 12, 31) {
			return contact.Period{Preset: pointer(contact.Today)}
		}
		shorter.To = (from + 1).String()
	}
	return contact.Period{Range: &shorter}
}

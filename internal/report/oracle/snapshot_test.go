package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report"
)

// streams compares what a file is made of: the criteria, resolved and kept as JSON, and all rows in order.
func (x *examination) streams(ctx context.Context) error {
	q := x.q
	q.Within = report.Within{}
	want := x.w.answer(q)
	criteria, err := x.readBack(ctx, q)
	if err != nil {
		return err
	}
	if criteria.Period() != want.period || criteria.Zone().String() != want.period.TimeZone {
		return fmt.Errorf("the criteria's period is %v in %s, should be %v", criteria.Period(), criteria.Zone(), want.period)
	}
	return x.reader(q).Snapshot(ctx, func(ctx context.Context, s *report.Snapshot) error {
		if err := compareCounts(ctx, s, criteria, want.rows); err != nil {
			return err
		}
		for range 1 + x.IntN(2) {
			if err := x.stream(ctx, s, criteria, q, want.rows); err != nil {
				return fmt.Errorf("stream: %w", err)
			}
		}
		return nil
	})
}

func (x *examination) stream(ctx context.Context, s *report.Snapshot, criteria report.Criteria, q question, want []*row) error {
	var streamed []*contact.Contact
	x.asked.Add(1)
	columns := x.columns()
	err := s.Stream(ctx, criteria, q.Order, columns, func(batch []*contact.Contact) error {
		for _, c := range batch {
			streamed = append(streamed, kept(*c))
		}
		return x.compareStepsAndRecords(ctx, s, batch)
	})
	if err != nil {
		return err
	}
	return compareRows(streamed, want, columns, q)
}

// kept is a contact that shares no memory with the batch that it came in.
func kept(c contact.Contact) *contact.Contact {
	fields := reflect.ValueOf(&c).Elem()
	for i := range fields.NumField() {
		if field := fields.Field(i); field.Kind() == reflect.Pointer && !field.IsNil() {
			own := reflect.New(field.Type().Elem())
			own.Elem().Set(field.Elem())
			field.Set(own)
		}
	}
	c.ToAddresses, c.CCAddresses, c.BCCAddresses = slices.Clone(c.ToAddresses), slices.Clone(c.CCAddresses), slices.Clone(c.BCCAddresses)
	return &c
}

// readBack resolves a filter, and takes it through what happens to it until its file is made: it is kept as JSON,
// and resolved again on another day.
func (x *examination) readBack(ctx context.Context, q question) (report.Criteria, error) {
	criteria, err := x.reader(q).Resolve(ctx, q.Filter)
	if err != nil {
		return criteria, fmt.Errorf("resolve: %w", err)
	}
	if x.chance(50) {
		return criteria, nil
	}
	text, err := json.Marshal(criteria.ResolvedFilter())
	if err != nil {
		return criteria, fmt.Errorf("keep the filter: %w", err)
	}
	later := question{Now: x.later(q), Zone: pick(x.dice, x.w.zones), Viewer: q.Viewer}
	if err := json.Unmarshal(text, &later.Filter); err != nil {
		return criteria, fmt.Errorf("read the kept filter: %w", err)
	}
	resolve := x.reader(later).Resolve
	if x.chance(50) {
		resolve = x.reader(later).ResolveKept
	}
	if criteria, err = resolve(ctx, later.Filter); err != nil {
		return criteria, fmt.Errorf("resolve the kept filter: %w", err)
	}
	return criteria, nil
}

func compareCounts(ctx context.Context, s *report.Snapshot, criteria report.Criteria, rows []*row) error {
	count, err := s.Count(ctx, criteria)
	if err != nil || count != len(rows) {
		return fmt.Errorf("the snapshot counts %d contacts (%v), should be %d", count, err, len(rows))
	}
	want := 0
	for _, r := range rows {
		want += r.lines()
	}
	lines, err := s.CountLines(ctx, criteria)
	if err != nil || lines != want {
		return fmt.Errorf("the snapshot counts %d lines (%v), should be %d", lines, err, want)
	}
	return nil
}

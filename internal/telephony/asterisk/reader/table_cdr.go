package reader

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
)

// cdrTable is what is known of the table cdr.
type cdrTable struct {
	asked   bool
	indexed bool // by uniqueid
}

// maxAsked is the most unique ids that one statement asks for.
const maxAsked = 500

// CDRRows reads the rows of cdr of some channels, which a span of time holds.
func (t *Tables) CDRRows(ctx context.Context, channels []string, from, to time.Time) (telephony.Batch, error) {
	batch := telephony.Batch{Origin: telephony.Table}
	if !t.cdr.asked {
		_, indexes, err := t.query(ctx, "SELECT 1 FROM information_schema.statistics WHERE table_schema = database() AND table_name = 'cdr' AND column_name = 'uniqueid' AND seq_in_index = 1")
		if err != nil {
			return batch, fmt.Errorf("reading the indexes of the table cdr: %w", err)
		}
		t.cdr = cdrTable{asked: true, indexed: len(indexes) > 0}
	}
	if !t.cdr.indexed {
		// What calldate says is local time; a day on both sides is more than any zone is away.
		const around = 5 * time.Second
		zone := t.source.Location()
		return batch, t.addCDRRows(ctx, &batch, "SELECT * FROM cdr WHERE calldate BETWEEN ? AND ?",
			from.Add(-around).In(zone).Format(localTime), to.Add(around).In(zone).Format(localTime))
	}
	for some := range slices.Chunk(channels, maxAsked) {
		arguments := make([]any, len(some))
		for i, channel := range some {
			arguments[i] = channel
		}
		statement := "SELECT * FROM cdr WHERE uniqueid IN (?" + strings.Repeat(", ?", len(some)-1) + ")"
		if err := t.addCDRRows(ctx, &batch, statement, arguments...); err != nil {
			return batch, err
		}
	}
	return batch, nil
}

func (t *Tables) addCDRRows(ctx context.Context, batch *telephony.Batch, statement string, arguments ...any) error {
	columns, values, err := t.query(ctx, statement, arguments...)
	if err != nil {
		return fmt.Errorf("reading the table cdr: %w", err)
	}
	for _, value := range values {
		row, err := t.cdrRow(columns, value)
		if err != nil {
			batch.Bad++
			continue
		}
		batch.Rows = append(batch.Rows, row)
	}
	return nil
}

// cdrRow makes a row of a row of cdr. FreePBX's has no columns for the answer and the end: they follow from the others.
func (t *Tables) cdrRow(columns, value []string) (telephony.Row, error) {
	fields := make([]string, len(asterisk.CDRColumns))
	for i, column := range columns {
		if column == "calldate" {
			column = "start"
		}
		if place := cdrColumn(column); place >= 0 {
			fields[place] = value[i]
		}
	}
	lines := &Lines{zone: t.source.Location()}
	start, err := lines.instant(fields[cdrColumn("start")], fields[cdrColumn("uniqueid")])
	if err != nil {
		return telephony.Row{}, err
	}
	if fields[cdrColumn("end")] == "" {
		duration, _ := strconv.ParseInt(fields[cdrColumn("duration")], 10, 64)
		spoken, _ := strconv.ParseInt(fields[cdrColumn("billsec")], 10, 64)
		end := start.Unix() + duration
		fields[cdrColumn("end")] = strconv.FormatInt(end, 10)
		if spoken > 0 || fields[cdrColumn("disposition")] == "ANSWERED" {
			fields[cdrColumn("answer")] = strconv.FormatInt(end-spoken, 10)
		}
		fields[cdrColumn("start")] = strconv.FormatInt(start.Unix(), 10)
	}
	row, err := lines.cdrRow(fields)
	row.Key = hashOf(strings.Join(value, "\x00"))
	return row, err
}

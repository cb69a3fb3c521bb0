package system

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch"
)

// maxChecked is the most rows that a check reads.
const maxChecked = 500_000

// Check reads files of a source, or the latest rows of its database, and says, a sentence each, what they would come to and what they cannot tell. Nothing lands.
func Check(ctx context.Context, source *telephony.Source, files []string, format string, columns []string, now time.Time) ([]string, error) {
	mapper, err := NewMapper(source)
	if err != nil {
		return nil, err
	}
	findings := []string{fmt.Sprintf("%s: the source file is right", source.Name)}
	var rows []telephony.Row
	bad := 0
	files, err = telephony.FilesIn(files)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		newReader, err := ReaderMaker(source, format, columns)
		if err != nil {
			return nil, err
		}
		more, badLines, err := readFile(ctx, file, newReader, maxChecked-len(rows))
		if err != nil {
			return nil, err
		}
		rows, bad = append(rows, more...), bad+badLines
	}
	if len(files) == 0 && source.DatabaseURL != "" {
		tables, err := openTables(source, func() time.Time { return now })
		if err != nil {
			return nil, err
		}
		rows, err = tables.Recent(ctx)
		if noter, notes := tables.(noter); notes {
			findings = append(findings, noter.Notes()...)
		}
		if err = errors.Join(err, tables.Close()); err != nil {
			return nil, err
		}
	}
	if len(rows) == 0 {
		return append(findings, "there are no rows to read"), nil
	}
	return append(findings, describe(mapper, rows, bad, now)...), nil
}

func readFile(ctx context.Context, path string, newReader func() (telephony.Reader, error), most int) (rows []telephony.Row, bad int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader, err := newReader()
	if err != nil {
		return nil, 0, err
	}
	lines, err := telephony.RecordsOf(file, reader)
	if err != nil {
		return nil, 0, fmt.Errorf("reading %s: %w", path, err)
	}
	for len(rows) < most && ctx.Err() == nil {
		line, number, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !telephony.IsRecordFault(err) {
			return nil, 0, fmt.Errorf("reading %s: %w", path, err)
		}
		row, faulty := telephony.Row{}, err
		if err == nil && line == "" {
			continue
		}
		if faulty == nil {
			row, faulty = reader.Read(line, number)
		}
		if faulty != nil {
			bad++
		} else if row.Channel != "" {
			rows = append(rows, row)
		}
	}
	return rows, bad, ctx.Err()
}

// describe says what rows come to.
func describe(mapper telephony.Mapper, rows []telephony.Row, bad int, now time.Time) []string {
	landed := telephony.Landed{Rows: len(rows) + bad, New: len(rows), Bad: bad}
	summary := telephony.Summary{Without: map[telephony.Reason]int{}}
	types, unknown := map[string]int{}, map[string]int{}
	maxLength := time.Duration(0)
	for _, call := range telephony.CallsOf(rows) {
		maxLength = max(maxLength, call.Last().Sub(call.First()))
	}
	for _, outcome := range telephony.Map(mapper, rows, now) {
		summary.Calls++
		if outcome.Reason != "" {
			summary.Without[outcome.Reason]++
		}
		if outcome.Open {
			summary.Open++
		}
		if outcome.Unfinished {
			summary.Unfinished++
		}
		for _, c := range outcome.Contacts {
			landed.Contacts.Recorded++
			types[string(c.Type)+" "+string(c.Status)]++
		}
		for _, one := range outcome.Unknown {
			unknown[string(one.Kind)+" "+one.Value]++
		}
	}
	findings := []string{"would come to: " + summary.Line(landed)}
	findings = append(findings, counted("%s: %d", types)...)
	findings = append(findings, counted("not in the source file: %s, met %d times", unknown)...)
	if maxLength > 12*time.Hour {
		findings = append(findings, "a call lasts longer than 12 hours: was the clock set back, so that ids were given twice?")
	}
	return append(append(findings, asterisk.Missing(rows)...), freeswitch.Missing(rows)...)
}

func counted(form string, counts map[string]int) []string {
	var lines []string
	for value, count := range counts {
		lines = append(lines, fmt.Sprintf(form, value, count))
	}
	sort.Strings(lines)
	return lines
}

// Draft fills a source from the tables of its exchange; the notes say what a person should look at.
func Draft(ctx context.Context, source *telephony.Source) (notes []string, err error) {
	if source.SystemKind != telephony.FreePBX && source.SystemKind != telephony.Asterisk {
		return nil, fmt.Errorf("a source of kind %s cannot be drafted yet", source.SystemKind)
	}
	tables, err := reader.OpenTables(source)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tables.Close()) }()
	return tables.Draft(ctx, source)
}

package main

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/kontakty/kontakty/internal/contact"
)

const (
	// maxContacts is how many contacts kontakty lets a file hold.
	maxContacts = 1_000_000
	// sampledLines are as many lines of the file as the rival is given, to write them over and over.
	sampledLines = 10_000
)

// measureFiles orders a file from a worker in a process of its own, and lets excelize's stream writer, as it comes, write
// as many like lines out of memory, in turn.
func measureFiles(ctx context.Context, b *bench) (err error) {
	server, err := b.large().serve(ctx, b.scratch, "--no-worker", "--files-per-person", "1000")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	period, err := periodOfFile(ctx, b.large())
	if err != nil {
		return err
	}
	var ratios, peaks []float64
	cells := filepath.Join(b.scratch, "cells")
	for n := range (b.scale.rounds + 1) / 2 {
		made, err := makeFile(ctx, b, server, period)
		if err != nil {
			return err
		}
		if n == 0 {
			if err := keepCells(ctx, server, made.url, cells, b.scratch); err != nil {
				return err
			}
		}
		if err := server.query(ctx, `mutation ($id: ID!) { deleteDownload(input: {id: $id}) { __typename } }`, map[string]any{"id": made.id}, nil); err != nil {
			return err
		}
		theirs, memory, err := runExcelize(ctx, b, cells, made.lines)
		if err != nil {
			return err
		}
		b.results.line("  %d contacts: kontakty %.1f s (%.0f/s, %.0f MiB), excelize's stream writer alone %.1f s (%.0f/s, %.0f MiB)",
			made.lines, made.took.Seconds(), float64(made.lines)/made.took.Seconds(), made.memory, theirs.Seconds(), float64(made.lines)/theirs.Seconds(), memory)
		ratios, peaks = append(ratios, theirs.Seconds()/made.took.Seconds()), append(peaks, made.memory)
	}
	b.results.atLeast("5a", median(ratios), 1.5, "a file end to end, %s times as fast as excelize's stream writer alone")
	b.results.atLeast("5b", median(ratios), 3.5, "a file end to end, %s times as fast as excelize's stream writer alone")
	b.results.atMost("5c", median(peaks), 150, "resident at most while a file is made, %s MiB")
	b.results.atMost("5d", median(peaks), 80, "resident at most while a file is made, %s MiB")
	return nil
}

// periodOfFile is the longest one up to the last day with no more contacts than a file may hold.
func periodOfFile(ctx context.Context, s *site) (contact.Range, error) {
	rows, err := s.pool.Query(ctx, `SELECT (started_at AT TIME ZONE 'Europe/Warsaw')::date::text, count(*) FROM contacts WHERE `+inQuarter+` GROUP BY 1 ORDER BY 1 DESC`)
	if err != nil {
		return contact.Range{}, err
	}
	defer rows.Close()
	period, whole := contact.Range{From: lastDay, To: lastDay}, 0
	for rows.Next() {
		var day string
		var contacts int
		if err := rows.Scan(&day, &contacts); err != nil {
			return contact.Range{}, err
		}
		if whole += contacts; whole > maxContacts {
			break
		}
		period.From = day
	}
	return period, rows.Err()
}

// madeFile is a file and what it cost.
type madeFile struct {
	id, url string
	lines   int
	took    time.Duration
	// memory is the most that the worker's process had, in MiB.
	memory float64
}

// makeFile starts a worker, orders a file and waits until it is ready.
func makeFile(ctx context.Context, b *bench, server *process, period contact.Range) (made madeFile, err error) {
	worker, err := b.large().start(ctx, b.scratch, "worker", "--data-dir", b.large().dir)
	if err != nil {
		return madeFile{}, err
	}
	defer func() { err = errors.Join(err, worker.stop()) }()
	const order = `mutation ($filter: ContactFilter!) { exportContacts(input: {filter: $filter, kind: SIMPLE}) { download { id } } }`
	var ordered struct {
		ExportContacts struct{ Download struct{ ID string } }
	}
	if err := server.query(ctx, order, filtered(contact.Filter{Period: contact.Period{Range: &period}}), &ordered); err != nil {
		return madeFile{}, err
	}
	made.id = ordered.ExportContacts.Download.ID
	const look = `query ($id: ID!) { download(id: $id) { state startedAt finishedAt url error { message } progress { linesWritten } } }`
	for {
		var found struct {
			Download struct {
				State                 string
				StartedAt, FinishedAt time.Time
				URL                   string
				Error                 struct{ Message string }
				Progress              struct{ LinesWritten int }
			}
		}
		if err := server.query(ctx, look, map[string]any{"id": made.id}, &found); err != nil {
			return madeFile{}, err
		}
		switch file := found.Download; file.State {
		case "READY":
			made.url, made.lines, made.took = file.URL, file.Progress.LinesWritten, file.FinishedAt.Sub(file.StartedAt)
			_, made.memory = worker.memory()
			return made, nil
		case "QUEUED", "RUNNING":
		default:
			return madeFile{}, fmt.Errorf("the file is %s: %s\n%s", file.State, file.Error.Message, tail(systemFile(worker.log.Name())))
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return madeFile{}, ctx.Err()
		}
	}
}

// cell is a cell as the rival gets it.
type cell struct {
	Text   string
	Number float64
	// Kind is what is in it.
	Kind byte
}

const (
	emptyCell = iota
	textCell
	numberCell
)

// plainNumber is how the file writes a number; telephone numbers have a sign or come out as numbers, which does the rival
// no harm.
var plainNumber = regexp.MustCompile(`^\d{1,8}(\.\d+)?$`)

// keepCells fetches a file and keeps its first lines for the rival.
func keepCells(ctx context.Context, server *process, path, into, scratch string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.url+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", server.authorization)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the file is not given out: %s", answer.Status)
	}
	book, err := excelize.OpenReader(answer.Body, excelize.Options{RawCellValue: true, TmpDir: scratch, UnzipXMLSizeLimit: 1 << 20})
	if err != nil {
		return err
	}
	defer func() { _ = book.Close() }()
	lines, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return err
	}
	var kept [][]cell
	for len(kept) < sampledLines && lines.Next() {
		columns, err := lines.Columns()
		if err != nil {
			return err
		}
		line := make([]cell, len(columns))
		for i, text := range columns {
			if plainNumber.MatchString(text) {
				number, err := strconv.ParseFloat(text, 64)
				if err != nil {
					return err
				}
				line[i] = cell{Number: number, Kind: numberCell}
			} else if text != "" {
				line[i] = cell{Text: text, Kind: textCell}
			}
		}
		kept = append(kept, line)
	}
	file, err := os.Create(into)
	if err != nil {
		return err
	}
	return errors.Join(gob.NewEncoder(file).Encode(kept), file.Close())
}

// runExcelize lets the rival write so many lines, in a process of its own.
func runExcelize(ctx context.Context, b *bench, cells string, lines int) (time.Duration, float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	command := exec.CommandContext(ctx, self, "excelize", cells, strconv.Itoa(lines), filepath.Join(b.scratch, "excelize.xlsx"))
	command.Stderr = os.Stderr
	// What it leaves behind when the benchmark is interrupted is not to be taken for ours: kontakty fsck looks for such files.
	command.Env = append(os.Environ(), "TMPDIR="+b.scratch)
	printed, err := command.Output()
	if err != nil {
		return 0, 0, fmt.Errorf("excelize: %w", err)
	}
	var seconds float64
	if _, err := fmt.Sscan(string(printed), &seconds); err != nil {
		return 0, 0, err
	}
	return time.Duration(seconds * float64(time.Second)), maxMemory(command.ProcessState), nil
}

// writeByExcelize is the rival: excelize's stream writer with its own settings. It prints how many seconds it took.
func writeByExcelize(args []string) error {
	if len(args) != 3 {
		return errors.New("excelize needs cells, a number of lines and a file to write")
	}
	wanted, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	content, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	var kept [][]cell
	if err := gob.NewDecoder(content).Decode(&kept); err != nil {
		return err
	}
	lines := make([][]any, len(kept))
	for i, line := range kept {
		lines[i] = make([]any, len(line))
		for j, one := range line {
			switch one.Kind {
			case textCell:
				lines[i][j] = one.Text
			case numberCell:
				lines[i][j] = excelize.Cell{StyleID: 1, Value: one.Number}
			}
		}
	}
	begun := time.Now()
	book := excelize.NewFile()
	instant := "yyyy-mm-dd hh:mm:ss"
	if _, err := book.NewStyle(&excelize.Style{CustomNumFmt: &instant}); err != nil {
		return err
	}
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for row := range wanted {
		if err := stream.SetRow("A"+strconv.Itoa(row+1), lines[row%len(lines)]); err != nil {
			return err
		}
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	if err := book.SaveAs(args[2]); err != nil {
		return err
	}
	if err := book.Close(); err != nil {
		return err
	}
	fmt.Println(time.Since(begun).Seconds())
	return nil
}

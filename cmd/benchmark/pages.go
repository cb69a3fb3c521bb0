package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// The pages that are compared: 50 rows of three months, as the report on the screen asks for them.
const (
	fullPage = `query Report($filter: ContactFilter!) {
  contacts(filter: $filter) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id externalId type status startedAt sourceAddress destinationAddress ccAddresses ticketId
      ivrTime ringTime agentTalkTime talkTime hangupParty
      campaign { id name }
      agent { id name deletedAt }
      queue { id name }
      classifier { id name }
      record { id externalId significantField { name value } }
      ivrSteps { position name kind choice enteredAt leftAt duration }
    }
  }
}`
	leanPage = `query Lean($filter: ContactFilter!) {
  contacts(filter: $filter) {
    pageInfo { hasNextPage endCursor }
    nodes { externalId startedAt status }
  }
}`
)

// Shares of the floor that other systems had on the same data, when they were last compared by hand: see the issue
// that asks for this benchmark.
const (
	graphJinFull, graphJinLean         = 0.26, 0.37
	postGraphileFull, postGraphileLean = 0.14, 0.21
)

// periods are three months each, ending on successive days, so that no two requests in a row are the same.
func periods() []contact.Range {
	last, err := time.Parse(time.DateOnly, lastDay)
	if err != nil {
		panic(err) // a constant
	}
	var all []contact.Range
	for i := range 64 {
		to := last.AddDate(0, 0, -i)
		// Every month has a first, so that the period begins on a day that exists.
		from := time.Date(to.Year(), to.Month()-2, 1, 0, 0, 0, 0, time.UTC)
		all = append(all, contact.Range{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)})
	}
	return all
}

// filtered are the variables of a page.
func filtered(filter contact.Filter) map[string]any { return map[string]any{"filter": filter} }

// measurePages compares pages with the floor and with those peers that are there.
func measurePages(ctx context.Context, b *bench) (err error) {
	server, err := b.large().serve(ctx, b.scratch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	floor, err := startFloor(ctx, b.large())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, floor.stop()) }()
	rival, missing, err := startPostGraphile(ctx, b)
	if err != nil {
		return fmt.Errorf("PostGraphile: %w", err)
	}
	if rival != nil {
		defer func() { err = errors.Join(err, rival.stop()) }()
	}
	for _, page := range []struct {
		name, document, path, postGraphileDocument string
		letter                                     string
		goal                                       float64
		graphJin, postGraphile                     float64
	}{
		{"full page", fullPage, "/full", postGraphileFullPage, "a", 0.70, graphJinFull, postGraphileFull},
		{"lean page", leanPage, "/lean", postGraphileLeanPage, "b", 0.50, graphJinLean, postGraphileLean},
	} {
		ours, err := server.pages(page.name+", kontakty", page.document)
		if err != nil {
			return err
		}
		theirs, err := floor.pages(ctx, page.name+", floor", page.path, ours)
		if err != nil {
			return err
		}
		rivals := []target{ours, theirs}
		if rival != nil {
			peer, err := rival.pages(ctx, page.name+", PostGraphile", page.postGraphileDocument, ours)
			if err != nil {
				return fmt.Errorf("PostGraphile: %w", err)
			}
			rivals = append(rivals, peer)
		}
		outcomes, err := alternate(ctx, b, rivals)
		if err != nil {
			return err
		}
		share := median(ratios(outcomes[0], outcomes[1], func(o outcome) float64 { return o.perSecond }))
		b.results.atLeast("1"+page.letter, share, page.goal, page.name+", %s of the floor")
		b.results.atMost("1"+page.letter+" p99", median(ratios(outcomes[0], outcomes[1], func(o outcome) float64 { return float64(o.p99) })), 2,
			page.name+", p99 %s of the floor's")
		if page.letter == "a" {
			b.results.atLeast("1"+page.letter+" GraphJin", share/page.graphJin, 2.5, page.name+", %s times GraphJin's share of "+number(page.graphJin))
			b.results.atLeast("1"+page.letter+" PostGraphile", share/page.postGraphile, 4, page.name+", %s times PostGraphile's share of "+number(page.postGraphile))
		}
		if rival == nil {
			b.results.line("  PostGraphile in this run: %s", missing)
			continue
		}
		b.results.line("  PostGraphile in this run: %s of the floor; kontakty is %s times as fast",
			number(median(ratios(outcomes[2], outcomes[1], func(o outcome) float64 { return o.perSecond }))),
			number(median(ratios(outcomes[0], outcomes[2], func(o outcome) float64 { return o.perSecond }))))
	}
	return nil
}

// alternate loads targets in turn, round by round, after a moment for each to warm up.
func alternate(ctx context.Context, b *bench, targets []target) ([][]outcome, error) {
	for _, one := range targets {
		if _, err := one.load(ctx, clients, b.scale.span/2); err != nil {
			return nil, err
		}
	}
	outcomes := make([][]outcome, len(targets))
	for range b.scale.rounds {
		for i, one := range targets {
			measured, err := one.load(ctx, clients, b.scale.span)
			if err != nil {
				return nil, err
			}
			b.results.line("  %-26s %s", one.name, measured)
			outcomes[i] = append(outcomes[i], measured)
		}
	}
	return outcomes, nil
}

// ratios compare the outcomes of two targets, round by round.
func ratios(ours, theirs []outcome, figure func(outcome) float64) []float64 {
	all := make([]float64, len(ours))
	for i := range ours {
		all[i] = figure(ours[i]) / figure(theirs[i])
	}
	return all
}

// pages is the load of a page on the server.
func (p *process) pages(name, document string) (target, error) {
	t := target{name: name, address: p.address}
	for _, period := range periods() {
		request, err := p.post(document, filtered(contact.Filter{Period: contact.Period{Range: &period}}))
		if err != nil {
			return target{}, err
		}
		t.requests = append(t.requests, request)
	}
	return t, nil
}

// floorProcess is the floor, in a process of its own.
type floorProcess struct {
	command *exec.Cmd
	address string
}

func startFloor(ctx context.Context, s *site) (*floorProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, self, "floor", s.database.URL())
	command.Stderr = os.Stderr
	printed, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	var address string
	if _, err := fmt.Fscanln(printed, &address); err != nil {
		_ = command.Process.Kill()
		return nil, fmt.Errorf("the floor did not start: %w", errors.Join(err, command.Wait()))
	}
	return &floorProcess{command, address}, nil
}

func (f *floorProcess) stop() error {
	if err := f.command.Process.Kill(); err != nil {
		return err
	}
	_ = f.command.Wait() // it was killed, and says so
	return nil
}

// pages is the load of a page on the floor. It fails unless the floor gives each answer of ours, byte for byte.
func (f *floorProcess) pages(ctx context.Context, name, path string, ours target) (target, error) {
	t := target{name: name, address: f.address}
	for i, period := range periods() {
		want, err := once(ctx, ours.address, ours.requests[i])
		if err != nil {
			return target{}, fmt.Errorf("%s: %w", ours.name, err)
		}
		scope, err := scopeOf(want)
		if err != nil {
			return target{}, err
		}
		query := url.Values{"from": {period.From}, "to": {period.To}, "scope": {scope}}
		request := fmt.Appendf(nil, "GET %s?%s HTTP/1.1\r\nHost: %s\r\n\r\n", path, query.Encode(), f.address)
		got, err := once(ctx, f.address, request)
		if err != nil {
			return target{}, fmt.Errorf("%s: %w", name, err)
		}
		want = costs.ReplaceAll(want, []byte("}"))
		if at := firstDifference(got, want); at >= 0 {
			return target{}, fmt.Errorf("%s answers differently at byte %d:\nfloor    …%s…\nkontakty …%s…", name, at, around(got, at), around(want, at))
		}
		t.requests = append(t.requests, request)
	}
	return t, nil
}

// costs is the end of an answer: what it cost, and what is left in the bucket. It differs between equal requests.
var costs = regexp.MustCompile(`,"extensions":\{"cost":\{"requested":\d+,"charged":\d+,"remaining":\d+\}\}\}$`)

func once(ctx context.Context, address string, request []byte) ([]byte, error) {
	line, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	defer line.close()
	var body bytes.Buffer
	err = line.exchange(request, &body)
	return body.Bytes(), err
}

// scopeOf is the scope in an answer's cursor, a hash of the filter and the order that all pages of a list share. The floor
// needs it to seal the same cursors.
func scopeOf(answer []byte) (string, error) {
	_, rest, found := strings.Cut(string(answer), `"endCursor":"`)
	cursor, _, ended := strings.Cut(rest, `"`)
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if !found || !ended || err != nil || len(sealed) < 9 {
		return "", fmt.Errorf("the answer has no cursor: %.200s", answer)
	}
	return hex.EncodeToString(sealed[1:9]), nil
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

func around(text []byte, at int) []byte { return text[max(0, at-60):min(len(text), at+60)] }

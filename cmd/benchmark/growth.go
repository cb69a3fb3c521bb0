package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/relay"
)

// planCacheMode is that of kontakty's API: a statement is planned once, whatever values it is then run with.
const planCacheMode = "force_generic_plan"

// maxGrowth is how much slower a page may be over ten times the data, and maxDatabaseTime what it may cost PostgreSQL.
const (
	maxGrowth       = 1.2
	maxDatabaseTime = 5 * time.Millisecond
)

const orderedPage = `query Lean($filter: ContactFilter!, $order: ContactOrder, $first: Int, $after: String) {
  contacts(filter: $filter, orderBy: $order, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { externalId startedAt status }
  }
}`

// maxCaseTime is how long the pages of a case are asked for, if they are slow.
const maxCaseTime = 3 * time.Second

// measured is a case on both databases, the smaller one first.
type measured struct {
	pageCase
	pages [2]time.Duration
	costs [2]cost
}

func (m measured) growth() float64 { return float64(m.pages[1]) / float64(m.pages[0]) }

// measureGrowth times the pages of every case on both databases in turn, and reads from EXPLAIN what each costs PostgreSQL.
func measureGrowth(ctx context.Context, b *bench) (err error) {
	var servers [2]*process
	for i, site := range b.sites {
		if servers[i], err = site.serve(ctx, b.scratch); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, servers[i].stop()) }()
	}
	all, err := timeCases(ctx, b, servers)
	if err != nil {
		return err
	}
	for i, site := range b.sites {
		if err := explainCases(ctx, site, all, i); err != nil {
			return err
		}
	}
	b.results.line("  %-42s %19s %7s %17s %15s", "", "page, ms", "growth", "PostgreSQL, ms", "buffers")
	for _, m := range all {
		b.results.line("  %-42s %9.2f %9.2f %7.2f %8.2f %8.2f %7d %7d", m.name, milliseconds(m.pages[0]), milliseconds(m.pages[1]), m.growth(),
			milliseconds(m.costs[0].took), milliseconds(m.costs[1].took), m.costs[0].buffers, m.costs[1].buffers)
	}
	b.tellGrowth(all)
	return nil
}

func (b *bench) tellGrowth(all []measured) {
	worst := func(of func(kind) bool, figure func(measured) float64) (measured, float64) {
		var found measured
		var most float64
		for _, m := range all {
			if f := figure(m); of(m.kind) && f > most {
				found, most = m, f
			}
		}
		return found, most
	}
	filters := func(k kind) bool { return k != ordered && k != crowd }
	slowest, growth := worst(filters, measured.growth)
	b.results.atMost("2a", growth, maxGrowth, "worst page, %s times that of a tenth of the data ("+slowest.name+")")
	dearest, took := worst(filters, func(m measured) float64 { return milliseconds(m.costs[1].took) })
	b.results.atMost("2b", took, milliseconds(maxDatabaseTime), "dearest page, %s ms of PostgreSQL ("+dearest.name+")")
	for _, of := range []kind{single, client, combination} {
		m, buffers := worst(func(k kind) bool { return k == of }, b.buffers)
		b.results.atMost("2c "+string(of)+"s", buffers, float64(maxBuffers[of]), "most buffers of a page, %s ("+m.name+")")
	}
	for _, unbounded := range []struct {
		of   kind
		what string
	}{{ordered, "in another order than by time"}, {crowd, "of a hundred clients"}} {
		m, took := worst(func(k kind) bool { return k == unbounded.of }, func(m measured) float64 { return milliseconds(m.costs[1].took) })
		b.results.line("  %s, which no aim bounds: at most %s ms of PostgreSQL (%s)", unbounded.what, number(took), m.name)
	}
}

// buffersFrom is how many contacts a database needs for its buffers to be judged: in a smaller one PostgreSQL may choose a
// sequential scan.
const buffersFrom = 1_000_000

// buffers is how many blocks the page of a case reads at most.
func (b *bench) buffers(m measured) float64 {
	most := 0
	for i, contacts := range b.scale.contacts {
		if contacts >= buffersFrom {
			most = max(most, m.costs[i].buffers)
		}
	}
	return float64(most)
}

// timeCases asks for each page, on one database and the other in turn. A page that seems to have grown too much is asked
// for again, four times as often: on a machine that does other things too, one case of many is unlucky. One that has grown
// much more needs no second look.
func timeCases(ctx context.Context, b *bench, servers [2]*process) ([]measured, error) {
	small, large := b.small().things.cases(), b.large().things.cases()
	onLarge := map[string]pageCase{}
	for _, one := range large {
		onLarge[one.name] = one
	}
	var all []measured
	for _, one := range small {
		other, found := onLarge[one.name]
		if !found {
			continue
		}
		m := measured{pageCase: one}
		for _, times := range []int{b.scale.pages, 4 * b.scale.pages} {
			if err := m.time(ctx, servers, [2]pageCase{one, other}, times); err != nil {
				return nil, fmt.Errorf("%s: %w", one.name, err)
			}
			if m.growth() <= maxGrowth || m.growth() > 2*maxGrowth {
				break
			}
		}
		all = append(all, m)
	}
	return all, nil
}

func (m *measured) time(ctx context.Context, servers [2]*process, cases [2]pageCase, times int) error {
	var lines [2]*line
	var requests [2][]byte
	var took [2][]time.Duration
	for i, server := range servers {
		var err error
		if requests[i], err = server.pageOf(ctx, cases[i]); err != nil {
			return err
		}
		if lines[i], err = dial(ctx, server.address); err != nil {
			return err
		}
		defer lines[i].close()
	}
	const warm = 6 // every connection's fifth run of a statement is the last that may be planned anew
	for n, until := 0, time.Now().Add(maxCaseTime); n < warm+times && (n < warm+5 || time.Now().Before(until)); n++ {
		for i, line := range lines {
			begun := time.Now()
			if err := line.exchange(requests[i], nil); err != nil {
				return err
			}
			if n >= warm {
				took[i] = append(took[i], time.Since(begun))
			}
		}
	}
	m.pages = [2]time.Duration{quantile(took[0], 0.5), quantile(took[1], 0.5)}
	return nil
}

// pageOf is the request of a case; for a deep page the list is walked until there.
func (p *process) pageOf(ctx context.Context, c pageCase) ([]byte, error) {
	variables := map[string]any{"filter": c.filter, "order": c.order}
	for left := c.deep; left > 0; left -= relay.MaxPageSize {
		variables["first"] = min(left, relay.MaxPageSize)
		var page struct {
			Contacts struct{ PageInfo struct{ EndCursor *string } }
		}
		if err := p.query(ctx, orderedPage, variables, &page); err != nil {
			return nil, err
		}
		if page.Contacts.PageInfo.EndCursor == nil {
			return nil, errors.New("the list is not so long")
		}
		variables["after"] = page.Contacts.PageInfo.EndCursor
	}
	delete(variables, "first")
	return p.post(orderedPage, variables)
}

// explainCases fills in what the pages cost PostgreSQL on one of the databases.
func explainCases(ctx context.Context, s *site, all []measured, which int) error {
	reader, err := openReader(ctx, s.database.URL())
	if err != nil {
		return err
	}
	defer reader.close()
	cases := map[string]pageCase{}
	for _, one := range s.things.cases() {
		cases[one.name] = one
	}
	for i := range all {
		sent, err := reader.page(ctx, cases[all[i].name])
		if err != nil {
			return fmt.Errorf("%s: %w", all[i].name, err)
		}
		if all[i].costs[which], err = explain(ctx, s.pool, planCacheMode, sent); err != nil {
			return fmt.Errorf("%s: %w", all[i].name, err)
		}
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// What is counted: three months without a filter, alone and with a page.
const (
	countAlone   = `query ($filter: ContactFilter!) { contacts(filter: $filter) { totalCount } }`
	countAndPage = `query ($filter: ContactFilter!) {
  contacts(filter: $filter) { totalCount pageInfo { hasNextPage endCursor } nodes { externalId startedAt status } }
}`
)

// measureCounts times the count, the page and both in one request, in turn.
func measureCounts(ctx context.Context, b *bench) (err error) {
	server, err := b.large().serve(ctx, b.scratch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	variables := filtered(contact.Filter{Period: contact.Period{Range: &quarter}})
	documents := []string{leanPage, countAlone, countAndPage}
	took := make([][]time.Duration, len(documents))
	line, err := dial(ctx, server.address)
	if err != nil {
		return err
	}
	defer line.close()
	for n := range 2 + b.scale.pages {
		for i, document := range documents {
			request, err := server.post(document, variables)
			if err != nil {
				return err
			}
			begun := time.Now()
			if err := line.exchange(request, nil); err != nil {
				return err
			}
			if n >= 2 {
				took[i] = append(took[i], time.Since(begun))
			}
		}
	}
	page, count, both := quantile(took[0], 0.5), quantile(took[1], 0.5), quantile(took[2], 0.5)
	b.results.line("  page %.2f ms, count %.1f ms, both in one request %.1f ms", milliseconds(page), milliseconds(count), milliseconds(both))
	b.results.atMost("3a", milliseconds(count), 120, "totalCount of three months, %s ms")
	b.results.atMost("3b", float64(both)/float64(max(count, page)), 1.1, "page with totalCount, %s times the longer of the two alone")
	return nil
}

package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// quarter is the period of the cases: the last three months, as long as a report may be.
var quarter = contact.Range{From: "2026-07-01", To: lastDay}

// inQuarter is the same as SQL.
const inQuarter = `started_at >= '2026-07-01 00:00 Europe/Warsaw' AND started_at < '2026-10-01 00:00 Europe/Warsaw'`

// things are values to filter by, found in the data: what is frequent there, what is rare, and what never meets.
type things struct {
	total int // contacts in the quarter

	campaigns, agents, queues, classifiers, siteCalls []int64 // the most frequent first
	records                                           []int64 // a frequent one
	maxGroup, crowd                                   []string
	stranger                                          int64 // an agent who never worked on the most frequent campaign

	commonType, rareType     contact.Type
	commonStatus, rareStatus contact.Status
	// rarePair is met by few contacts, absentPair by none.
	rarePair, absentPair pair
	// rareHere is a status that the most frequent campaign's own number has seldom, neverHere one that its contacts never
	// have; rareOfAgent and neverOfAgent are those of the most frequent agent.
	rareHere, neverHere, rareOfAgent, neverOfAgent contact.Status

	topSource, rareSource, topDestination, rareDestination, topFurther, ticket string
	// clientKeys are the most frequent sources.
	clientKeys []string
	// met is an address pair of one contact.
	metSource, metDestination string
	contacts                  []int64
}

type pair struct {
	kind   contact.Type
	status contact.Status
}

// absentSource is a number that nobody calls from.
const absentSource = "+48999000111"

// findThings looks through the quarter.
func findThings(ctx context.Context, pool *postgres.Pool) (*things, error) {
	t := &things{}
	if err := pool.QueryRow(ctx, "SELECT count(*) FROM contacts WHERE "+inQuarter).Scan(&t.total); err != nil {
		return nil, err
	}
	numbers := func(into *[]int64, column string) error {
		found, err := ranked[int64](ctx, pool, column, "true")
		*into = found
		return err
	}
	for column, into := range map[string]*[]int64{
		"campaign_id": &t.campaigns, "agent_id": &t.agents, "queue_id": &t.queues, "classifier_id": &t.classifiers, "site_call_id": &t.siteCalls,
	} {
		if err := numbers(into, column); err != nil {
			return nil, err
		}
		if len(*into) < 2 {
			return nil, fmt.Errorf("the data has no two values of %s", column)
		}
	}
	for _, find := range []func(context.Context, *postgres.Pool) error{t.findKinds, t.findAddresses, t.findPeople} {
		if err := find(ctx, pool); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// ranked are the values of a column in the quarter, the most frequent first.
func ranked[T any](ctx context.Context, pool *postgres.Pool, expression, condition string) ([]T, error) {
	rows, err := pool.Query(ctx, "SELECT "+expression+" FROM contacts WHERE "+inQuarter+" AND ("+expression+") IS NOT NULL AND "+condition+
		" GROUP BY 1 ORDER BY count(*) DESC, 1")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

func (t *things) findKinds(ctx context.Context, pool *postgres.Pool) error {
	types, err := ranked[string](ctx, pool, "type::text", "true")
	if err != nil {
		return err
	}
	statuses, err := ranked[string](ctx, pool, "status::text", "true")
	if err != nil {
		return err
	}
	pairs, err := ranked[string](ctx, pool, "type::text || ' ' || status::text", "true")
	if err != nil {
		return err
	}
	t.commonType, t.rareType = contact.Type(types[0]), contact.Type(types[len(types)-1])
	t.commonStatus, t.rareStatus = contact.Status(statuses[0]), contact.Status(statuses[len(statuses)-1])
	if _, err := fmt.Sscan(pairs[len(pairs)-1], &t.rarePair.kind, &t.rarePair.status); err != nil {
		return err
	}
	met := map[string]bool{}
	for _, one := range pairs {
		met[one] = true
	}
	for _, kind := range types {
		for _, status := range statuses {
			if !met[kind+" "+status] && t.absentPair.kind == "" {
				t.absentPair = pair{contact.Type(kind), contact.Status(status)}
			}
		}
	}
	for _, one := range []struct {
		rare, never *contact.Status
		condition   string
	}{
		{&t.rareHere, &t.neverHere, fmt.Sprintf("campaign_id = %d", t.campaigns[0])},
		{&t.rareOfAgent, &t.neverOfAgent, fmt.Sprintf("agent_id = %d", t.agents[0])},
	} {
		here, err := ranked[string](ctx, pool, "status::text", one.condition)
		if err != nil {
			return err
		}
		*one.rare = contact.Status(here[len(here)-1])
		has := map[contact.Status]bool{}
		for _, status := range here {
			has[contact.Status(status)] = true
		}
		for _, status := range contact.Statuses {
			if !has[status] {
				*one.never = status
			}
		}
	}
	return nil
}

func (t *things) findAddresses(ctx context.Context, pool *postgres.Pool) error {
	for column, into := range map[string][2]*string{
		"source_key": {&t.topSource, &t.rareSource}, "destination_key": {&t.topDestination, &t.rareDestination},
	} {
		found, err := ranked[string](ctx, pool, column, "true")
		if err != nil {
			return err
		}
		*into[0], *into[1] = found[0], found[len(found)-1]
		if column == "source_key" {
			t.clientKeys = found[:min(100, len(found))]
		}
	}
	const further = `SELECT key FROM contact_addresses GROUP BY key ORDER BY count(*) DESC, key LIMIT 1`
	if err := pool.QueryRow(ctx, further).Scan(&t.topFurther); err != nil {
		return err
	}
	tickets, err := ranked[string](ctx, pool, "ticket_id", "true")
	if err != nil {
		return err
	}
	t.ticket = tickets[0]
	if t.records, err = ranked[int64](ctx, pool, "record_id", "true"); err != nil {
		return err
	}
	t.records = t.records[:1]
	const one = `SELECT source_key, destination_key, id FROM contacts WHERE ` + inQuarter + ` AND destination_key = $1 AND source_key IS NOT NULL
		ORDER BY started_at, id LIMIT 1`
	var id int64
	if err := pool.QueryRow(ctx, one, t.topDestination).Scan(&t.metSource, &t.metDestination, &id); err != nil {
		return err
	}
	t.contacts = []int64{id}
	return nil
}

func (t *things) findPeople(ctx context.Context, pool *postgres.Pool) error {
	here, err := ranked[int64](ctx, pool, "agent_id", fmt.Sprintf("campaign_id = %d", t.campaigns[0]))
	if err != nil {
		return err
	}
	worked := map[int64]bool{}
	for _, id := range here {
		worked[id] = true
	}
	for _, id := range t.agents {
		if !worked[id] {
			t.stranger = id
			break
		}
	}
	var group int64
	const largest = `SELECT agent_group_id FROM agent_group_members GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`
	if err := pool.QueryRow(ctx, largest).Scan(&group); err != nil {
		return err
	}
	t.maxGroup = ids(relay.AgentGroupKind, group)
	t.crowd = ids(relay.AgentKind, t.agents[:min(200, len(t.agents))]...)
	return nil
}

// ids are the API's ids of things.
func ids(kind relay.Kind, numbers ...int64) []string {
	all := make([]string, len(numbers))
	for i, number := range numbers {
		all[i] = relay.EncodeID(kind, number)
	}
	return all
}

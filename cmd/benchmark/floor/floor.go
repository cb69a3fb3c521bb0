// Package floor is what a careful programmer would write by hand for two pages of the report alone: net/http and pgx, no
// GraphQL. The benchmark measures kontakty against it.
package floor

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontakty/kontakty/internal/relay"
)

// server answers the two pages as a programmer would who writes a handler for each by hand: prepared statements, the
// small things kept in memory as the bytes that an answer needs, records and IVR steps fetched in one batch, the answer
// appended to one buffer.
type server struct {
	pool   *pgxpool.Pool
	signer *relay.Signer
	zone   *time.Location

	campaigns, agents, queues, classifiers map[int32][]byte
}

// maxConnections is as many as kontakty has for its API.
const maxConnections = 10

// Serve serves the floor over the database of a URL until it is killed, and prints its address.
func Serve(args []string) error {
	if len(args) != 1 {
		return errors.New("floor needs the URL of a database")
	}
	ctx := context.Background()
	f, err := open(ctx, args[0])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /full", f.handle(f.full))
	mux.HandleFunc("GET /lean", f.handle(f.lean))
	return http.Serve(listener, mux)
}

func open(ctx context.Context, url string) (*server, error) {
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	settings.MaxConns = maxConnections
	settings.ConnConfig.RuntimeParams["timezone"] = "UTC"
	settings.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	f := &server{}
	if f.pool, err = pgxpool.NewWithConfig(ctx, settings); err != nil {
		return nil, err
	}
	if f.zone, err = time.LoadLocation("Europe/Warsaw"); err != nil {
		return nil, err
	}
	var key []byte
	if err := f.pool.QueryRow(ctx, "SELECT value FROM secrets WHERE name = 'cursor'").Scan(&key); err != nil {
		return nil, err
	}
	f.signer = relay.NewSigner(key)
	for _, list := range []struct {
		into  *map[int32][]byte
		table string
		kind  relay.Kind
	}{
		{&f.campaigns, "campaigns", relay.CampaignKind},
		{&f.queues, "queues", relay.QueueKind},
		{&f.classifiers, "classifiers", relay.ClassifierKind},
		{&f.agents, "agents", relay.AgentKind},
	} {
		if *list.into, err = f.remember(ctx, list.table, list.kind); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// remember keeps the small things of a kind, each as it is written into an answer.
func (f *server) remember(ctx context.Context, table string, kind relay.Kind) (map[int32][]byte, error) {
	left := "NULL::timestamptz"
	if kind == relay.AgentKind {
		left = "deleted_at"
	}
	rows, err := f.pool.Query(ctx, "SELECT id, name, "+left+" FROM "+table)
	if err != nil {
		return nil, err
	}
	objects := map[int32][]byte{}
	var id int32
	var name string
	var leftAt *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &name, &leftAt}, func() error {
		out := appendID(append([]byte(nil), `{"id":`...), kind, int64(id))
		out = appendText(append(out, `,"name":`...), name)
		if kind == relay.AgentKind {
			out = appendOptionalTime(append(out, `,"deletedAt":`...), leftAt)
		}
		objects[id] = append(out, '}')
		return nil
	})
	return objects, err
}

const pageSize = 50

// pageInfo is the head of an answer.
func (f *server) pageInfo(out []byte, asked request, more bool, lastStart time.Time, lastID int64) []byte {
	out = strconv.AppendBool(append(out, `{"data":{"contacts":{"pageInfo":{"hasNextPage":`...), more)
	payload := make([]byte, 0, 24)
	payload = append(payload, asked.days[:]...)
	payload = binary.BigEndian.AppendUint64(payload, uint64(lastStart.UnixMicro()))
	payload = binary.BigEndian.AppendUint64(payload, uint64(lastID))
	out = append(append(out, `,"endCursor":"`...), f.signer.Seal(asked.scope, payload)...)
	return append(out, `"},"nodes":[`...)
}

const leanSQL = `SELECT id, started_at, external_id, status FROM contacts
WHERE started_at >= $1 AND started_at < $2 ORDER BY started_at DESC, id DESC LIMIT 51`

func (f *server) lean(ctx context.Context, asked request, out []byte) ([]byte, error) {
	type row struct {
		id                 int64
		startedAt          time.Time
		externalID, status string
	}
	found := make([]row, 0, pageSize+1)
	rows, err := f.pool.Query(ctx, leanSQL, asked.from, asked.to)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		found = append(found, row{})
		one := &found[len(found)-1]
		if err := rows.Scan(&one.id, &one.startedAt, &one.externalID, &one.status); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	shown := found[:min(pageSize, len(found))]
	if len(shown) == 0 {
		return nil, errors.New("there are no contacts")
	}
	last := shown[len(shown)-1]
	out = f.pageInfo(out, asked, len(found) > pageSize, last.startedAt, last.id)
	for i := range shown {
		one := &shown[i]
		if i > 0 {
			out = append(out, ',')
		}
		out = appendText(append(out, `{"externalId":`...), one.externalID)
		out = appendTime(append(out, `,"startedAt":`...), one.startedAt)
		out = append(append(append(out, `,"status":"`...), one.status...), `"}`...)
	}
	return append(out, `]}}}`...), nil
}

const (
	fullSQL = `SELECT id, started_at, external_id, type, status, source_address, destination_address, cc_addresses, ticket_id,
ivr_time, ring_time, agent_talk_time, talk_time, hangup_party, campaign_id, agent_id, queue_id, classifier_id, record_id
FROM contacts WHERE started_at >= $1 AND started_at < $2 ORDER BY started_at DESC, id DESC LIMIT 51`
	recordsSQL = `SELECT id, external_id, significant_name, significant_value FROM records WHERE id = ANY ($1::bigint[])`
	stepsSQL   = `SELECT s.contact_id, s.position, s.name, s.kind, s.choice, s.entered_at, s.left_at
FROM unnest($1::timestamptz[], $2::bigint[]) k (started_at, id)
JOIN ivr_steps s ON (s.contact_started_at, s.contact_id) = (k.started_at, k.id)
ORDER BY s.contact_id, s.position`
)

type fullRow struct {
	id                                  int64
	startedAt                           time.Time
	externalID, kind, status            string
	source, destination, ticket, hangup *string
	copies                              []string
	ivr, ring, agentTalk, talk          *int32
	campaign, agent, queue, classifier  *int32
	record                              *int64
	firstStep, steps                    int
}

type recordRow struct {
	externalID  string
	name, value *string
}

type stepRow struct {
	position   int32
	name, kind string
	choice     *string
	enteredAt  time.Time
	leftAt     *time.Time
}

func (f *server) full(ctx context.Context, asked request, out []byte) ([]byte, error) {
	connection, err := f.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer connection.Release()
	found := make([]fullRow, 0, pageSize+1)
	rows, err := connection.Query(ctx, fullSQL, asked.from, asked.to)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		found = append(found, fullRow{})
		one := &found[len(found)-1]
		if err := rows.Scan(&one.id, &one.startedAt, &one.externalID, &one.kind, &one.status, &one.source, &one.destination, &one.copies, &one.ticket,
			&one.ivr, &one.ring, &one.agentTalk, &one.talk, &one.hangup, &one.campaign, &one.agent, &one.queue, &one.classifier, &one.record); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	shown := found[:min(pageSize, len(found))]
	if len(shown) == 0 {
		return nil, errors.New("there are no contacts")
	}
	records, steps, err := f.behind(ctx, connection, shown)
	if err != nil {
		return nil, err
	}
	last := &shown[len(shown)-1]
	out = f.pageInfo(out, asked, len(found) > pageSize, last.startedAt, last.id)
	for i := range shown {
		if i > 0 {
			out = append(out, ',')
		}
		out = f.appendFull(out, &shown[i], records, steps)
	}
	return append(out, `]}}}`...), nil
}

// behind fetches the records and IVR steps of a page in one batch.
func (f *server) behind(ctx context.Context, connection *pgxpool.Conn, shown []fullRow) (map[int64]recordRow, []stepRow, error) {
	starts, ids := make([]time.Time, len(shown)), make([]int64, len(shown))
	place := make(map[int64]*fullRow, len(shown))
	wanted := make([]int64, 0, len(shown))
	for i := range shown {
		one := &shown[i]
		starts[i], ids[i], place[one.id] = one.startedAt, one.id, one
		if one.record != nil {
			wanted = append(wanted, *one.record)
		}
	}
	var batch pgx.Batch
	batch.Queue(recordsSQL, wanted)
	batch.Queue(stepsSQL, starts, ids)
	results := connection.SendBatch(ctx, &batch)
	defer func() { _ = results.Close() }()

	rows, err := results.Query()
	if err != nil {
		return nil, nil, err
	}
	records := make(map[int64]recordRow, len(wanted))
	for rows.Next() {
		var id int64
		var one recordRow
		if err := rows.Scan(&id, &one.externalID, &one.name, &one.value); err != nil {
			return nil, nil, err
		}
		records[id] = one
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	if rows, err = results.Query(); err != nil {
		return nil, nil, err
	}
	var steps []stepRow
	for rows.Next() {
		steps = append(steps, stepRow{})
		one := &steps[len(steps)-1]
		var id int64
		if err := rows.Scan(&id, &one.position, &one.name, &one.kind, &one.choice, &one.enteredAt, &one.leftAt); err != nil {
			return nil, nil, err
		}
		of := place[id]
		if of.steps == 0 {
			of.firstStep = len(steps) - 1
		}
		of.steps++
	}
	return records, steps, rows.Err()
}

func (f *server) appendFull(out []byte, one *fullRow, records map[int64]recordRow, steps []stepRow) []byte {
	out = appendID(append(out, `{"id":`...), relay.ContactKind, one.id)
	out = appendText(append(out, `,"externalId":`...), one.externalID)
	out = append(append(append(out, `,"type":"`...), one.kind...), '"')
	out = append(append(append(out, `,"status":"`...), one.status...), '"')
	out = appendTime(append(out, `,"startedAt":`...), one.startedAt)
	out = appendOptionalText(append(out, `,"sourceAddress":`...), one.source)
	out = appendOptionalText(append(out, `,"destinationAddress":`...), one.destination)
	out = append(out, `,"ccAddresses":[`...)
	for i, address := range one.copies {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendText(out, address)
	}
	out = appendOptionalText(append(out, `],"ticketId":`...), one.ticket)
	out = appendOptionalInt(append(out, `,"ivrTime":`...), one.ivr)
	out = appendOptionalInt(append(out, `,"ringTime":`...), one.ring)
	out = appendOptionalInt(append(out, `,"agentTalkTime":`...), one.agentTalk)
	out = appendOptionalInt(append(out, `,"talkTime":`...), one.talk)
	out = appendOptionalText(append(out, `,"hangupParty":`...), one.hangup)
	out = appendObject(append(out, `,"campaign":`...), f.campaigns, one.campaign)
	out = appendObject(append(out, `,"agent":`...), f.agents, one.agent)
	out = appendObject(append(out, `,"queue":`...), f.queues, one.queue)
	out = appendObject(append(out, `,"classifier":`...), f.classifiers, one.classifier)
	out = append(out, `,"record":`...)
	if one.record == nil {
		out = append(out, `null`...)
	} else {
		record := records[*one.record]
		out = appendID(append(out, `{"id":`...), relay.RecordKind, *one.record)
		out = appendText(append(out, `,"externalId":`...), record.externalID)
		out = append(out, `,"significantField":`...)
		if record.name == nil {
			out = append(out, `null}`...)
		} else {
			out = appendText(append(out, `{"name":`...), *record.name)
			out = appendOptionalText(append(out, `,"value":`...), record.value)
			out = append(out, `}}`...)
		}
	}
	out = append(out, `,"ivrSteps":[`...)
	for i := range steps[one.firstStep : one.firstStep+one.steps] {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendStep(out, &steps[one.firstStep+i])
	}
	return append(out, `]}`...)
}

func appendStep(out []byte, step *stepRow) []byte {
	out = strconv.AppendInt(append(out, `{"position":`...), int64(step.position), 10)
	out = appendText(append(out, `,"name":`...), step.name)
	out = append(append(append(out, `,"kind":"`...), step.kind...), '"')
	out = appendOptionalText(append(out, `,"choice":`...), step.choice)
	out = appendTime(append(out, `,"enteredAt":`...), step.enteredAt)
	out = appendOptionalTime(append(out, `,"leftAt":`...), step.leftAt)
	out = append(out, `,"duration":`...)
	if step.leftAt == nil {
		return append(out, `null}`...)
	}
	return append(strconv.AppendInt(out, int64(step.leftAt.Sub(step.enteredAt)/time.Second), 10), '}')
}

package report

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// A page reads fifty contacts a thousand times a second, and a file a million of them. database/sql and Bun take five
// microseconds and 37 allocations to scan one; read from the bytes that PostgreSQL sent, it takes one microsecond and an
// allocation.

// eachRow runs a statement past database/sql and gives the values of each row as PostgreSQL sent them, in its binary
// form. They are gone with the next row.
func eachRow(
	ctx context.Context, mode pgx.QueryExecMode, from querier, each func(values [][]byte) error, statement plan.Statement,
) error {
	return onConnection(ctx, from, func(connection *pgx.Conn) error {
		rows, err := connection.Query(ctx, statement.SQL, append([]any{mode}, statement.Arguments...)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := each(rows.RawValues()); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// badConnections is how many connections in a row may turn out to be gone before a statement was sent on them, as after a
// restart of the database; database/sql allows for as many.
const badConnections = 2

func onConnection(ctx context.Context, from querier, work func(*pgx.Conn) error) (err error) {
	raw := func(connection *sql.Conn) error {
		return connection.Raw(func(driver any) error { return work(driver.(*stdlib.Conn).Conn()) })
	}
	if connection, own := from.(*sql.Conn); own {
		return raw(connection)
	}
	for range 1 + badConnections {
		connection, failure := from.(*sql.DB).Conn(ctx)
		if failure != nil {
			return failure
		}
		err = raw(connection)
		if failure := connection.Close(); failure != nil && !errors.Is(failure, sql.ErrConnDone) && err == nil {
			err = failure
		}
		if !pgconn.SafeToRetry(err) {
			break
		}
	}
	return err
}

// contactRows reads rows of contacts, over and over into the same Contacts; what they point at stays.
type contactRows struct {
	contacts []contact.Contact
	list     []*contact.Contact
	// most is how many rows there are at most, values how many values each has.
	most, values int

	numbers []int64
	seconds []int
	strings []string
	hangups []contact.HangupParty
	kinds   []contact.DetailsKind

	// columns set the fields of a contact, in the order of the select list.
	columns []setColumn
	rowTexts
}

// rowTexts are the texts of a row, which are allocated at once: text is where they are gathered, texts are their ends, and
// who wants them.
type rowTexts struct {
	text  []byte
	texts []textOf
}

type textOf struct {
	end  int
	into *string
}

// keep takes a text, which into has when the row is kept.
func (r *rowTexts) keep(text []byte, into *string) {
	r.text = append(r.text, text...)
	r.texts = append(r.texts, textOf{len(r.text), into})
}

func (r *rowTexts) keepRow() {
	all, start := string(r.text), 0
	for _, one := range r.texts {
		*one.into = all[start:one.end]
		start = one.end
	}
	r.text, r.texts = r.text[:0], r.texts[:0]
}

// setColumn sets a field of a contact to a value as PostgreSQL sent it, not null.
type setColumn func(r *contactRows, c *contact.Contact, value []byte) error

// newContactRows reads so many rows at once with a set of columns, as Columns.Names orders them.
func newContactRows(columns contact.Columns, most int) *contactRows {
	r := &contactRows{columns: []setColumn{setID, setStartedAt}}
	for bit := range contact.ColumnNames {
		if columns&(1<<bit) != 0 {
			r.columns = append(r.columns, setters[bit])
		}
	}
	r.most, r.values = most, bits.OnesCount32(uint32(columns))
	r.contacts, r.list = make([]contact.Contact, 0, most), make([]*contact.Contact, 0, most)
	return r
}

// read runs a statement and reads its rows.
func (r *contactRows) read(
	ctx context.Context, mode pgx.QueryExecMode, from querier, statement plan.Statement,
) ([]*contact.Contact, error) {
	r.begin()
	err := eachRow(ctx, mode, from, r.row, statement)
	return r.list, err
}

// begin makes room for rows.
func (r *contactRows) begin() {
	r.contacts, r.list = r.contacts[:0], r.list[:0]
	// A pointer to an element stays good: there is room for all of them.
	r.numbers, r.seconds = make([]int64, 0, r.most*min(r.values, 6)), make([]int, 0, r.most*min(r.values, 4))
	r.strings = make([]string, 0, r.most*min(r.values, 4))
	r.hangups, r.kinds = make([]contact.HangupParty, 0, r.most*min(r.values, 1)), make([]contact.DetailsKind, 0, r.most*min(r.values, 1))
}

func (r *contactRows) row(values [][]byte) error {
	if len(values) != len(r.columns) || len(r.contacts) == cap(r.contacts) {
		return fmt.Errorf("row %d of a batch has %d values, want %d", len(r.contacts)+1, len(values), len(r.columns))
	}
	r.contacts = append(r.contacts, contact.Contact{})
	c := &r.contacts[len(r.contacts)-1]
	r.list = append(r.list, c)
	for i, value := range values {
		if value == nil {
			continue
		}
		if err := r.columns[i](r, c, value); err != nil {
			return err
		}
	}
	r.keepRow()
	return nil
}

// setters are in the order of contact.ColumnNames.
var setters = [len(contact.ColumnNames)]setColumn{
	setText(func(c *contact.Contact) *string { return &c.ExternalID }),
	setWord(func(_ *contactRows, c *contact.Contact, word contact.Type) { c.Type = word }, contact.Types),
	setWord(func(_ *contactRows, c *contact.Contact, word contact.Status) { c.Status = word }, contact.Statuses),
	setWord(func(r *contactRows, c *contact.Contact, word contact.HangupParty) {
		r.hangups = append(r.hangups, word)
		c.HangupParty = &r.hangups[len(r.hangups)-1]
	}, []contact.HangupParty{contact.HangupCustomer, contact.HangupAgent, contact.HangupSystem}),
	setWord(func(r *contactRows, c *contact.Contact, word contact.DetailsKind) {
		r.kinds = append(r.kinds, word)
		c.DetailsKind = &r.kinds[len(r.kinds)-1]
	}, []contact.DetailsKind{contact.RecordingDetails, contact.EmailDetails, contact.ChatDetails, contact.SMSDetails}),
	setNumber(func(c *contact.Contact) **int64 { return &c.CampaignID }),
	setNumber(func(c *contact.Contact) **int64 { return &c.AgentID }),
	setNumber(func(c *contact.Contact) **int64 { return &c.QueueID }),
	setNumber(func(c *contact.Contact) **int64 { return &c.ClassifierID }),
	setNumber(func(c *contact.Contact) **int64 { return &c.SiteCallID }),
	setNumber(func(c *contact.Contact) **int64 { return &c.RecordID }),
	setSeconds(func(c *contact.Contact) **int { return &c.IVRTime }),
	setSeconds(func(c *contact.Contact) **int { return &c.RingTime }),
	setSeconds(func(c *contact.Contact) **int { return &c.AgentTalkTime }),
	setSeconds(func(c *contact.Contact) **int { return &c.TalkTime }),
	setOptionalText(func(c *contact.Contact) **string { return &c.TicketID }),
	setOptionalText(func(c *contact.Contact) **string { return &c.SiteCallOrderID }),
	setOptionalText(func(c *contact.Contact) **string { return &c.SourceAddress }),
	setOptionalText(func(c *contact.Contact) **string { return &c.DestinationAddress }),
	setList(func(c *contact.Contact) *[]string { return &c.CCAddresses }),
	setList(func(c *contact.Contact) *[]string { return &c.BCCAddresses }),
}

func setID(_ *contactRows, c *contact.Contact, value []byte) (err error) {
	c.ID, err = wholeNumber(value)
	return err
}

// postgresEpoch is the instant that PostgreSQL counts its microseconds from.
var postgresEpoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func setStartedAt(_ *contactRows, c *contact.Contact, value []byte) (err error) {
	c.StartedAt, err = instant(value)
	return err
}

func instant(value []byte) (time.Time, error) {
	micros, err := wholeNumber(value)
	return time.UnixMicro(micros + postgresEpoch).UTC(), err
}

func setNumber(field func(*contact.Contact) **int64) setColumn {
	return func(r *contactRows, c *contact.Contact, value []byte) error {
		number, err := wholeNumber(value)
		r.numbers = append(r.numbers, number)
		*field(c) = &r.numbers[len(r.numbers)-1]
		return err
	}
}

func setSeconds(field func(*contact.Contact) **int) setColumn {
	return func(r *contactRows, c *contact.Contact, value []byte) error {
		number, err := wholeNumber(value)
		r.seconds = append(r.seconds, int(number))
		*field(c) = &r.seconds[len(r.seconds)-1]
		return err
	}
}

func setText(field func(*contact.Contact) *string) setColumn {
	return func(r *contactRows, c *contact.Contact, value []byte) error {
		r.keep(value, field(c))
		return nil
	}
}

func setOptionalText(field func(*contact.Contact) **string) setColumn {
	return func(r *contactRows, c *contact.Contact, value []byte) error {
		r.strings = append(r.strings, "")
		text := &r.strings[len(r.strings)-1]
		r.keep(value, text)
		*field(c) = text
		return nil
	}
}

// setWord sets a value of an enumeration, without a text of its own for each row.
func setWord[T ~string](set func(*contactRows, *contact.Contact, T), words []T) setColumn {
	known := make(map[string]T, len(words))
	for _, word := range words {
		known[string(word)] = word
	}
	return func(r *contactRows, c *contact.Contact, value []byte) error {
		word, found := known[string(value)]
		if !found {
			word = T(value)
		}
		set(r, c, word)
		return nil
	}
}

// setList sets a list of texts: a count of dimensions, a flag, the elements' type, and for each dimension its length and
// first index; then the elements, each behind its length.
func setList(field func(*contact.Contact) *[]string) setColumn {
	return func(_ *contactRows, c *contact.Contact, value []byte) error {
		const head, dimension = 12, 8
		if len(value) == head && binary.BigEndian.Uint32(value) == 0 {
			*field(c) = []string{}
			return nil
		}
		if len(value) < head+dimension || binary.BigEndian.Uint32(value) != 1 {
			return errors.New("a list of addresses that is no list")
		}
		texts := make([]string, 0, 4)
		for rest, left := value[head+dimension:], binary.BigEndian.Uint32(value[head:]); left > 0; left-- {
			if len(rest) < 4 || int64(int32(binary.BigEndian.Uint32(rest))) < 0 || len(rest)-4 < int(binary.BigEndian.Uint32(rest)) {
				return errors.New("a list of addresses that is cut short")
			}
			length := int(binary.BigEndian.Uint32(rest))
			texts, rest = append(texts, string(rest[4:4+length])), rest[4+length:]
		}
		*field(c) = texts
		return nil
	}
}

// wholeNumber reads PostgreSQL's binary form of an integer, or of an instant, which is one too.
func wholeNumber(value []byte) (int64, error) {
	switch len(value) {
	case 8:
		return int64(binary.BigEndian.Uint64(value)), nil
	case 4:
		return int64(int32(binary.BigEndian.Uint32(value))), nil
	default:
		return 0, fmt.Errorf("a number of %d bytes", len(value))
	}
}

// optional makes a place for a text that may be missing.
func (r *rowTexts) optional(value []byte, into **string) {
	if value != nil {
		*into = new(string)
		r.keep(value, *into)
	}
}

// recordRows reads records.
func recordRows(ctx context.Context, from querier, ids []int64) (map[int64]*contact.Record, error) {
	const statement = "SELECT r.id, r.external_id, r.significant_name, r.significant_value" +
		"\nFROM records r WHERE r.id = ANY ($1::bigint[])"
	found, all, texts := make(map[int64]*contact.Record, len(ids)), make([]contact.Record, 0, len(ids)), rowTexts{}
	err := eachRow(ctx, pgx.QueryExecModeCacheStatement, from, func(values [][]byte) (err error) {
		all = append(all, contact.Record{})
		one := &all[len(all)-1]
		one.ID, err = wholeNumber(values[0])
		texts.keep(values[1], &one.ExternalID)
		texts.optional(values[2], &one.SignificantName)
		texts.optional(values[3], &one.SignificantValue)
		texts.keepRow()
		found[one.ID] = one
		return err
	}, plan.Statement{SQL: statement, Arguments: []any{ids}})
	return found, err
}

// stepKinds are the kinds of steps by their name, so that no row has a name of its own.
var stepKinds = map[string]contact.StepKind{}

func init() {
	for _, kind := range contact.StepKinds {
		stepKinds[string(kind)] = kind
	}
}

// stepRows reads the way through the IVR of many contacts, by the contact's number, in the order walked.
func stepRows(ctx context.Context, from querier, keys []contact.Key) (map[int64][]*contact.IVRStep, error) {
	const statement = "SELECT s.contact_id, s.position, s.name, s.kind, s.choice, s.entered_at, s.left_at" +
		"\nFROM unnest($1::timestamptz[], $2::bigint[]) k (started_at, id)" +
		"\nJOIN ivr_steps s ON (s.contact_started_at, s.contact_id) = (k.started_at, k.id)" +
		"\nORDER BY s.contact_id, s.position"
	found, texts := make(map[int64][]*contact.IVRStep, len(keys)), rowTexts{}
	starts, ids := split(keys)
	err := eachRow(ctx, pgx.QueryExecModeCacheStatement, from, func(values [][]byte) error {
		step, err := texts.step(values)
		found[step.ContactID] = append(found[step.ContactID], step)
		return err
	}, plan.Statement{SQL: statement, Arguments: []any{starts, ids}})
	return found, err
}

func (r *rowTexts) step(values [][]byte) (*contact.IVRStep, error) {
	step := &contact.IVRStep{}
	id, wrongID := wholeNumber(values[0])
	position, wrongPosition := wholeNumber(values[1])
	entered, wrongEntered := instant(values[5])
	step.ContactID, step.Position, step.EnteredAt = id, int(position), entered
	r.keep(values[2], &step.Name)
	r.optional(values[4], &step.Choice)
	r.keepRow()
	kind, known := stepKinds[string(values[3])]
	if !known {
		kind = contact.StepKind(values[3])
	}
	step.Kind = kind
	err := errors.Join(wrongID, wrongPosition, wrongEntered)
	if values[6] != nil {
		left, wrongLeft := instant(values[6])
		step.LeftAt, err = &left, errors.Join(err, wrongLeft)
	}
	return step, err
}

package access

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// Action is something that is written into the audit log.
type Action string

// The actions, each with the kind of thing it is done to.
const (
	// OpenedRecording: the address or the sound of a contact's recording was given out.
	OpenedRecording Action = "OPENED_RECORDING"
	// OpenedContent: the body of a contact's message or chat was given out.
	OpenedContent Action = "OPENED_CONTENT"
	// OpenedAddresses: the details of a contact were given out with its addresses unmasked.
	OpenedAddresses Action = "OPENED_ADDRESSES"
	// OrderedFile: a download was ordered.
	OrderedFile Action = "ORDERED_FILE"
	// FetchedFile: the file of a download was fetched.
	FetchedFile Action = "FETCHED_FILE"
	// MadeKey: an API key was made.
	MadeKey Action = "MADE_KEY"
	// RevokedKey: an API key was revoked.
	RevokedKey Action = "REVOKED_KEY"
	// RecordedContacts: a call recorded contacts, of which Event.Contacts and Event.Replaced tell how many.
	RecordedContacts Action = "RECORDED_CONTACTS"
	// ReplacedContact: such a call replaced this contact.
	ReplacedContact Action = "REPLACED_CONTACT"
	// SetRevision: the revision of a contact was set.
	SetRevision Action = "SET_REVISION"
	// ListedAddresses: in a minute, contacts were given out with whole numbers and addresses, this one first.
	ListedAddresses Action = "LISTED_ADDRESSES"
	// ListedBcc: in a minute, contacts were given out with their hidden recipients, this one first.
	ListedBcc Action = "LISTED_BCC"
)

// Actions are all actions.
var Actions = []Action{
	OpenedRecording, OpenedContent, OpenedAddresses, OrderedFile, FetchedFile, MadeKey, RevokedKey,
	RecordedContacts, ReplacedContact, ListedAddresses, ListedBcc, SetRevision,
}

// SubjectKind is the kind of thing that an action is done to.
type SubjectKind string

// The kinds of subjects.
const (
	ContactSubject  SubjectKind = "CONTACT"
	DownloadSubject SubjectKind = "DOWNLOAD"
	KeySubject      SubjectKind = "API_KEY"
)

// SubjectKinds are all kinds of subjects.
var SubjectKinds = []SubjectKind{ContactSubject, DownloadSubject, KeySubject}

// subjectOf is what each action is done to.
var subjectOf = map[Action]SubjectKind{
	OpenedRecording: ContactSubject, OpenedContent: ContactSubject, OpenedAddresses: ContactSubject,
	OrderedFile: DownloadSubject, FetchedFile: DownloadSubject, MadeKey: KeySubject, RevokedKey: KeySubject,
	RecordedContacts: ContactSubject, ReplacedContact: ContactSubject, ListedAddresses: ContactSubject, ListedBcc: ContactSubject, SetRevision: ContactSubject,
}

// subjectKinds are the kinds of subjects by the kinds of their ids.
var subjectKinds = map[relay.Kind]SubjectKind{
	relay.ContactKind: ContactSubject, relay.DownloadKind: DownloadSubject, relay.APIKeyKind: KeySubject,
}

// SubjectKindOf is the kind of subject that ids of a kind name; false for things that nothing is done to.
func SubjectKindOf(kind relay.Kind) (SubjectKind, bool) {
	subject, found := subjectKinds[kind]
	return subject, found
}

// Audit is the log of who did what. It only grows. It is safe for use by many goroutines.
type Audit struct {
	pool   *postgres.Pool
	signer *relay.Signer
	now    func() time.Time
	// Failed, where there is one, is told that an entry could not be written. It is set before the first one.
	Failed func()

	mu sync.Mutex
	// listed is the minute for which it was last written down that an actor was given such contacts.
	listed *simplelru.LRU[listing, time.Time]
}

// listing is who, from where, was given what, in lists or in parts.
type listing struct {
	principal string
	address   netip.Addr
	action    Action
	// subject is of what it was a part; 0 for lists.
	subject int64
}

const (
	// maxListings bounds the memory for what is written down once a minute.
	maxListings = 10_000
	// maxReplacedNamed is how many replaced contacts the log names for a principal on a day; others are only counted.
	maxReplacedNamed = 1000
	// maxSubjects is how many subjects a row of the log has.
	maxSubjects = 1000
)

// NewAudit makes the audit log of a migrated database. The pool must be able to write.
func NewAudit(pool *postgres.Pool, signer *relay.Signer, now func() time.Time) *Audit {
	return &Audit{pool: pool, signer: signer, now: now, listed: newLRU[listing, time.Time](maxListings)}
}

// Write writes down what an actor did to things of one kind, by our own numbers, in one statement. If it fails, the
// caller must not give out what was asked for.
func (a *Audit) Write(ctx context.Context, by Actor, action Action, subjects ...int64) error {
	if len(subjects) == 0 {
		return nil
	}
	if err := appendEvents(ctx, a.pool, a.now(), by, action, subjects...); err != nil {
		a.fail(ctx)
		return fmt.Errorf("writing the audit log: %w", err)
	}
	return nil
}

// WriteIn is Write within a transaction: it is written down if, and only if, what it tells of happens.
func (a *Audit) WriteIn(ctx context.Context, tx pgx.Tx, by Actor, action Action, subjects ...int64) error {
	if len(subjects) == 0 {
		return nil
	}
	if err := appendEvents(ctx, tx, a.now(), by, action, subjects...); err != nil {
		a.fail(ctx)
		return fmt.Errorf("writing the audit log: %w", err)
	}
	return nil
}

// fail tells whoever watches, unless the caller left: what they asked for is given to nobody then.
func (a *Audit) fail(ctx context.Context) {
	if a.Failed != nil && !errors.Is(ctx.Err(), context.Canceled) {
		a.Failed()
	}
}

// WriteListing writes down, once a minute for an actor and an action, that a contact was given out in a list: lists are
// too many to write each. If it fails, the caller must not give out what was asked for.
func (a *Audit) WriteListing(ctx context.Context, by Actor, action Action, contact int64) error {
	return a.writeOnce(ctx, listing{by.String(), by.Address, action, 0}, by, contact)
}

// WriteOnce writes down, once a minute for an actor, an action and a subject, what a player or a download manager asks for in
// many parts. If it fails, the caller must not give out what was asked for.
func (a *Audit) WriteOnce(ctx context.Context, by Actor, action Action, subject int64) error {
	return a.writeOnce(ctx, listing{by.String(), by.Address, action, subject}, by, subject)
}

func (a *Audit) writeOnce(ctx context.Context, who listing, by Actor, subject int64) error {
	minute := a.now().Truncate(time.Minute)
	a.mu.Lock()
	last, found := a.listed.Get(who)
	a.mu.Unlock()
	if found && last.Equal(minute) {
		return nil
	}
	if err := a.Write(ctx, by, who.action, subject); err != nil {
		return err
	}
	a.mu.Lock()
	a.listed.Add(who, minute)
	a.mu.Unlock()
	return nil
}

// QueueContacts queues statements for the transaction that records contacts. They write down which were new and which
// replaced others, by our own numbers: one event for the call, and one for each contact replaced until the log has named
// maxReplacedNamed of them for the actor on a day (UTC).
func (a *Audit) QueueContacts(queue func(sql string, arguments ...any), by Actor, recorded, replaced []int64) {
	all := slices.Concat(recorded, replaced)
	if len(all) == 0 {
		return
	}
	now := a.now()
	queue(`INSERT INTO audit_events (at, principal, address, action, subject_kind, subject_id, contacts, replaced)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, now, by.String(), by.addressText(), string(RecordedContacts), string(ContactSubject),
		all[0], len(all), len(replaced))
	if len(replaced) == 0 {
		return
	}
	// Who has named as many as a day may have need not wait for the other calls of the same actor.
	queue(`WITH full_day AS (
			SELECT EXISTS (SELECT FROM audit_replaced_named WHERE principal = $1 AND day = $2 AND named >= $4) AS reached
		), before AS (
			SELECT day, named FROM audit_replaced_named WHERE principal = $1 AND NOT (SELECT reached FROM full_day) FOR UPDATE
		), room AS (
			SELECT CASE WHEN reached THEN 0 ELSE $4 - coalesce((SELECT named FROM before WHERE day = $2), 0) END AS room FROM full_day
		), after AS (
			INSERT INTO audit_replaced_named AS kept (principal, day, named) SELECT $1, $2, least($3, room) FROM room WHERE room > 0
			ON CONFLICT (principal) DO UPDATE SET day = excluded.day,
				named = least($4, excluded.named + CASE WHEN kept.day = excluded.day THEN kept.named ELSE 0 END)
		)
		INSERT INTO audit_events (at, principal, address, action, subject_kind, subject_id, others)
		SELECT $5::timestamptz, $1, $6::text, $7::audit_action, $8::audit_subject, s[1], nullif(s[2:], '{}')
		FROM (SELECT array_agg(subject ORDER BY place) AS s FROM unnest($9::bigint[]) WITH ORDINALITY AS u (subject, place), room WHERE place <= room) n
		WHERE s IS NOT NULL`,
		by.String(), now.UTC(), min(len(replaced), maxReplacedNamed), maxReplacedNamed,
		now, by.addressText(), string(ReplacedContact), string(ContactSubject), replaced)
}

// execution is a pool or a transaction.
type execution interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func appendEvents(ctx context.Context, on execution, now time.Time, by Actor, action Action, subjects ...int64) error {
	_, err := on.Exec(ctx, `INSERT INTO audit_events (at, principal, address, action, subject_kind, subject_id, others)
		SELECT $1::timestamptz, $2::text, $3::text, $4::audit_action, $5::audit_subject, s[1], nullif(s[2:], '{}')
		FROM (SELECT array_agg(subject ORDER BY place) AS s FROM unnest($6::bigint[]) WITH ORDINALITY AS u (subject, place)
			GROUP BY (place - 1) / $7 ORDER BY (place - 1) / $7) n`,
		now, by.String(), by.addressText(), string(action), string(subjectOf[action]), subjects, maxSubjects)
	return err
}

package graph

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vikstrous/dataloadgen"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// loaders read what one request refers to: each thing once, things asked for at the same time together. They follow what
// contacts refer to; an id of the request goes through nodeOf, which asks whether its object exists for the viewer.
type loaders struct {
	config Config
	actor  access.Actor
	reader *auditedReader

	once          sync.Once
	contacts      batch[contactKey, *contact.Contact]
	conversations batch[conversationKey, []*contact.Contact]
	recoveries    batch[spanKey, *contact.Recovery]
	repeats       batch[spanKey, *bool]
	agents        batch[int64, *directory.Agent]
	agentGroups   batch[int64, *directory.AgentGroup]
	campaigns     batch[int64, *directory.Campaign]
	queues        batch[int64, *directory.Queue]
	classifiers   batch[int64, *directory.Classifier]
	siteCalls     batch[int64, *directory.SiteCall]
	records       batch[int64, *contact.Record]
	ivrSteps      batch[contact.Key, []*contact.IVRStep]
	contents      batch[contact.Key, *contact.DetailsContent]
	opened        batch[opening, bool]
	downloads     batch[int64, *export.Download]
	apiKeys       batch[int64, *access.Key]
}

// contactKey is a contact and the columns of it that are selected.
type contactKey struct {
	id      int64
	columns contact.Columns
}

func newLoaders(config Config, actor access.Actor, reader *report.Reader) *loaders {
	return &loaders{config: config, actor: actor, reader: &auditedReader{
		Reader: reader, audit: config.Access.Audit, actor: actor, max: config.Limits.AnswerBytes, room: config.Limits.AnswerBytes,
	}}
}

// made makes the loaders where they are first needed: most pages are answered without any.
func (l *loaders) made() *loaders {
	l.once.Do(func() {
		directory := l.config.Directory
		l.contacts = newBatch(selectedContacts(l.reader))
		l.conversations = newBatch(selectedConversations(l.reader))
		l.recoveries = newBatch(bySpan(l.reader.Recoveries))
		l.repeats = newBatch(bySpan(l.reader.Repeats))
		l.agents = newBatch(directory.Agents)
		l.agentGroups = newBatch(directory.AgentGroups)
		l.campaigns = newBatch(directory.Campaigns)
		l.queues = newBatch(directory.Queues)
		l.classifiers = newBatch(directory.Classifiers)
		l.siteCalls = newBatch(directory.SiteCalls)
		l.records = newBatch(l.reader.Records)
		l.ivrSteps = newBatch(byKey(l.reader.IVRSteps))
		l.contents = newBatch(byKey(l.reader.load))
		l.opened = newBatch(l.reader.opened)
		l.downloads = newBatch(func(ctx context.Context, ids []int64) (map[int64]*export.Download, error) {
			return l.config.Downloads.Find(ctx, l.actor.Principal, ids)
		})
		l.apiKeys = newBatch(func(ctx context.Context, ids []int64) (map[int64]*access.Key, error) {
			return l.config.Access.Keys.Find(ctx, l.actor.Principal, ids)
		})
	})
	return l
}

// wait is how long a loader gathers keys; a list never waits, it prepares its loaders.
const wait = time.Millisecond

// batch is a loader whose values can also be read beforehand. What does not exist is the zero value.
type batch[K comparable, V any] struct {
	*dataloadgen.Loader[K, V]
	read func(context.Context, []K) (map[K]V, error)
}

func newBatch[K comparable, V any](read func(context.Context, []K) (map[K]V, error)) batch[K, V] {
	complete := func(ctx context.Context, keys []K) (map[K]V, error) {
		found, err := read(ctx, keys)
		if err != nil {
			return nil, err
		}
		all := make(map[K]V, len(keys))
		for _, key := range keys {
			all[key] = found[key]
		}
		return all, nil
	}
	return batch[K, V]{Loader: dataloadgen.NewMappedLoader(complete, dataloadgen.WithWait(wait)), read: complete}
}

// prepare reads keys in one go, so that no field waits for them.
func (b batch[K, V]) prepare(ctx context.Context, keys []K) error {
	if len(keys) == 0 {
		return nil
	}
	once := make(map[K]bool, len(keys))
	keys = slices.DeleteFunc(keys, func(key K) bool {
		twice := once[key]
		once[key] = true
		return twice
	})
	found, err := b.read(ctx, keys)
	if err != nil {
		return err
	}
	for key, value := range found {
		b.Prime(key, value)
	}
	return nil
}

// refer follows a reference that may be nil.
func refer[V any](ctx context.Context, b batch[int64, *V], id *int64) (*V, error) {
	if id == nil {
		return nil, nil
	}
	return b.Load(ctx, *id)
}

// byID is the object of an id of one kind, nil for one that does not exist. Errors: INVALID_ID.
func byID[V any](ctx context.Context, b batch[int64, *V], kind relay.Kind, id string) (*V, error) {
	number, err := relay.DecodeIDOf(kind, id)
	if err != nil {
		return nil, err
	}
	return b.Load(ctx, number)
}

// selectedContacts reads contacts with the columns that any of their keys selects.
func selectedContacts(reader *auditedReader) func(context.Context, []contactKey) (map[contactKey]*contact.Contact, error) {
	return func(ctx context.Context, keys []contactKey) (map[contactKey]*contact.Contact, error) {
		var columns contact.Columns
		ids := make([]int64, len(keys))
		for i, key := range keys {
			columns |= key.columns
			ids[i] = key.id
		}
		found, err := reader.Contacts(ctx, ids, columns)
		if err != nil {
			return nil, err
		}
		all := make(map[contactKey]*contact.Contact, len(keys))
		for _, key := range keys {
			all[key] = found[key.id]
		}
		return all, nil
	}
}

// byKey makes a read that returns values by the numbers of contacts return them by their keys.
func byKey[V any](read func(context.Context, []contact.Key) (map[int64]V, error)) func(context.Context, []contact.Key) (map[contact.Key]V, error) {
	return func(ctx context.Context, keys []contact.Key) (map[contact.Key]V, error) {
		found, err := read(ctx, keys)
		if err != nil {
			return nil, err
		}
		all := make(map[contact.Key]V, len(keys))
		for _, key := range keys {
			if value, ok := found[key.ID]; ok {
				all[key] = value
			}
		}
		return all, nil
	}
}

// spanKey is a contact and how many hours or days about it are asked for.
type spanKey struct {
	contact.Key
	span int
}

// bySpan reads the contacts of each span together.
func bySpan[V any](read func(context.Context, []contact.Key, int) (map[int64]V, error)) func(context.Context, []spanKey) (map[spanKey]V, error) {
	return func(ctx context.Context, keys []spanKey) (map[spanKey]V, error) {
		spans := map[int][]contact.Key{}
		for _, key := range keys {
			spans[key.span] = append(spans[key.span], key.Key)
		}
		all := make(map[spanKey]V, len(keys))
		for _, span := range slices.Sorted(maps.Keys(spans)) {
			found, err := read(ctx, spans[span], span)
			if err != nil {
				return nil, err
			}
			for _, key := range spans[span] {
				all[spanKey{key, span}] = found[key.ID]
			}
		}
		return all, nil
	}
}

// conversationKey is the conversation of a contact and the columns of its contacts that are selected.
type conversationKey struct {
	report.Conversation
	columns contact.Columns
}

// selectedConversations reads conversations with the columns that any of their keys selects.
func selectedConversations(reader *auditedReader) func(context.Context, []conversationKey) (map[conversationKey][]*contact.Contact, error) {
	return func(ctx context.Context, keys []conversationKey) (map[conversationKey][]*contact.Contact, error) {
		var columns contact.Columns
		asked := make([]report.Conversation, len(keys))
		for i, key := range keys {
			columns |= key.columns
			asked[i] = key.Conversation
		}
		found, err := reader.Conversations(ctx, asked, columns)
		if err != nil {
			return nil, err
		}
		all := make(map[conversationKey][]*contact.Contact, len(keys))
		for _, key := range keys {
			all[key] = found[key.Conversation]
		}
		return all, nil
	}
}

// auditedReader reads for somebody, and gives out what others do not see once it is written down that it did.
type auditedReader struct {
	*report.Reader
	audit *access.Audit
	actor access.Actor
	// loading is held while details are loaded; room is how many bytes may still be, of all lists of the request together.
	loading   sync.Mutex
	max, room int
	// refused says that there was no room once: nothing more is read for the request then.
	refused atomic.Bool
}

// refusal is the error of whatever is read once details were refused, nil before.
func (r *auditedReader) refusal() error {
	if r.refused.Load() {
		return fault.New(fault.AnswerTooLarge, "", r.max)
	}
	return nil
}

// load loads details as long as there is room for them. Errors: LIMIT_EXCEEDED.
func (r *auditedReader) load(ctx context.Context, keys []contact.Key) (map[int64]*contact.DetailsContent, error) {
	r.loading.Lock()
	defer r.loading.Unlock()
	if err := r.refusal(); err != nil {
		return nil, err
	}
	found, bytes, err := r.Details(ctx, keys, r.room)
	if err != nil {
		return nil, err
	}
	if bytes > r.room {
		r.refused.Store(true)
		return nil, r.refusal()
	}
	r.room -= bytes
	return found, nil
}

// IVRSteps reads the steps of contacts.
func (r *auditedReader) IVRSteps(ctx context.Context, keys []contact.Key) (map[int64][]*contact.IVRStep, error) {
	if err := r.refusal(); err != nil {
		return nil, err
	}
	return r.Reader.IVRSteps(ctx, keys)
}

// Recoveries reads what came after lost contacts.
func (r *auditedReader) Recoveries(ctx context.Context, keys []contact.Key, hours int) (map[int64]*contact.Recovery, error) {
	if err := r.refusal(); err != nil {
		return nil, err
	}
	return r.Reader.Recoveries(ctx, keys, hours)
}

// Repeats reads whether the clients of contacts came before.
func (r *auditedReader) Repeats(ctx context.Context, keys []contact.Key, days int) (map[int64]*bool, error) {
	if err := r.refusal(); err != nil {
		return nil, err
	}
	return r.Reader.Repeats(ctx, keys, days)
}

// Records reads clients' records by our own numbers.
func (r *auditedReader) Records(ctx context.Context, ids []int64) (map[int64]*contact.Record, error) {
	if err := r.refusal(); err != nil {
		return nil, err
	}
	return r.Reader.Records(ctx, ids)
}

// List reads a page of contacts.
func (r *auditedReader) List(ctx context.Context, query report.ListQuery) (*report.Connection, error) {
	if err := r.refusal(); err != nil {
		return nil, err
	}
	connection, err := r.Reader.List(ctx, query)
	if err != nil {
		return nil, err
	}
	nodes := connection.Nodes()
	if len(nodes) == 0 {
		return connection, nil
	}
	return connection, r.listed(ctx, query.Columns, nodes[0].ID)
}

// Contacts reads contacts by our own numbers.
func (r *auditedReader) Contacts(ctx context.Context, ids []int64, columns contact.Columns) (map[int64]*contact.Contact, error) {
	if err := r.refusal(); err != nil {
		return nil, err
	}
	found, err := r.Reader.Contacts(ctx, ids, columns)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, exists := found[id]; exists {
			return found, r.listed(ctx, columns, id)
		}
	}
	return found, nil
}

// Conversations reads the contacts of conversations.
func (r *auditedReader) Conversations(ctx context.Context, asked []report.Conversation, columns contact.Columns) (map[report.Conversation][]*contact.Contact, error) {
	if err := r.refusal(); err != nil {
		return nil, err
	}
	found, err := r.Reader.Conversations(ctx, asked, columns)
	if err != nil {
		return nil, err
	}
	for _, one := range asked {
		if rows := found[one]; len(rows) > 0 {
			return found, r.listed(ctx, columns, rows[0].ID)
		}
	}
	return found, nil
}

// listed writes down that contacts, this one first, are given out with columns that are masked or missing for others.
func (r *auditedReader) listed(ctx context.Context, columns contact.Columns, first int64) error {
	addresses := contact.ColumnSourceAddress | contact.ColumnDestinationAddress | contact.ColumnCCAddresses
	viewer := r.Viewer()
	if viewer.Addresses && columns&addresses != 0 {
		if err := r.audit.WriteListing(ctx, r.actor, access.ListedAddresses, first); err != nil {
			return err
		}
	}
	if viewer.BCC && columns&contact.ColumnBCCAddresses != 0 {
		return r.audit.WriteListing(ctx, r.actor, access.ListedBcc, first)
	}
	return nil
}

// opening is a contact of which something is given out that is written down.
type opening struct {
	contact int64
	action  access.Action
}

// opened writes down what is given out, and is true of all of it.
func (r *auditedReader) opened(ctx context.Context, what []opening) (map[opening]bool, error) {
	done := make(map[opening]bool, len(what))
	contacts := map[access.Action][]int64{}
	for _, one := range what {
		done[one] = true
		contacts[one.action] = append(contacts[one.action], one.contact)
	}
	for _, action := range slices.Sorted(maps.Keys(contacts)) { // or the log would have them in an order of chance
		all := contacts[action]
		slices.Sort(all)
		if err := r.audit.Write(ctx, r.actor, action, all...); err != nil {
			return nil, err
		}
	}
	return done, nil
}

package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

const (
	// mostNodes is how many ids one `nodes` takes.
	mostNodes = relay.MaxPageSize
	// mostRecorded is how many contacts one `recordContacts` takes.
	mostRecorded = 500
)

// Resolver resolves the fields that are more than a look at a value.
type Resolver struct{ config Config }

// contactsOf is a page of the contacts of one thing, or of all, with what is selected of them brought in.
func (r *Resolver) contactsOf(ctx context.Context, within report.Within, filter contact.Filter, order *contact.Order, page relay.PageArgs) (*report.Connection, error) {
	selected := selectedOfPage(ctx)
	query := report.ListQuery{Filter: filter, Within: within, Order: contact.NewestFirst, Page: page, Columns: selected.columns}
	if order != nil {
		query.Order = *order
	}
	reader, err := readerOf(ctx)
	if err != nil {
		return nil, err
	}
	connection, err := reader.List(ctx, query)
	if err != nil {
		return nil, err
	}
	return connection, loadersOf(ctx).prepare(ctx, connection.Nodes(), selected)
}

// nodeOf finds what an id of any kind stands for, nil for nothing. Errors: INVALID_ID, FORBIDDEN.
func nodeOf(ctx context.Context, id string) (schema.Node, error) {
	kind, number, err := relay.DecodeID(id)
	if err != nil {
		return nil, fault.At("id", err)
	}
	exist, err := existing(ctx, []relay.Kind{kind}, []int64{number})
	if err != nil || !exist(kind, number) {
		return nil, err
	}
	return loadersOf(ctx).node(ctx, kind, number, selectedOfContact(ctx).columns)()
}

// nodesOf finds what many ids of any kinds stand for, nil for nothing. Errors: INVALID_ID, INVALID_PAGE.
func nodesOf(ctx context.Context, ids []string) ([]schema.Node, error) {
	if len(ids) > mostNodes {
		return nil, fault.New(fault.PageTooLarge, "ids", mostNodes)
	}
	kinds, numbers := make([]relay.Kind, len(ids)), make([]int64, len(ids))
	for i, id := range ids {
		var err error
		if kinds[i], numbers[i], err = relay.DecodeID(id); err != nil {
			return nil, fault.At(fmt.Sprintf("ids[%d]", i), err)
		}
	}
	exist, err := existing(ctx, kinds, numbers)
	if err != nil {
		return nil, err
	}
	columns, loads := selectedOfContact(ctx).columns, make([]func() (schema.Node, error), len(ids))
	for i := range ids {
		loads[i] = func() (schema.Node, error) { return nil, nil }
		if exist(kinds[i], numbers[i]) {
			loads[i] = loadersOf(ctx).node(ctx, kinds[i], numbers[i], columns)
		}
	}
	nodes := make([]schema.Node, len(ids))
	for i, load := range loads {
		var err error
		if nodes[i], err = load(); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// existing says which of the things that somebody names may be loaded for him: whatever he sees, and what its own loader
// looks at with his eyes.
func existing(ctx context.Context, kinds []relay.Kind, numbers []int64) (func(relay.Kind, int64) bool, error) {
	asked, exist := map[relay.Kind][]int64{}, map[relay.Kind]map[int64]bool{}
	for i, kind := range kinds {
		asked[kind] = append(asked[kind], numbers[i])
	}
	for kind, ids := range asked {
		if kind == relay.DownloadKind || kind == relay.APIKeyKind {
			continue
		}
		reader, err := readerOf(ctx)
		if err != nil {
			return nil, err
		}
		if kind == relay.ContactKind || reader.Viewer().Unrestricted {
			continue
		}
		if exist[kind], err = reader.Known(ctx, kind, ids); err != nil {
			return nil, err
		}
	}
	return func(kind relay.Kind, id int64) bool {
		known, asked := exist[kind]
		return !asked || known[id]
	}, nil
}

// record takes contacts in, all of them or none.
func (r *Resolver) record(ctx context.Context, input schema.RecordContactsInput) (*schema.RecordContactsPayload, error) {
	if len(input.Contacts) > mostRecorded {
		return nil, fault.New(fault.ListTooLong, "input.contacts", mostRecorded)
	}
	if err := actorOf(ctx).Require(access.ScopeWrite); err != nil {
		return nil, err
	}
	result, errs := r.config.Record(ctx, input.Contacts)
	if len(errs) > 0 {
		return nil, several(ctx, "input", errs)
	}
	externalIDs := make([]string, len(input.Contacts))
	for i, c := range input.Contacts {
		externalIDs[i] = c.ExternalID
	}
	found, err := r.config.Identify(ctx, externalIDs)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(externalIDs))
	for i, externalID := range externalIDs {
		ids[i] = found[externalID]
	}
	return &schema.RecordContactsPayload{ContactIDs: ids, Result: result, ClientMutationID: input.ClientMutationID}, nil
}

// recordedContacts are contacts by our own numbers, in that order, with what is selected of them brought in.
func (r *Resolver) recordedContacts(ctx context.Context, ids []int64) ([]*contact.Contact, error) {
	reader, err := readerOf(ctx)
	if err != nil {
		return nil, err
	}
	selected := selectedOfContact(ctx)
	found, err := reader.Contacts(ctx, ids, selected.columns)
	if err != nil {
		return nil, err
	}
	recorded := make([]*contact.Contact, 0, len(ids))
	for _, id := range ids {
		if c, ok := found[id]; ok {
			recorded = append(recorded, c)
		}
	}
	return recorded, loadersOf(ctx).prepare(ctx, recorded, selected)
}

// detailsOf is what there is to see of a contact; where its kind alone is selected, nothing is read.
func detailsOf(ctx context.Context, c *contact.Contact) (contact.Details, error) {
	switch {
	case c.DetailsKind == nil:
		return nil, nil
	case selectsContent(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections):
		if err := loadersOf(ctx).reader.Viewer().SeesContent(); err != nil {
			return nil, err
		}
		return loadersOf(ctx).details.Load(ctx, c.Key())
	default:
		return kindAlone(*c.DetailsKind), nil
	}
}

// kindAlone stands for details of which only the kind was selected.
func kindAlone(kind contact.DetailsKind) contact.Details {
	switch kind {
	case contact.RecordingDetails:
		return &contact.Recording{}
	case contact.EmailDetails:
		return &contact.Email{}
	case contact.ChatDetails:
		return &contact.ChatLog{}
	case contact.SMSDetails:
		return &contact.SMS{}
	default:
		return nil
	}
}

// several sends all errors but the last, which it returns for the executor to send.
func several(ctx context.Context, field string, errs []error) error {
	last := len(errs) - 1
	for _, err := range errs[:last] {
		graphql.AddError(ctx, fault.At(field, err))
	}
	return fault.At(field, errs[last])
}

func loadersOf(ctx context.Context) *loaders { return requestOf(ctx).loaders.made() }

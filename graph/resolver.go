package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/graph/lookahead"
	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/summary"
)

// Resolver resolves the fields that are more than a value of their object.
type Resolver struct{ config Config }

// contactsOf is a page of the contacts of one thing, or of all, with what is selected of them loaded.
func (r *Resolver) contactsOf(ctx context.Context, within report.Within, filter contact.Filter, order *contact.Order, page relay.PageArgs) (*report.Connection, error) {
	selected := selectionOfPage(ctx)
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

// summaryOf is what contacts come to, of which only what is selected is read.
func (r *Resolver) summaryOf(ctx context.Context, filter contact.Filter) (*summary.Summary, error) {
	reader, err := readerOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := reader.refusal(); err != nil {
		return nil, err
	}
	return summary.Read(ctx, reader.Reader, r.config.Directory, lookahead.Summary(ctx, filter))
}

// record takes contacts in: all of them or none, unless the input asks for a part.
func (r *Resolver) record(ctx context.Context, input schema.RecordContactsInput) (*schema.RecordContactsPayload, error) {
	if len(input.Contacts) > guard.MaxRecorded {
		return nil, fault.New(fault.ListTooLong, "input.contacts", guard.MaxRecorded)
	}
	if err := actorOf(ctx).Require(access.ScopeWrite); err != nil {
		return nil, err
	}
	result, ids, errs := r.config.Record(ctx, actorOf(ctx), input.Contacts, input.Partial)
	if ids == nil && len(errs) > 0 {
		return nil, addErrors(ctx, "input", errs)
	}
	return &schema.RecordContactsPayload{
		ContactIDs: ids, Result: result, Rejected: rejectedContacts(errs, requestOf(ctx).locale), ClientMutationID: input.ClientMutationID,
	}, nil
}

// setRevision sets the revision of a contact for an administrator from whom nothing is hidden.
func (r *Resolver) setRevision(ctx context.Context, input schema.SetContactRevisionInput) (*schema.SetContactRevisionPayload, error) {
	if err := actorOf(ctx).RequireUnrestricted(access.ScopeAdmin); err != nil {
		return nil, err
	}
	id, before, err := r.config.SetRevision(ctx, actorOf(ctx), input.ExternalID, input.Revision)
	if err != nil {
		return nil, fault.At("input", err)
	}
	return &schema.SetContactRevisionPayload{
		ContactID: relay.EncodeID(relay.ContactKind, id), PreviousRevision: before, ClientMutationID: input.ClientMutationID,
	}, nil
}

// sources are how telephone systems stand, for an administrator from whom nothing is hidden.
func (r *Resolver) sources(ctx context.Context) ([]*schema.SourceSummary, error) {
	if err := actorOf(ctx).RequireUnrestricted(access.ScopeAdmin); err != nil {
		return nil, err
	}
	all, err := r.config.Sources(ctx)
	return schema.SourceSummaries(all), err
}

// rejectedContacts tell of faults of single contacts in a language.
func rejectedContacts(errs []error, locale fault.Locale) []schema.ContactError {
	rejected := make([]schema.ContactError, 0, len(errs))
	for _, err := range errs {
		var one *ingest.ContactFault
		var problem *fault.Error
		if errors.As(err, &one) && errors.As(fault.At("input", err), &problem) {
			rejected = append(rejected, schema.ContactError{
				Index: one.Index, Code: problem.Code, Field: problem.Field, Message: problem.Sentence(locale),
			})
		}
	}
	return rejected
}

// recordedContacts are contacts by our own numbers, in that order, with what is selected of them loaded.
func (r *Resolver) recordedContacts(ctx context.Context, ids []int64) ([]*contact.Contact, error) {
	reader, err := readerOf(ctx)
	if err != nil {
		return nil, err
	}
	selected := selectionOfContact(ctx)
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

// contactOf is the contact of an id, nil for one that does not exist for the viewer. Errors: INVALID_ID, FORBIDDEN.
func contactOf(ctx context.Context, id string) (*contact.Contact, error) {
	number, err := relay.DecodeIDOf(relay.ContactKind, id)
	if err != nil {
		return nil, fault.At("id", err)
	}
	if _, err := readerOf(ctx); err != nil {
		return nil, err
	}
	return loadersOf(ctx).contacts.Load(ctx, contactKey{number, selectionOfContact(ctx).columns})
}

// conversationOf are the contacts of a contact's conversation, with what is selected of them loaded.
func conversationOf(ctx context.Context, c *contact.Contact) ([]*contact.Contact, error) {
	if c.ConversationID == nil {
		return nil, nil
	}
	selected := selectionOfContact(ctx)
	found, err := loadersOf(ctx).conversations.Load(ctx, conversationKey{report.Conversation{Key: c.Key(), ConversationID: *c.ConversationID}, selected.columns})
	if err != nil {
		return nil, err
	}
	return found, loadersOf(ctx).prepare(ctx, found, selected)
}

// recoveryOf is what came after a contact, nil for one that was not lost.
func recoveryOf(ctx context.Context, c *contact.Contact, hours int) (*contact.Recovery, error) {
	if err := report.CheckRecoveryHours(hours); err != nil {
		return nil, err
	}
	return loadersOf(ctx).recoveries.Load(ctx, spanKey{c.Key(), hours})
}

// recoveringContact is the contact in which a client was talked with after all.
func recoveringContact(ctx context.Context, recovery *contact.Recovery) (*contact.Contact, error) {
	if recovery.ContactID == nil {
		return nil, nil
	}
	return loadersOf(ctx).contacts.Load(ctx, contactKey{*recovery.ContactID, selectionOfContact(ctx).columns})
}

// repeatOf says whether the client of a contact came before, nil where that is not known.
func repeatOf(ctx context.Context, c *contact.Contact, days int) (*bool, error) {
	if err := report.CheckRepeatDays(days); err != nil {
		return nil, err
	}
	return loadersOf(ctx).repeats.Load(ctx, spanKey{c.Key(), days})
}

// detailsOf are the details of a contact; where no more than their kind is selected, nothing is read.
func (r *Resolver) detailsOf(ctx context.Context, c *contact.Contact) (contact.Details, error) {
	switch {
	case c.DetailsKind == nil:
		return nil, nil
	case selectsContent(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections):
		if err := loadersOf(ctx).reader.Viewer().SeesContent(); err != nil {
			return nil, err
		}
		content, err := loadersOf(ctx).open(ctx, c, true)
		if err != nil || content == nil {
			return nil, err
		}
		if content.Email != nil {
			return r.config.Media.Email(actorOf(ctx).Principal, c, content.Email), nil
		}
		return content.Details(), nil
	default:
		return emptyDetails(*c.DetailsKind), nil
	}
}

// emptyDetails stand for details of which no more than the kind is selected.
func emptyDetails(kind contact.DetailsKind) contact.Details {
	switch kind {
	case contact.RecordingDetails:
		return &contact.Recording{}
	case contact.EmailDetails:
		return &media.Email{Email: &contact.Email{}}
	case contact.ChatDetails:
		return &contact.ChatLog{}
	case contact.SMSDetails:
		return &contact.SMS{}
	default:
		return nil
	}
}

// several sends all errors but the last, which it returns for the executor to send.
func addErrors(ctx context.Context, field string, errs []error) error {
	last := len(errs) - 1
	for _, err := range errs[:last] {
		graphql.AddError(ctx, fault.At(field, err))
	}
	return fault.At(field, errs[last])
}

// contactByExternalID is a contact by the platform's own id, nil if there is none for the viewer.
func contactByExternalID(ctx context.Context, externalID string) (*contact.Contact, error) {
	reader, err := readerOf(ctx)
	if err != nil {
		return nil, err
	}
	number, err := reader.ContactNumber(ctx, externalID)
	if err != nil {
		return nil, fault.At("externalId", err)
	}
	return loadersOf(ctx).contacts.Load(ctx, contactKey{number, selectionOfContact(ctx).columns})
}

// recordingsOf are the recordings of a contact, none where the viewer may see no content: the list is never null, so that the
// error FORBIDDEN stands beside it.
func (r *Resolver) recordingsOf(ctx context.Context, c *contact.Contact) ([]*media.Recording, error) {
	if c.DetailsKind == nil || *c.DetailsKind != contact.RecordingDetails {
		return nil, nil
	}
	l := loadersOf(ctx)
	if err := l.reader.Viewer().SeesContent(); err != nil {
		graphql.AddError(ctx, err)
		return nil, nil
	}
	load := func() (*contact.DetailsContent, error) { return l.contents.Load(ctx, c.Key()) }
	operation, selected := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections
	if writesDown(operation, selected) {
		load = func() (*contact.DetailsContent, error) { return l.open(ctx, c, false) }
	}
	content, err := load()
	if err != nil {
		return nil, err
	}
	return r.config.Media.Recordings(l.actor.Principal, c, content, knowingOf(operation, selected)), nil
}

// knowingOf is what the fields selected of recordings ask their archives at most.
func knowingOf(operation *graphql.OperationContext, set ast.SelectionSet) media.Knowing {
	knowing := media.Nothing
	for _, field := range graphql.CollectFields(operation, set, []string{"RecordingFileInfo"}) {
		switch field.Name {
		case "channels", "problem":
			return media.Content
		case "state", "sizeBytes", "url":
			knowing = media.Presence
		}
	}
	return knowing
}

// open gives the content of a contact's details, once it is written down that it is given out: as details, or as recordings.
func (l *loaders) open(ctx context.Context, c *contact.Contact, details bool) (*contact.DetailsContent, error) {
	content, err := l.contents.Load(ctx, c.Key())
	if err != nil || content == nil {
		return nil, err
	}
	_, err = l.opened.LoadAll(ctx, l.openings(c, details))
	return content, err
}

// openings are what is written down of a contact with details.
func (l *loaders) openings(c *contact.Contact, details bool) []opening {
	openings := []opening{{c.ID, access.OpenedContent}}
	if *c.DetailsKind == contact.RecordingDetails {
		openings[0].action = access.OpenedRecording
	}
	if details && l.reader.Viewer().Addresses {
		openings = append(openings, opening{c.ID, access.OpenedAddresses})
	}
	return openings
}

// problemOf is the sentence of a problem in the language of the request, nil for none.
func problemOf(ctx context.Context, problem *fault.Error) *string {
	if problem == nil {
		return nil
	}
	sentence := problem.Sentence(requestOf(ctx).locale)
	return &sentence
}

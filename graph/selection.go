package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/compiled"
	"github.com/kontakty/kontakty/internal/contact"
)

// selection is what a request selects of contacts, wherever it is written: behind fragments, under aliases, in `nodes`
// and in `edges { node }` at once. Fields that @skip and @include leave out do not count.
type selection struct {
	// columns are the columns that the fields are read from.
	columns contact.Columns
	// fields are the names of the fields.
	fields map[string]bool
	// content says that more than the kind of details is selected, opened that something of recordings is that is written down.
	content, opened bool
}

// selectionOfPage is what the field being resolved, a page of contacts, selects of them.
func selectionOfPage(ctx context.Context) selection {
	operation, selected := graphql.GetOperationContext(ctx), selection{fields: map[string]bool{}}
	for _, field := range graphql.CollectFieldsCtx(ctx, []string{"ContactConnection"}) {
		switch field.Name {
		case "nodes":
			selected.add(operation, field.Selections)
		case "edges":
			for _, edge := range graphql.CollectFields(operation, field.Selections, []string{"ContactEdge"}) {
				if edge.Name == "node" {
					selected.add(operation, edge.Selections)
				}
			}
		}
	}
	return selected
}

// selectionOfContact is what the field being resolved, a contact, a list of them or nodes of any kind, selects of
// contacts.
func selectionOfContact(ctx context.Context) selection {
	selected := selection{fields: map[string]bool{}}
	selected.add(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections)
	return selected
}

func (s *selection) add(operation *graphql.OperationContext, set ast.SelectionSet) {
	for _, field := range graphql.CollectFields(operation, set, []string{"Contact", "Node"}) {
		s.columns |= compiled.ColumnsOf(field.Name)
		s.fields[field.Name] = true
		switch field.Name {
		case "details":
			if selectsContent(operation, field.Selections) {
				s.content = true
				s.columns |= contact.ColumnExternalID // which tells where attachments are
			}
		case "recordings":
			s.opened = s.opened || writesDown(operation, field.Selections)
		}
	}
}

// selectsContent says whether more than the kind of details is selected.
func selectsContent(operation *graphql.OperationContext, set ast.SelectionSet) bool {
	for _, field := range graphql.CollectFields(operation, set, nil) {
		if field.Name != "__typename" {
			return true
		}
	}
	return false
}

// writesDown says whether what is selected of recordings is written down when it is given out.
func writesDown(operation *graphql.OperationContext, set ast.SelectionSet) bool {
	for _, field := range graphql.CollectFields(operation, set, []string{"RecordingFileInfo"}) {
		switch field.Name {
		case "path", "url", "peaks":
			return true
		}
	}
	return false
}

// prepare loads what is selected of all the contacts of a page, each kind of thing in one go.
func (l *loaders) prepare(ctx context.Context, found []*contact.Contact, selected selection) error {
	var campaigns, agents, queues, classifiers, siteCalls, records references
	var steps, contents []contact.Key
	var openings []opening
	for _, c := range found {
		campaigns.add(selected.fields["campaign"], c.CampaignID)
		agents.add(selected.fields["agent"], c.AgentID)
		queues.add(selected.fields["queue"], c.QueueID)
		classifiers.add(selected.fields["classifier"], c.ClassifierID)
		siteCalls.add(selected.fields["siteCall"], c.SiteCallID)
		records.add(selected.fields["record"], c.RecordID)
		if selected.fields["ivrSteps"] {
			steps = append(steps, c.Key())
		}
		hasRecordings := selected.fields["recordings"] && c.DetailsKind != nil && *c.DetailsKind == contact.RecordingDetails
		if l.reader.Viewer().Content && c.DetailsKind != nil && (selected.content || hasRecordings) {
			contents = append(contents, c.Key())
			if selected.content || hasRecordings && selected.opened {
				openings = append(openings, l.openings(c, selected.content)...)
			}
		}
	}
	for _, read := range []func() error{
		func() error { return l.campaigns.prepare(ctx, campaigns) },
		func() error { return l.agents.prepare(ctx, agents) },
		func() error { return l.queues.prepare(ctx, queues) },
		func() error { return l.classifiers.prepare(ctx, classifiers) },
		func() error { return l.siteCalls.prepare(ctx, siteCalls) },
		func() error { return l.records.prepare(ctx, records) },
		func() error { return l.ivrSteps.prepare(ctx, steps) },
		func() error { return l.contents.prepare(ctx, contents) },
		func() error { return l.opened.prepare(ctx, openings) },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

// references are numbers of things that contacts refer to.
type references []int64

func (r *references) add(selected bool, id *int64) {
	if selected && id != nil {
		*r = append(*r, *id)
	}
}

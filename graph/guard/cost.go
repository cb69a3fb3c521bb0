package guard

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/internal/relay"
)

// reading are what fields are reckoned at beside the objects that they hold: a statement, a count of millions. What they took
// in the end is charged instead.
var reading = map[string]int{
	"Query.contacts": 20, "Query.exportPreview": 2_000, "Query.sources": 100, "Query.contactSummary": 1_500,
	"ContactSummary.previousTotal": 500, "ContactGroupSummary.previous": 500, "DurationSummary.percentile": 500,
	"Agent.contacts": 40, "AgentGroup.contacts": 40, "Campaign.contacts": 40, "Queue.contacts": 40,
	"Classifier.contacts": 40, "SiteCall.contacts": 40, "Record.contacts": 40,
	"ContactConnection.totalCount": 500, "Contact.details": 2, "Contact.conversation": 10, "Contact.recovery": 4, "Contact.repeat": 2, "Contact.recordings": 2,
}

// fixed are what fields cost whatever they took: a walk through the schema, a search in memory, a file that is made later, a
// question to an archive.
var fixed = map[string]int{
	"Query.__schema": 5_000, "Query.__type": 100,
	"Query.agents": 20, "Query.agentGroups": 20, "Query.campaigns": 20, "Query.queues": 20, "Query.classifiers": 20,
	"Query.siteCalls": 20, "Query.downloads": 20, "Query.download": 5, "Query.apiKeys": 20, "Query.auditEvents": 40,
	"Mutation.exportContacts": 2_000, "Mutation.recordContacts": 2, "Mutation.createApiKey": 20, "Mutation.revokeApiKey": 20, "Mutation.setContactRevision": 20,
	"Mutation.cancelDownload": 20, "Mutation.deleteDownload": 20,
	"RecordingFileInfo.state": 5, "RecordingFileInfo.sizeBytes": 5, "RecordingFileInfo.channels": 10, "RecordingFileInfo.problem": 10, "RecordingFileInfo.url": 10, "RecordingFileInfo.peaks": 200,
	"AttachmentInfo.state": 5, "AttachmentInfo.url": 10,
}

const (
	// recordedUnits is what recording a contact costs; recordedThing what it costs to refer to something.
	recordedUnits, recordedThing = 4, 1
)

// lengths are how many elements lists hold that are no pages, as a rule.
var lengths = map[string]int{
	"Contact.ivrSteps": 4, "Contact.conversation": 5, "ChatInfo.messages": 4, "EmailInfo.attachments": 2, "Query.nodes": MaxNodes,
	"Query.sources": 4, "SourceSummary.withoutContact": 4,
	"RecordContactsPayload.contacts": MaxRecorded,
}

// price is what an operation is reckoned at: what it costs in any case, and what reading may take.
type price struct{ fixed, reading int }

func (p price) units() int { return max(1, sum(p.fixed, p.reading)) }

func (p price) plus(other price) price {
	return price{sum(p.fixed, other.fixed), sum(p.reading, other.reading)}
}

func (p price) times(n int) price { return price{product(p.fixed, n), product(p.reading, n)} }

// priceOf is what an operation is reckoned at by the sizes of the pages that it asks for, and whether it asks for the schema.
// Objects cost, the values in them do not.
func priceOf(operation *graphql.OperationContext) (reckoned price, introspects bool) {
	c := operationCost{operation: operation, fragments: map[fragmentPage]price{}}
	reckoned = c.selections(operation.Operation.SelectionSet, 1)
	return reckoned, c.introspects
}

// operationCost adds the cost of one operation up, entering each fragment once for every size of page that spreads it.
type operationCost struct {
	operation   *graphql.OperationContext
	fragments   map[fragmentPage]price
	introspects bool
}

type fragmentPage struct {
	name string
	rows int
}

// selections is the cost of a selection set; rows are those of the page that it belongs to.
func (c *operationCost) selections(set ast.SelectionSet, rows int) price {
	var total price
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if c.included(selection.Directives) {
				total = total.plus(c.field(selection, rows))
			}
		case *ast.InlineFragment:
			if c.included(selection.Directives) {
				total = total.plus(c.selections(selection.SelectionSet, rows))
			}
		case *ast.FragmentSpread:
			if c.included(selection.Directives) {
				total = total.plus(c.fragment(selection, rows))
			}
		}
	}
	return total
}

func (c *operationCost) fragment(spread *ast.FragmentSpread, rows int) price {
	page := fragmentPage{spread.Name, rows}
	if cost, found := c.fragments[page]; found {
		return cost
	}
	c.fragments[page] = price{} // validation refuses fragments that contain themselves
	c.fragments[page] = c.selections(spread.Definition.SelectionSet, rows)
	return c.fragments[page]
}

func (c *operationCost) field(field *ast.Field, rows int) price {
	if field.Definition == nil || field.ObjectDefinition == nil {
		return price{} // __typename
	}
	c.introspects = c.introspects || field.Name == "__schema" || field.Name == "__type"
	name := field.ObjectDefinition.Name + "." + field.Name
	own, object := price{fixed[name], reading[name]}, price{}
	if len(field.SelectionSet) > 0 {
		object.reading = 1
	}
	switch {
	case strings.HasSuffix(field.Definition.Type.Name(), "Connection"):
		return own.plus(object).plus(c.selections(field.SelectionSet, c.pageSize(field)))
	case field.Name == "nodes" || field.Name == "edges":
		return own.plus(object.plus(c.selections(field.SelectionSet, 1)).times(max(rows, lengths[name])))
	case name == "Mutation.recordContacts":
		own = own.plus(contactsPrice(field.ArgumentMap(c.operation.Variables)["input"]))
	}
	return own.plus(object.plus(c.selections(field.SelectionSet, 1)).times(max(1, lengths[name])))
}

// contactsPrice is what the contacts of an input cost: each, whatever it refers to, and its texts by the KiB.
func contactsPrice(input any) price {
	object, _ := input.(map[string]any)
	contacts, isList := object["contacts"].([]any)
	if !isList {
		contacts = []any{object["contacts"]}
	}
	units, bytes := 0, 0
	for _, one := range contacts {
		units = sum(units, recordedUnits)
		contact, _ := one.(map[string]any)
		for _, value := range contact {
			if _, refers := value.(map[string]any); refers {
				units = sum(units, recordedThing)
			}
			bytes = sum(bytes, textBytes(value))
		}
	}
	return price{fixed: sum(units, bytes/unitBytes)}
}

// recordContacts is the field that records contacts.
const recordContacts = "recordContacts"

// Records says whether an operation does nothing but record contacts.
func Records(operation *graphql.OperationContext) bool {
	asked := operation.Operation
	fields := graphql.CollectFields(operation, asked.SelectionSet, []string{"Mutation"})
	return asked.Operation == ast.Mutation && !slices.ContainsFunc(fields, func(field graphql.CollectedField) bool {
		return field.Name != recordContacts
	})
}

// textBytes is how many bytes the texts in a value have.
func textBytes(value any) int {
	total := 0
	switch value := value.(type) {
	case string:
		return min(len(value), maxCount)
	case []any:
		for _, one := range value {
			total = sum(total, textBytes(one))
		}
	case map[string]any:
		for _, one := range value {
			total = sum(total, textBytes(one))
		}
	}
	return total
}

// pageSize is how many rows a field asks for; a size out of range is refused where the page is read.
func (c *operationCost) pageSize(field *ast.Field) int {
	arguments := field.ArgumentMap(c.operation.Variables)
	for _, name := range []string{"first", "last"} {
		if size, given := wholeNumber(arguments[name]); given {
			return min(max(size, 0), relay.MaxPageSize)
		}
	}
	return relay.PageSize
}

// included says whether @skip and @include leave a selection in.
func (c *operationCost) included(directives ast.DirectiveList) bool {
	argumentIf := func(name string, absent bool) bool {
		directive := directives.ForName(name)
		if directive == nil {
			return absent
		}
		value, isBool := directive.ArgumentMap(c.operation.Variables)["if"].(bool)
		return !isBool && absent || isBool && value
	}
	return !argumentIf("skip", false) && argumentIf("include", true)
}

// wholeNumber reads a number as gqlparser and the decoder of bodies give it.
func wholeNumber(value any) (int, bool) {
	switch value := value.(type) {
	case int:
		return value, true
	case int64:
		return int(value), true
	case json.Number:
		n, err := value.Int64()
		return int(n), err == nil
	default:
		return 0, false
	}
}

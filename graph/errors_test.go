package graph_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/relay"
)

func askFor(filter string) string {
	return `{contacts(filter: {` + filter + `}) {nodes {id}}}`
}

func TestErrors_HaveACodeAFieldAndASentenceInBothLanguages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const today = `period: {preset: TODAY}`
	const variable = `query($filter: ContactFilter!, $first: Int) {contacts(filter: $filter, first: $first) {nodes {id}}}`
	filter := func(pairs ...any) map[string]any {
		filter := map[string]any{"period": map[string]any{"preset": "TODAY"}}
		for i := 0; i < len(pairs); i += 2 {
			filter[pairs[i].(string)] = pairs[i+1]
		}
		return map[string]any{"filter": filter}
	}
	var cursor string
	page := s.ask(t, `{contacts(`+march+`, first: 1) {pageInfo {endCursor}}}`, nil)
	cursor = strings.Split(page, `"`)[7]
	forged := []byte(cursor)
	forged[len(forged)/2] ^= 1
	unknown, group := relay.EncodeID(relay.AgentKind, 99), relay.EncodeID(relay.AgentGroupKind, 1)

	for name, c := range map[string]struct {
		document  string
		variables any
		code      string
		field     string
	}{
		"a date that does not exist":      {askFor(`period: {range: {from: "2024-02-30", to: "2024-03-01"}}`), nil, "INVALID_PERIOD", "filter.period.range.from"},
		"a date in words":                 {askFor(`period: {range: {from: "2024-03-01", to: "tomorrow"}}`), nil, "INVALID_PERIOD", "filter.period.range.to"},
		"a date that is a number":         {variable, filter("period", map[string]any{"range": map[string]any{"from": 20240301, "to": "2024-03-02"}}), "GRAPHQL_VALIDATION_FAILED", "filter.period.range.from"},
		"a period that ends too early":    {askFor(`period: {range: {from: "2024-03-02", to: "2024-03-01"}}`), nil, "INVALID_PERIOD", "filter.period.range"},
		"a period over three months":      {askFor(`period: {range: {from: "2024-01-01", to: "2024-04-01"}}`), nil, "PERIOD_TOO_LONG", "filter.period.range"},
		"a preset and a range":            {askFor(`period: {preset: TODAY, range: {from: "2024-03-01", to: "2024-03-02"}}`), nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"a preset and a range, variable":  {variable, filter("period", map[string]any{"preset": "TODAY", "range": map[string]any{"from": "2024-03-01", "to": "2024-03-02"}}), "GRAPHQL_VALIDATION_FAILED", "filter.period"},
		"a preset and a range that is no": {variable, filter("period", map[string]any{"preset": "TODAY", "range": nil}), "GRAPHQL_VALIDATION_FAILED", "filter.period"},
		"no period":                       {askFor(``), nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"an empty period":                 {variable, filter("period", map[string]any{}), "GRAPHQL_VALIDATION_FAILED", "filter.period"},
		"a preset in small letters":       {variable, filter("period", map[string]any{"preset": "today"}), "GRAPHQL_VALIDATION_FAILED", "filter.period.preset"},
		"an hour of 24":                   {askFor(today + `, hours: {from: "24:00"}`), nil, "INVALID_HOURS", "filter.hours.from"},
		"a duration without bounds":       {askFor(today + `, queueTime: {}`), nil, "INVALID_DURATION", "filter.queueTime"},
		"a negative duration":             {askFor(today + `, lostAfter: {atMost: -1}`), nil, "INVALID_DURATION", "filter.lostAfter.atMost"},
		"a window of 31 days":             {askFor(today + `, recovery: {states: [NONE], withinHours: 744}`), nil, "INVALID_DURATION", "filter.recovery.withinHours"},
		"a repeat after a quarter":        {askFor(today + `, repeatWithinDays: 92`), nil, "INVALID_DURATION", "filter.repeatWithinDays"},
		"reversed bounds":                 {askFor(today + `, timeToAnswer: {atLeast: 2, atMost: 1}`), nil, "INVALID_DURATION", "filter.timeToAnswer"},
		"a window of no hours":            {askFor(today + `, hours: {from: "08:00", to: "08:00"}`), nil, "INVALID_HOURS", "filter.hours"},
		"a time zone of Mars":             {askFor(today + `, timeZone: "Mars/Olympus"`), nil, "INVALID_TIME_ZONE", "filter.timeZone"},
		"an agent nobody knows":           {askFor(today + `, agentIds: ["` + unknown + `"]`), nil, "UNKNOWN_ID", "filter.agentIds[0]"},
		"a group where an agent belongs":  {askFor(today + `, agentIds: ["` + group + `"]`), nil, "INVALID_ID", "filter.agentIds[0]"},
		"an id that is none":              {askFor(today + `, queueIds: ["1"]`), nil, "INVALID_ID", "filter.queueIds[0]"},
		"a list with null in it":          {variable, filter("agentIds", []any{nil}), "GRAPHQL_VALIDATION_FAILED", "filter.agentIds[0]"},
		"a list too long":                 {variable, filter("ticketIds", strings.Split(strings.Repeat("x ", 250)+"x", " ")), "INVALID_FILTER", "filter.ticketIds"},
		"a type in small letters":         {variable, filter("types", []string{"chat"}), "GRAPHQL_VALIDATION_FAILED", "filter.types[0]"},
		"a type that is none":             {askFor(today + `, types: [CHATT]`), nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"a key that is none":              {variable, filter("agents", []string{}), "GRAPHQL_VALIDATION_FAILED", "filter.agents"},
		"an address that is none":         {askFor(today + `, sourceAddresses: ["jan\u0001kowalski"]`), nil, "INVALID_ADDRESS", "filter.sourceAddresses[0]"},
		"a text too long":                 {variable, filter("ticketIds", []string{strings.Repeat("x", 257)}), "INVALID_TEXT", "filter.ticketIds[0]"},
		"a NUL in a variable":             {variable, filter("ticketIds", []string{"a", "b\x00"}), "INVALID_TEXT", "filter.ticketIds[1]"},
		"a NUL in the document":           {askFor(today + `, ticketIds: ["\u0000"]`), nil, "INVALID_TEXT", "query"},
		"half a character":                {askFor(today + `, ticketIds: ["\ud83d"]`), nil, "INVALID_TEXT", "query"},
		"a page too large":                {`{contacts(` + march + `, first: 201) {nodes {id}}}`, nil, "INVALID_PAGE", "first"},
		"a page of minus one":             {`{contacts(` + march + `, last: -1) {nodes {id}}}`, nil, "INVALID_PAGE", "last"},
		"both ends":                       {`{contacts(` + march + `, first: 1, last: 1) {nodes {id}}}`, nil, "INVALID_PAGE", "last"},
		"a page of a half":                {`{contacts(` + march + `, first: 0.5) {nodes {id}}}`, nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"a page of a half, variable":      {variable, map[string]any{"filter": filter()["filter"], "first": 0.5}, "GRAPHQL_VALIDATION_FAILED", "first"},
		"a page in letters":               {variable, map[string]any{"filter": filter()["filter"], "first": "7"}, "GRAPHQL_VALIDATION_FAILED", "first"},
		"a page over 32 bits":             {variable, map[string]any{"filter": filter()["filter"], "first": 1 << 31}, "GRAPHQL_VALIDATION_FAILED", "first"},
		"a page over 32 bits, literal":    {`{contacts(` + march + `, first: 2147483648) {nodes {id}}}`, nil, "GRAPHQL_VALIDATION_FAILED", "first"},
		"a page over 64 bits":             {`{contacts(` + march + `, first: 99999999999999999999) {nodes {id}}}`, nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"a cursor that is none":           {`{contacts(` + march + `, after: "abc") {nodes {id}}}`, nil, "INVALID_CURSOR", "after"},
		"a forged cursor":                 {`{contacts(` + march + `, after: "` + string(forged) + `") {nodes {id}}}`, nil, "INVALID_CURSOR", "after"},
		"a cursor of another list":        {`{contacts(` + march + `, orderBy: {field: TALK_TIME}, after: "` + cursor + `") {nodes {id}}}`, nil, "INVALID_CURSOR", "after"},
		"a contact by an agent's id":      {`{contact(id: "` + unknown + `") {id}}`, nil, "INVALID_ID", "id"},
		"a download by an agent's id":     {`{download(id: "` + unknown + `") {id}}`, nil, "INVALID_ID", "id"},
		"a node by no id":                 {`{node(id: "x") {id}}`, nil, "INVALID_ID", "id"},
		"nodes, one by no id":             {`{nodes(ids: ["` + unknown + `", "x"]) {id}}`, nil, "INVALID_ID", "ids[1]"},
		"too many nodes":                  {`query($ids: [ID!]!) {nodes(ids: $ids) {id}}`, map[string]any{"ids": strings.Split(strings.Repeat("x ", 200)+"x", " ")}, "INVALID_PAGE", "ids"},
		"a search with a NUL":             {`query($x: String) {agents(search: $x) {nodes {id}}}`, map[string]any{"x": "\x00"}, "INVALID_TEXT", "x"},
		"a search too long":               {`query($x: String) {agents(search: $x) {nodes {id}}}`, map[string]any{"x": strings.Repeat("x", 257)}, "INVALID_TEXT", "search"},
		"downloads, a page too large":     {`{downloads(first: 201) {nodes {id}}}`, nil, "INVALID_PAGE", "first"},
		"a file over three months":        {`mutation {exportContacts(input: {filter: {period: {range: {from: "2024-01-01", to: "2024-04-01"}}}}) {download {id}}}`, nil, "PERIOD_TOO_LONG", "input.filter.period.range"},
		"a column ordered twice":          {`mutation {exportContacts(input: {columns: [AGENT, AGENT], ` + march + `}) {download {id}}}`, nil, "INVALID_COLUMNS", "input.columns[1]"},
		"a column previewed twice":        {`{exportPreview(columns: [AGENT, TYPE, TYPE], ` + march + `) {lines}}`, nil, "INVALID_COLUMNS", "columns[2]"},
		"a time without an offset":        {`mutation {recordContacts(input: {contacts: [{externalId: "x", type: CHAT, status: ANSWERED, startedAt: "2024-03-03T10:00:00"}]}) {recorded}}`, nil, "GRAPHQL_VALIDATION_FAILED", "input.contacts[0].startedAt"},
		"a document cut short":            {`{contacts(`, nil, "GRAPHQL_PARSE_FAILED", ""},
		"a field that is none":            {`{contact(id: "x") {statuss}}`, nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"an argument that is none":        {`{agents(frist: 1) {totalCount}}`, nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"a type condition on nothing":     {`{node(id: "x") {... on Contatc {id}}}`, nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"an empty document":               {``, nil, "GRAPHQL_VALIDATION_FAILED", ""},
		"a deferred fragment":             {`{... @defer {agents {totalCount}}}`, nil, "GRAPHQL_VALIDATION_FAILED", ""},
	} {
		t.Run(name, func(t *testing.T) {
			messages := map[string]string{}
			for _, language := range []string{"en-GB,en;q=0.9", "pl"} {
				request := operation(t, c.document, c.variables)
				request.Header.Set("Accept-Language", language)
				answered := send(t, s, request)
				if len(answered.Errors) == 0 {
					t.Fatalf("accepted: %s", answered.body)
				}
				first := answered.Errors[0]
				if first.Extensions.Code != c.code || first.Extensions.Field != c.field {
					t.Errorf("code %s at %q, want %s at %q", first.Extensions.Code, first.Extensions.Field, c.code, c.field)
				}
				if len(first.Path) > 1 { // all go wrong in a field of the root
					t.Errorf("the path %v leads into an argument", first.Path)
				}
				messages[language[:2]] = first.Message
			}
			if messages["en"] == "" || messages["pl"] == "" || messages["en"] == messages["pl"] {
				t.Errorf("the sentences are %q", messages)
			}
			if strings.Contains(messages["en"], "Did you mean") {
				t.Errorf("names leak: %s", messages["en"])
			}
		})
	}
	if s.log.Len() > 0 {
		t.Errorf("mistakes of users were logged:\n%s", s.log)
	}
}

func TestErrors_AreInTheLanguageThatIsAccepted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for language, want := range map[string]string{
		"":                        "This is not an id that this API gave out.",
		"de":                      "This is not an id that this API gave out.",
		"nonsense;;q=":            "This is not an id that this API gave out.",
		"pl-PL,pl;q=0.9,en;q=0.8": "To nie jest identyfikator wydany przez to API.",
		"en;q=0.5,pl":             "To nie jest identyfikator wydany przez to API.",
	} {
		request := operation(t, `{node(id: "x") {id}}`, nil)
		request.Header.Set("Accept-Language", language)
		if got := send(t, s, request).Errors[0].Message; got != want {
			t.Errorf("Accept-Language %q is answered %q, want %q", language, got, want)
		}
	}
}

func TestErrors_LeaveTheOtherFieldsAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	answered := send(t, s, operation(t, `{bad: node(id: "x") {id} good: agents {totalCount}}`, nil))
	if len(answered.Errors) != 1 || fmt.Sprint(answered.Errors[0].Path) != "[bad]" || answered.Errors[0].Locations[0].Column != 2 {
		t.Errorf("errors are %s", answered.body)
	}
	if string(answered.Data) != `{"bad":null,"good":{"totalCount":1}}` {
		t.Errorf("data is %s", answered.Data)
	}
}

const recordOne = `mutation {recordContacts(input: {contacts: [{externalId: "x", type: CHAT, status: ANSWERED, startedAt: "2024-03-03T10:00:00Z"}]}) {recorded}}`

// Whatever goes wrong on our side, the answer says the request's id and nothing else, and the log quotes no data.
func TestErrors_LogADefectUnderTheRequestIDWithoutData(t *testing.T) {
	t.Parallel()
	const secret = "+48501723894"
	for name, c := range map[string]struct {
		record func() []error
		logged string
	}{
		"an error": {func() []error { return []error{errors.New("cannot record " + secret)} }, "*errors.errorString"},
		"a panic":  {func() []error { panic("cannot record " + secret) }, "goroutine"},
		"a database error": {func() []error {
			return []error{&pgconn.PgError{Code: "23505", Message: "duplicate key", Detail: secret}}
		}, "sqlstate=23505"},
		"an exception of it": {func() []error { return []error{&pgconn.PgError{Code: "22P02", Message: "invalid input: " + secret}} }, "sqlstate=22P02"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newEmptySite(t, graph.Config{Record: func(context.Context, access.Actor, []format.Contact, bool) (ingest.Result, []int64, []error) {
				return ingest.Result{}, nil, c.record()
			}})
			request := operation(t, recordOne, nil)
			request.Header.Set("X-Request-Id", "request-7")
			answered := send(t, s, request)
			first := answered.Errors[0]
			if first.Extensions.Code != "INTERNAL" || first.Extensions.RequestID != "request-7" || !strings.Contains(first.Message, "request-7") {
				t.Errorf("answered %s", answered.body)
			}
			if answered.header.Get("X-Request-Id") != "request-7" {
				t.Errorf("the header says %q", answered.header.Get("X-Request-Id"))
			}
			if log := s.log.String(); !strings.Contains(log, "requestId=request-7") || !strings.Contains(log, c.logged) {
				t.Errorf("the log lacks the request or %q:\n%s", c.logged, log)
			}
			if strings.Contains(s.log.String(), secret) || strings.Contains(answered.body, secret) {
				t.Errorf("personal data left: %s\n%s", answered.body, s.log)
			}
		})
	}
}

func TestErrors_TakeAnOutageForNoDefect(t *testing.T) {
	t.Parallel()
	for code, failure := range map[string]error{
		"UNAVAILABLE": &pgconn.PgError{Code: "57P01"},
		"TIMEOUT":     fmt.Errorf("recording: %w", context.DeadlineExceeded),
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := newEmptySite(t, graph.Config{Record: func(context.Context, access.Actor, []format.Contact, bool) (ingest.Result, []int64, []error) {
				return ingest.Result{}, nil, []error{failure}
			}})
			if got := send(t, s, operation(t, recordOne, nil)).Errors[0].Extensions.Code; got != code || s.log.Len() > 0 {
				t.Errorf("code %s and log %q, want %s and none", got, s.log, code)
			}
		})
	}
}

func TestErrors_ReplaceARequestIDThatNoLogMayHold(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	for _, given := range []string{"", "a b", strings.Repeat("x", 65), "x\"y"} {
		request := operation(t, `{__typename}`, nil)
		request.Header.Set("X-Request-Id", given)
		if got := send(t, s, request).header.Get("X-Request-Id"); got == given || got == "" {
			t.Errorf("%q became %q", given, got)
		}
	}
}

package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/relay"
)

func TestDownloads_ArePreviewedBeforeTheyAreOrdered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const fields = `{contacts lines sheets warnings {code message}}`
	for _, c := range []struct{ arguments, want string }{
		{march, `{"contacts":6,"lines":6,"sheets":1,"warnings":[{"code":"LIVE_CONTACTS","message":"Contacts that are not over yet (RINGING or PENDING): 1. They will change after the file was made."}]}`},
		{march + `, columns: [AGENT, OUTCOME]`, `{"contacts":6,"lines":6,"sheets":1,"warnings":[{"code":"LIVE_CONTACTS","message":"Contacts that are not over yet (RINGING or PENDING): 1. They will change after the file was made."}]}`},
		{march + `, format: CSV`, `{"contacts":6,"lines":6,"sheets":0,"warnings":[{"code":"LIVE_CONTACTS","message":"Contacts that are not over yet (RINGING or PENDING): 1. They will change after the file was made."}]}`},
		{march + `, kind: DETAILED`, `{"contacts":6,"lines":7,"sheets":1,"warnings":[{"code":"LIVE_CONTACTS","message":"Contacts that are not over yet (RINGING or PENDING): 1. They will change after the file was made."}]}`},
		{`filter: {period: {preset: YESTERDAY}}`, `{"contacts":0,"lines":0,"sheets":1,"warnings":[{"code":"EMPTY","message":"No contact meets the filter: the file will be empty."}]}`},
		{`filter: {period: {range: {from: "2024-03-04", to: "2024-03-04"}}}`, `{"contacts":1,"lines":1,"sheets":1,"warnings":[]}`},
	} {
		if got := s.ask(t, `{exportPreview(`+c.arguments+`) `+fields+`}`, nil); got != `{"exportPreview":`+c.want+`}` {
			t.Errorf("%s is previewed as %s, want %s", c.arguments, got, c.want)
		}
	}
	request := operation(t, `{exportPreview(filter: {period: {preset: YESTERDAY}}) {warnings {message}}}`, nil)
	request.Header.Set("Accept-Language", "pl")
	if got := send(t, s, request).body; !strings.Contains(got, "Żaden kontakt nie spełnia warunków") {
		t.Errorf("in Polish: %s", got)
	}
	if got := s.ask(t, `{downloads {totalCount}}`, nil); got != `{"downloads":{"totalCount":0}}` {
		t.Errorf("a preview ordered something: %s", got)
	}
}

func TestDownloads_OrderedTwiceAreOneFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if first, again := s.order(t, "m"), s.order(t, "m"); first != again {
		t.Errorf("two files: %s and %s", first, again)
	}
	other := send(t, s, operation(t, `mutation {exportContacts(input: {clientMutationId: "m", kind: DETAILED, `+march+`}) {download {id}}}`, nil))
	if first := other.Errors[0]; first.Extensions.Code != "ORDER_CONFLICT" || first.Extensions.Field != "input.clientMutationId" {
		t.Errorf("another order under the same name is answered %s", other.body)
	}
	s.order(t, "n")
	more := send(t, s, operation(t, `mutation {exportContacts(input: {clientMutationId: "o", `+march+`}) {download {id}}}`, nil))
	if first := more.Errors[0]; first.Extensions.Code != "TOO_MANY_DOWNLOADS" {
		t.Errorf("one too many is answered %s", more.body)
	}
}

func TestDownloads_AreCancelledAndDeleted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.order(t, "m")
	cancel := fmt.Sprintf(`mutation {cancelDownload(input: {id: %q, clientMutationId: "c"}) {clientMutationId download {id state progress {secondsLeft}}}}`, id)
	want := fmt.Sprintf(`{"cancelDownload":{"clientMutationId":"c","download":{"id":%q,"state":"CANCELLED","progress":{"secondsLeft":null}}}}`, id)
	for range 2 {
		if got := s.ask(t, cancel, nil); got != want {
			t.Errorf("called off: %s", got)
		}
	}
	remove := fmt.Sprintf(`mutation {deleteDownload(input: {id: %q, clientMutationId: "d"}) {clientMutationId deletedDownloadId}}`, id)
	if got := s.ask(t, remove, nil); got != fmt.Sprintf(`{"deleteDownload":{"clientMutationId":"d","deletedDownloadId":%q}}`, id) {
		t.Errorf("removed: %s", got)
	}
	if got := s.ask(t, fmt.Sprintf(`{download(id: %q) {id} downloads {totalCount}}`, id), nil); got != `{"download":null,"downloads":{"totalCount":0}}` {
		t.Errorf("left behind: %s", got)
	}
}

func TestDownloads_ThatAreNoneAreNeitherCancelledNorDeleted(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	for id, code := range map[string]string{
		"x":                                   "INVALID_ID",
		relay.EncodeID(relay.AgentKind, 1):    "INVALID_ID",
		relay.EncodeID(relay.DownloadKind, 9): "NOT_FOUND",
	} {
		for _, document := range []string{
			`mutation {cancelDownload(input: {id: "` + id + `"}) {download {id}}}`,
			`mutation {deleteDownload(input: {id: "` + id + `"}) {deletedDownloadId}}`,
		} {
			answered := send(t, s, operation(t, document, nil))
			if first := answered.Errors[0]; first.Extensions.Code != code || first.Extensions.Field != "input.id" {
				t.Errorf("%s is answered %s", document, answered.body)
			}
		}
	}
}

package graph_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/relay"
)

// madeAt is where a file says when it was made, by the clocks of the database and of the machine.
var madeAt = regexp.MustCompile(`(Stan danych na</t></is></c><c[^>]*><v>|<dcterms:\w+ [^>]*>)[^<]+`)

// What holds of answers holds of the cells of files.
func TestTwins_MakeTheSameFiles(t *testing.T) {
	t.Parallel()
	for _, r := range restrictions {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newTwins(t, r)
			for number, scopes := range scopesOfTwins {
				if !slices.Contains(scopes, access.ScopeExports) || !slices.Contains(scopes, access.ScopeRead) {
					continue
				}
				var files [2]string
				for i, s := range w.sites {
					files[i] = w.file(t, s, w.keys[number])
				}
				if files[0] != files[1] {
					t.Errorf("with the scopes %v the files differ: %s", scopes, difference(files[0], files[1]))
				}
				if foreign := "Agent agent-left"; strings.Contains(files[0], foreign) {
					t.Errorf("with the scopes %v the file holds %q", scopes, foreign)
				}
				if whole := strings.Contains(files[0], "501 723 894"); whole != slices.Contains(scopes, access.ScopeAddresses) && r.name != "nothing" {
					t.Errorf("with the scopes %v, that the file holds whole addresses is %t", scopes, whole)
				}
			}
		})
	}
}

// file fetches the first file of the holder of a key, and gives what is in it.
func (w *twins) file(t *testing.T, s *site, key string) string {
	t.Helper()
	_, answer := w.ask(t, s, key, []byte(`{"query": "{downloads(states: [READY]) {nodes {url filterInWords}}}"}`))
	url := regexp.MustCompile(`"url":"([^"]+)"`).FindStringSubmatch(answer)
	if url == nil {
		t.Fatalf("there is no file: %s", answer)
	}
	recorder := httptest.NewRecorder()
	s.downloads.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, url[1], nil).WithContext(t.Context()))
	if recorder.Code != http.StatusOK {
		t.Fatalf("the file is answered %d %s", recorder.Code, recorder.Body)
	}
	book := must(zip.NewReader(bytes.NewReader(recorder.Body.Bytes()), int64(recorder.Body.Len())))
	var all strings.Builder
	for _, part := range book.File {
		opened := must(part.Open())
		fmt.Fprintf(&all, "%s\n%s\n", part.Name, madeAt.ReplaceAll(must(io.ReadAll(opened)), []byte("${1}then")))
		_ = opened.Close()
	}
	return all.String()
}

func difference(a, b string) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return fmt.Sprintf("…%s… and …%s…", a[max(0, at-60):min(len(a), at+100)], b[max(0, at-60):min(len(b), at+100)])
}

// What is out of reach takes the same statements as what does not exist, and is answered with the same words.
func TestTwins_PayForWhatIsOutOfReachAsForNothing(t *testing.T) {
	t.Parallel()
	documents := map[string]relay.Kind{
		`{node(id: "%s") {id __typename}}`: "",
		`{nodes(ids: ["%s"]) {id}}`:        "",
		`{contact(id: "%s") {externalId ivrSteps {name} details {__typename ... on SmsInfo {text}}}}`: relay.ContactKind,
		`{download(id: "%s") {state url}}`:                                                                                 relay.DownloadKind,
		`mutation {cancelDownload(input: {id: "%s"}) {download {id}}}`:                                                     relay.DownloadKind,
		`mutation {deleteDownload(input: {id: "%s"}) {deletedDownloadId}}`:                                                 relay.DownloadKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, agentIds: ["%s"]}) {totalCount nodes {id}}}`:                  relay.AgentKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, agentGroupIds: ["%s"]}) {totalCount nodes {id}}}`:             relay.AgentGroupKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, campaignIds: ["%s"]}) {totalCount nodes {id}}}`:               relay.CampaignKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, queueIds: ["%s"]}) {totalCount nodes {id}}}`:                  relay.QueueKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, classifierIds: ["%s"]}) {totalCount nodes {id}}}`:             relay.ClassifierKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, siteCallIds: ["%s"]}) {totalCount nodes {id}}}`:               relay.SiteCallKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, recordIds: ["%s"]}) {totalCount nodes {id}}}`:                 relay.RecordKind,
		`{contacts(filter: {period: {preset: CURRENT_MONTH}, contactIds: ["%s"]}) {totalCount nodes {id}}}`:                relay.ContactKind,
		`{exportPreview(filter: {period: {preset: CURRENT_MONTH}, contactIds: ["%s"]}) {lines}}`:                           relay.ContactKind,
		`mutation {exportContacts(input: {filter: {period: {preset: CURRENT_MONTH}, recordIds: ["%s"]}}) {download {id}}}`: relay.RecordKind,
	}
	for _, r := range restrictions {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			w := newTwins(t, r)
			s := w.sites[0]
			ask := func(document string, kind relay.Kind, number int64) (string, []string) {
				s.statements.Reset()
				id := relay.EncodeID(kind, number)
				_, answer := w.ask(t, s, w.keys[0], payload(fmt.Sprintf(document, id), nil))
				return regexp.MustCompile(`"remaining":\d+`).ReplaceAllString(answer, ""), s.statements.SQL()
			}
			// What the viewer is granted is read once and remembered, whatever is asked for.
			ask(`{contacts(filter: {period: {preset: CURRENT_MONTH}, siteCallIds: ["%s"]}) {totalCount}}`, relay.SiteCallKind, 900_000)
			for document, only := range documents {
				for kind, numbers := range w.unseen {
					if only != "" && only != kind {
						continue
					}
					absent, want := ask(document, kind, 900_000)
					for _, number := range numbers[:min(len(numbers), 3)] {
						answer, took := ask(document, kind, number)
						if answer != absent || !slices.Equal(took, want) {
							t.Errorf("%s of %s %d is answered\n%s\nwith %d statements, and of nothing\n%s\nwith %d", document, kind, number, answer, len(took), absent, len(want))
						}
					}
				}
			}
		})
	}
}

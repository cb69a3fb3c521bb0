package export

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// listed are the numbers of the downloads that somebody sees in their list.
func (s *site) listed(t testing.TB, by access.Principal, states ...State) []int64 {
	t.Helper()
	list, err := s.downloads.List(t.Context(), by, states, relay.PageArgs{})
	must(t, err)
	var ids []int64
	for _, node := range list.Nodes() {
		ids = append(ids, node.ID)
	}
	total, err := list.TotalCount(t.Context())
	must(t, err)
	equal(t, "total", total, len(ids))
	return ids
}

func TestDownload_ExistsForItsOwnerAndForAdministrators(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 100)
	anna, jan := s.person(t, scopesBut(), everything), s.person(t, scopesBut(), everything)
	chief := s.person(t, access.Scopes, everything)
	hers := s.orderBy(t, anna.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	jans := s.orderBy(t, jan.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	ready := s.orderBy(t, anna.Actor, workbooktest.March(), workbook.Detailed, fault.Polish)
	s.fetched(t, anna, ready)
	for _, c := range []struct {
		by   access.Principal
		want []int64
	}{
		{anna.Principal, []int64{ready.ID, hers.ID}},
		{jan.Principal, []int64{jans.ID}},
		{chief.Principal, []int64{ready.ID, jans.ID, hers.ID}},
		{operator.Principal, []int64{ready.ID, jans.ID, hers.ID}},
		{s.person(t, scopesBut(), everything).Principal, nil},
	} {
		if got := s.listed(t, c.by); !slices.Equal(got, c.want) {
			t.Errorf("%s has the downloads %v, want %v", c.by, got, c.want)
		}
		found, err := s.downloads.Find(t.Context(), c.by, []int64{hers.ID, jans.ID, ready.ID, 99})
		must(t, err)
		equal(t, "found", len(found), len(c.want))
		for _, id := range c.want {
			equal(t, "found it", found[id] != nil, true)
		}
	}
	equal(t, "ready ones of another", len(s.listed(t, jan.Principal, Ready)), 0)

	// A cursor of one list is none of another's.
	list, err := s.downloads.List(t.Context(), anna.Principal, nil, relay.PageArgs{})
	must(t, err)
	cursor := list.Edges()[0].Cursor()
	for _, by := range []person{jan, chief} {
		_, err = s.downloads.List(t.Context(), by.Principal, nil, relay.PageArgs{After: &cursor})
		equal(t, "code of a cursor of hers", fault.CodeOf(err), fault.InvalidCursor)
	}

	for what, do := range map[string]func(person) error{
		"cancel": func(p person) error {
			_, err := s.downloads.Cancel(t.Context(), p.Principal, hers.ID)
			return err
		},
		"delete": func(p person) error { return s.downloads.Delete(t.Context(), p.Principal, ready.ID) },
		"watch": func(p person) error {
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			_, err := s.downloads.Watch(ctx, p.Principal, hers.ID)
			return err
		},
	} {
		equal(t, what+" by another", fault.CodeOf(do(jan)), fault.NotFound)
		equal(t, "what it left", len(s.listed(t, anna.Principal, Queued))+len(s.listed(t, anna.Principal, Ready))+len(s.kept(t)), 3)
	}
	equal(t, "watchers left", len(s.downloads.watchers.all()), 0)
	equal(t, "the file for another", s.ask(t, http.MethodGet, s.link(t, jan, ready), nil).Code, http.StatusNotFound)
	equal(t, "the file for an administrator", s.ask(t, http.MethodGet, s.link(t, chief, ready), nil).Code, http.StatusOK)
	equal(t, "the file for herself", s.ask(t, http.MethodGet, s.link(t, anna, ready), nil).Code, http.StatusOK)
	s.change(t, chief, `scopes = array_remove(scopes, 'admin')`)
	equal(t, "the file for a former administrator", s.ask(t, http.MethodGet, s.link(t, chief, ready), nil).Code, http.StatusNotFound)

	cancelled, err := s.downloads.Cancel(t.Context(), chief.Principal, hers.ID)
	must(t, err)
	equal(t, "state after an administrator cancelled", cancelled.State, Cancelled)
	equal(t, "reason", cancelled.Failure() == nil, true)
	must(t, s.downloads.Delete(t.Context(), chief.Principal, ready.ID))
	if got := s.listed(t, anna.Principal); !slices.Equal(got, []int64{hers.ID}) {
		t.Errorf("she has the downloads %v", got)
	}
}

func TestDownloads_NeedTheirScope(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	owner := s.person(t, scopesBut(), everything)
	download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	s.fetched(t, owner, download)
	address := s.link(t, owner, download)
	s.change(t, owner, `scopes = array_remove(scopes, 'exports')`)
	for _, by := range []access.Principal{
		{}, s.again(t, owner).Principal, s.person(t, []access.Scope{access.ScopeAdmin, access.ScopeRead}, everything).Principal,
	} {
		_, find := s.downloads.Find(t.Context(), by, []int64{download.ID})
		_, none := s.downloads.Find(t.Context(), by, nil)
		_, list := s.downloads.List(t.Context(), by, nil, relay.PageArgs{})
		_, cancel := s.downloads.Cancel(t.Context(), by, download.ID)
		_, watch := s.downloads.Watch(t.Context(), by, download.ID)
		for what, err := range map[string]error{
			"find": find, "find none": none, "list": list, "cancel": cancel, "watch": watch,
			"delete": s.downloads.Delete(t.Context(), by, download.ID), "cancel none": errOf(s.downloads.Cancel(t.Context(), by, 99)),
		} {
			equal(t, what, fault.CodeOf(err), fault.Forbidden)
		}
	}
	answer := s.ask(t, http.MethodGet, address, nil)
	equal(t, "file", answer.Code, http.StatusForbidden)
	equal(t, "code", strings.Contains(answer.Body.String(), `"FORBIDDEN"`), true)
	equal(t, "downloads", s.number(t, `SELECT count(*) FROM downloads WHERE state = 'READY'`), 1)
}

func errOf[T any](_ T, err error) error { return err }

var numbers = regexp.MustCompile(`\d+`)

func TestDownload_OfSomebodyElseCostsWhatAnUnknownOneDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 100)
	anna, jan := s.person(t, scopesBut(), everything), s.person(t, scopesBut(), access.Grants{Campaigns: []string{"k1"}, AgentGroups: []string{"Grupa"}})
	ready := s.orderBy(t, anna.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	s.fetched(t, anna, ready)
	waiting := s.orderBy(t, anna.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	pool, recorder := s.db.Recorded(t)
	s.pool = pool
	s.set(t, func(config *Config) {
		config.Rights = access.NewAuthenticator(pool, access.NewKeys(pool, s.signer, config.Now, nil), nil, config.Now).Current
		config.Audit = access.NewAudit(pool, s.signer, config.Now)
	}, WorkerConfig{})
	s.link(t, jan, ready) // the key of links is read once

	for what, do := range map[string]func(id int64) string{
		"find": func(id int64) string {
			found, err := s.downloads.Find(t.Context(), jan.Principal, []int64{id})
			must(t, err)
			equal(t, "found", len(found), 0)
			return ""
		},
		"cancel": func(id int64) string { return errOf(s.downloads.Cancel(t.Context(), jan.Principal, id)).Error() },
		"delete": func(id int64) string { return s.downloads.Delete(t.Context(), jan.Principal, id).Error() },
		"watch":  func(id int64) string { return errOf(s.downloads.Watch(t.Context(), jan.Principal, id)).Error() },
		"file": func(id int64) string {
			answer := s.ask(t, http.MethodGet, s.link(t, jan, &Download{ID: id}), nil)
			equal(t, "status", answer.Code, http.StatusNotFound)
			return answer.Body.String() + answer.Header().Get("Content-Length")
		},
	} {
		ask := func(id int64) string {
			recorder.Reset()
			answer := do(id)
			return answer + "\n" + numbers.ReplaceAllString(strings.Join(recorder.SQL(), "\n"), "0")
		}
		unknown := ask(1 << 40)
		equal(t, what+" one that is ready", ask(ready.ID), unknown)
		equal(t, what+" one that waits", ask(waiting.ID), unknown)
		equal(t, what+": asks the database", len(recorder.SQL()) > 0, true)
	}
	list := func() string {
		recorder.Reset()
		equal(t, "list", len(s.listed(t, jan.Principal)), 0)
		return strings.Join(recorder.SQL(), "\n")
	}
	before := list()
	s.exec(t, `DELETE FROM downloads`)
	equal(t, "the list without any of hers", list(), before)
}

func TestAdministrator_SeesOfAFileOnlyWhatTheirReachHolds(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 600)
	owner := s.person(t, scopesBut(), everything)
	filter := workbooktest.March()
	filter.SourceAddresses, filter.DestinationAddresses = []string{"600 000 042", "anna.nowak@example.com"}, []string{"101"}
	filter.CampaignIDs = []string{relay.EncodeID(relay.CampaignKind, 1), relay.EncodeID(relay.CampaignKind, 2)}
	download := s.orderBy(t, owner.Actor, filter, workbook.Simple, fault.Polish)
	const addresses = "Numer/adres źródłowy: 600 000 042, anna.nowak@example.com; Numer/adres docelowy: 101"
	const hidden = "Numer/adres źródłowy: +48 *** *** 042, a***@example.com; Numer/adres docelowy: ***"
	admin := func(left access.Scope, grants access.Grants) person {
		scopes := slices.DeleteFunc(slices.Clone(access.Scopes), func(scope access.Scope) bool { return scope == left })
		return s.person(t, scopes, grants)
	}
	s.fetched(t, owner, download)
	for name, c := range map[string]struct {
		by     person
		words  string
		status int
	}{
		"with all rights":       {admin("", everything), "Kampania: Kampania 1, Kampania 2; " + addresses, http.StatusOK},
		"without content":       {admin(access.ScopeContent, everything), "Kampania: Kampania 1, Kampania 2; " + addresses, http.StatusOK},
		"without addresses":     {admin(access.ScopeAddresses, everything), "Kampania: Kampania 1, Kampania 2; " + hidden, http.StatusForbidden},
		"without BCC":           {admin(access.ScopeBcc, everything), "Kampania: Kampania 1, Kampania 2; " + addresses, http.StatusForbidden},
		"with fewer contacts":   {admin("", access.Grants{Campaigns: []string{"k2"}}), "Kampania: Kampania 2, niewidoczne; " + addresses, http.StatusForbidden},
		"with no right to read": {admin(access.ScopeRead, everything), "Kampania: niewidoczne; " + hidden, http.StatusForbidden},
	} {
		found, err := s.downloads.Find(t.Context(), c.by.Principal, []int64{download.ID})
		must(t, err)
		seen := found[download.ID]
		equal(t, name+": words", seen.FilterInWords, c.words)
		masks := strings.Contains(c.words, "***")
		equal(t, name+": addresses", strings.Join(seen.Filter.SourceAddresses, " ") == "600 000 042 anna.nowak@example.com", !masks)
		equal(t, name+": masked addresses", strings.Join(append(seen.Filter.SourceAddresses, seen.Filter.DestinationAddresses...), " ") == "+48 *** *** 042 a***@example.com ***", masks)
		equal(t, name+": file", s.ask(t, http.MethodGet, *seen.URL(), nil).Code, c.status)
		listed, err := s.downloads.List(t.Context(), c.by.Principal, nil, relay.PageArgs{})
		must(t, err)
		equal(t, name+": words in a list", listed.Nodes()[0].FilterInWords, c.words)
	}
	// Her own words are as much hers as the scope.
	s.change(t, owner, `scopes = array_remove(scopes, 'contacts:addresses')`)
	found, err := s.downloads.Find(t.Context(), s.again(t, owner).Principal, []int64{download.ID})
	must(t, err)
	equal(t, "words without the scope", found[download.ID].FilterInWords, "Kampania: Kampania 1, Kampania 2; "+hidden)
}

func TestWatchers_HearWhatIsTheirsForAsLongAsItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	s.following(t)
	owner, chief, former := s.person(t, scopesBut(), everything), s.person(t, access.Scopes, everything), s.person(t, access.Scopes, everything)
	filter := workbooktest.March()
	filter.SourceAddresses = []string{"600 000 001"}
	masked := s.person(t, slices.DeleteFunc(slices.Clone(access.Scopes), func(scope access.Scope) bool { return scope == access.ScopeAddresses }), everything)
	download := s.orderBy(t, owner.Actor, filter, workbook.Simple, fault.Polish)
	watch := func(by person) <-chan *Download {
		updates, err := s.downloads.Watch(t.Context(), by.Principal, download.ID)
		must(t, err)
		equal(t, "at once", s.next(t, updates).State, Queued)
		return updates
	}
	own, foreign, lost, hidden := watch(owner), watch(chief), watch(former), watch(masked)
	s.change(t, former, `scopes = array_remove(scopes, 'admin')`)
	must(t, s.worker.make(t.Context(), download.ID))
	if update := s.next(t, lost); update != nil {
		t.Errorf("a former administrator hears that it is %s", update.State)
	}
	last := func(updates <-chan *Download) (last *Download) {
		for update := s.next(t, updates); update != nil; update = s.next(t, updates) {
			last = update
		}
		return last
	}
	for _, c := range []struct {
		by      person
		updates <-chan *Download
		number  string
		status  int
	}{
		{owner, own, "600 000 001", http.StatusOK},
		{chief, foreign, "600 000 001", http.StatusOK},
		{masked, hidden, "+48 *** *** 001", http.StatusForbidden},
	} {
		ended := last(c.updates)
		equal(t, "state", ended.State, Ready)
		equal(t, "number", ended.Filter.SourceAddresses[0], c.number)
		equal(t, "address", *ended.URL(), "https://kontakty.example.com"+s.link(t, c.by, download))
		equal(t, "file", s.ask(t, http.MethodGet, *ended.URL(), nil).Code, c.status)
	}
}

func TestAdministrator_ReadsNoNamesOutOfReach(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 600)
	every := contact.Filter{
		Period: workbooktest.March().Period, AgentIDs: ids(relay.AgentKind, 1), AgentGroupIDs: ids(relay.AgentGroupKind, 1), CampaignIDs: ids(relay.CampaignKind, 1),
		SiteCallIDs: ids(relay.SiteCallKind, 1), QueueIDs: ids(relay.QueueKind, 1), ClassifierIDs: ids(relay.ClassifierKind, 1),
		RecordIDs: ids(relay.RecordKind, 1), ContactIDs: ids(relay.ContactKind, 1),
	}
	download := s.order(t, every, workbook.Simple, fault.English)
	nobodys := s.person(t, access.Scopes, access.Grants{Campaigns: []string{"k9"}})
	found, err := s.downloads.Find(t.Context(), nobodys.Principal, []int64{download.ID})
	must(t, err)
	equal(t, "words", found[download.ID].FilterInWords, "Agent: not visible; Agent group: not visible; Campaign: not visible; "+
		"SiteCall: not visible; Queue: not visible; Classifier: not visible; Record ID: not visible; Contact ID: not visible")
}

func ids(kind relay.Kind, number int64) []string { return []string{relay.EncodeID(kind, number)} }

package export

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// texts are the external ids of contacts, sorted, as SQL finds them.
func (s *site) texts(t testing.TB, where string) string {
	t.Helper()
	rows, err := s.pool.Query(t.Context(), `SELECT external_id FROM contacts WHERE `+where)
	must(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	slices.Sort(found)
	return strings.Join(found, " ")
}

// contactsIn are the external ids of the contacts in a file, sorted.
func contactsIn(t testing.TB, content []byte) string {
	t.Helper()
	var found []string
	for _, line := range workbooktest.Lines(t, content) {
		found = append(found, line["ID połączenia"].Text)
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}

// fetched has the file of a download made, and fetches it for its owner.
func (s *site) fetched(t testing.TB, owner person, download *Download) []byte {
	t.Helper()
	must(t, s.worker.make(t.Context(), download.ID))
	answer := s.ask(t, http.MethodGet, s.link(t, owner, download), nil)
	if answer.Code != http.StatusOK {
		t.Fatalf("the file of the download, which is %s, answers %d: %s", s.look(t, download).State, answer.Code, answer.Body)
	}
	return answer.Body.Bytes()
}

// link is a good address of a download for somebody.
func (s *site) link(t testing.TB, by person, download *Download) string {
	t.Helper()
	address, err := s.downloads.links.Address(t.Context(), link.Link{ID: download.ID, By: by.String(), Until: s.config.Now().Add(link.Life)})
	must(t, err)
	return address
}

func TestFile_HoldsWhatItsOwnerMaySeeAtTheOrderAndWhenItIsMade(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 600)
	two := access.Grants{Campaigns: []string{"k1", "k2"}}
	for name, c := range map[string]struct {
		grants access.Grants
		change string // of the key, between the order and the making
		where  string
	}{
		"unrestricted":                    {everything, ``, `true`},
		"campaigns":                       {two, ``, `campaign_id IN (1, 2)`},
		"a group":                         {access.Grants{AgentGroups: []string{"Grupa"}}, ``, `agent_id IN (2, 5)`},
		"one's own":                       {access.Grants{Agent: "a3"}, ``, `agent_id = 3`},
		"a union":                         {access.Grants{Campaigns: []string{"k3"}, AgentGroups: []string{"Grupa"}, Agent: "a1"}, ``, `campaign_id = 3 OR agent_id IN (1, 2, 5)`},
		"nothing that exists":             {access.Grants{Campaigns: []string{"k9"}}, ``, `false`},
		"narrowed to a campaign":          {two, `grants = '{"campaigns": ["k2"]}'`, `campaign_id = 2`},
		"narrowed from all to a campaign": {everything, `grants = '{"campaigns": ["k2"]}'`, `campaign_id = 2`},
		"narrowed from all to a group":    {everything, `grants = '{"agentGroups": ["Grupa"]}'`, `agent_id IN (2, 5)`},
		"narrowed by one's own":           {access.Grants{Campaigns: []string{"k1"}, Agent: "a1"}, `grants = '{"campaigns": ["k1"]}'`, `campaign_id = 1`},
		"moved, with one in common":       {two, `grants = '{"campaigns": ["k2", "k3"], "agentGroups": ["Grupa"]}'`, `campaign_id = 2`},
		"widened":                         {two, `grants = '{"unrestricted": true}'`, `campaign_id IN (1, 2)`},
		"widened by a campaign":           {two, `grants = '{"campaigns": ["k1", "k2", "k3"]}'`, `campaign_id IN (1, 2)`},
	} {
		t.Run(name, func(t *testing.T) {
			owner := s.person(t, scopesBut(), c.grants)
			download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
			if c.change != "" {
				s.change(t, owner, c.change)
			}
			content := s.fetched(t, owner, download)
			equal(t, "contacts", contactsIn(t, content), s.texts(t, c.where))
			equal(t, "contacts told", s.look(t, download).ContactsDone, s.number(t, `SELECT count(*) FROM contacts WHERE `+c.where))
			if c.change == "" {
				preview, err := s.downloads.Preview(t.Context(), owner.Principal, PreviewInput{Filter: workbooktest.March()})
				must(t, err)
				equal(t, "contacts of a preview", preview.Contacts, s.number(t, `SELECT count(*) FROM contacts WHERE `+c.where))
			}
			notes := fmt.Sprint(workbooktest.Read(t, content)[1].Rows)
			equal(t, "says that there may be others", strings.Contains(notes, "tylko kontakty dostępne dla zamawiającego"), c.where != "true")
		})
	}
}

func TestFile_ShowsAddressesAsItsOwnerMaySeeThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 300)
	for name, c := range map[string]struct {
		scopes         []access.Scope
		change         string
		addresses, bcc bool
	}{
		"with both":             {scopesBut(), ``, true, true},
		"without addresses":     {scopesBut(access.ScopeAddresses), ``, false, true},
		"without BCC":           {scopesBut(access.ScopeBcc), ``, true, false},
		"without either":        {scopesBut(access.ScopeAddresses, access.ScopeBcc), ``, false, false},
		"addresses lost":        {scopesBut(), `scopes = array_remove(scopes, 'contacts:addresses')`, false, true},
		"BCC lost":              {scopesBut(), `scopes = array_remove(scopes, 'contacts:bcc')`, true, false},
		"won after the order":   {scopesBut(access.ScopeAddresses, access.ScopeBcc), `scopes = scopes || '{contacts:addresses,contacts:bcc}'`, false, false},
		"content is not in one": {scopesBut(access.ScopeContent), ``, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			owner := s.person(t, c.scopes, everything)
			download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Detailed, fault.Polish)
			if c.change != "" {
				s.change(t, owner, c.change)
			}
			content := s.fetched(t, owner, download)
			hidden := 0
			for _, line := range workbooktest.Lines(t, content) {
				number, copies, bcc := line["Numer/adres źródłowy"].Text, line["Adres DW"].Text, line["Adres UDW"].Text
				if len(number) < 9 || strings.Contains(number, "***") == c.addresses || copies != "" && strings.Contains(copies, "***") == c.addresses {
					t.Fatalf("the line shows %q and %q", number, copies)
				}
				if bcc != "" {
					hidden++
					equal(t, "a hidden recipient is masked", strings.Contains(bcc, "***"), !c.addresses)
				}
			}
			equal(t, "there are hidden recipients", hidden > 0, c.bcc)
			all := everyPart(t, content)
			equal(t, "numbers in the whole package", strings.Contains(all, "+48600000") || strings.Contains(all, "dw@example.com"), c.addresses)
			equal(t, "hidden recipients in the whole package", strings.Contains(all, "udw@example.com"), c.addresses && c.bcc)
			notes := fmt.Sprint(workbooktest.Read(t, content)[1].Rows)
			equal(t, "says that addresses are masked", strings.Contains(notes, "zamaskowane"), !c.addresses)
			equal(t, "says that hidden recipients are left out", strings.Contains(notes, "pominięte"), !c.bcc)
		})
	}
}

// everyPart is all that is in a package.
func everyPart(t testing.TB, content []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(t, err)
	var all strings.Builder
	for _, part := range archive.File {
		reader, err := part.Open()
		must(t, err)
		all.Write(readAll(t, reader))
	}
	return all.String()
}

// withdrawals are changes of a key that leave nothing of a right to a file.
var withdrawals = map[string]string{
	"revoked":                      `revoked_at = now(), revoked_by = 'local'`,
	"expired":                      `expires_at = created_at`,
	"without the scope of files":   `scopes = array_remove(scopes, 'exports')`,
	"without the scope of reading": `scopes = array_remove(scopes, 'contacts:read')`,
	"without any contact":          `grants = '{}'`,
	"with other contacts":          `grants = '{"campaigns": ["k3"], "agentGroups": ["Grupa"]}'`,
}

func TestFile_IsCancelledForWhoMayNoLongerExport(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 600)
	calledOff := func(t *testing.T, download *Download, reason fault.Reason, arguments ...any) {
		t.Helper()
		ended := s.look(t, download)
		equal(t, "state", ended.State, Cancelled)
		equal(t, "finished", ended.FinishedAt != nil && ended.Attempt == 1, true)
		equal(t, "files", len(s.kept(t)), 0)
		if ended.Failure() == nil {
			t.Fatal("nothing says why")
		}
		equal(t, "code", ended.Failure().Code, fault.Forbidden)
		for _, locale := range []fault.Locale{fault.English, fault.Polish} {
			equal(t, "sentence", ended.Failure().Sentence(locale), fault.New(reason, "", arguments...).Sentence(locale))
		}
	}
	for name, change := range withdrawals {
		t.Run(name, func(t *testing.T) {
			owner := s.person(t, scopesBut(), access.Grants{Campaigns: []string{"k1", "k2"}, Agent: "a1"})
			waiting := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
			running := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Detailed, fault.Polish)
			s.reading.set("FETCH", 1, func(context.Context) { s.change(t, owner, change) })
			must(t, s.worker.make(t.Context(), running.ID))
			calledOff(t, running, fault.RightsWithdrawn)
			must(t, s.worker.make(t.Context(), waiting.ID))
			calledOff(t, waiting, fault.RightsWithdrawn)
		})
	}
	t.Run("the key is gone", func(t *testing.T) {
		owner := s.person(t, scopesBut(), everything)
		download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
		s.exec(t, `DELETE FROM api_keys WHERE key_id = $1`, owner.ID)
		must(t, s.worker.make(t.Context(), download.ID))
		calledOff(t, download, fault.RightsWithdrawn)
	})
	t.Run("the filter asks for what its owner may no longer see", func(t *testing.T) {
		owner := s.person(t, scopesBut(), everything)
		filter := workbooktest.March()
		filter.SourceAddresses = []string{"600 000 042"}
		download := s.orderBy(t, owner.Actor, filter, workbook.Simple, fault.Polish)
		s.change(t, owner, `scopes = array_remove(scopes, 'contacts:addresses')`)
		must(t, s.worker.make(t.Context(), download.ID))
		calledOff(t, download, fault.ScopeMissing, string(access.ScopeAddresses))
	})
}

func TestRights_NarrowedWhileAFileIsMadeMakeItAnew(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 600)
	for name, c := range map[string]struct{ change, where string }{
		"fewer contacts":    {`grants = '{"campaigns": ["k2"]}'`, `campaign_id = 2`},
		"masked addresses":  {`scopes = array_remove(scopes, 'contacts:addresses')`, `campaign_id IN (1, 2)`},
		"hidden recipients": {`scopes = array_remove(scopes, 'contacts:bcc')`, `campaign_id IN (1, 2)`},
	} {
		t.Run(name, func(t *testing.T) {
			owner := s.person(t, scopesBut(), access.Grants{Campaigns: []string{"k1", "k2"}})
			download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
			s.reading.set("FETCH", 1, func(context.Context) { s.change(t, owner, c.change) })
			before := len(s.kept(t))
			if err := s.worker.make(t.Context(), download.ID); err == nil {
				t.Fatal("a file that holds too much asks for no other try")
			}
			equal(t, "state", s.look(t, download).State, Queued)
			equal(t, "files", len(s.kept(t)), before)
			content := s.fetched(t, owner, download)
			equal(t, "contacts", contactsIn(t, content), s.texts(t, c.where))
			all := everyPart(t, content)
			equal(t, "numbers", strings.Contains(all, "+48600000"), name != "masked addresses")
			equal(t, "hidden recipients", strings.Contains(all, "udw@"), name == "fewer contacts")
		})
	}
}

func TestFile_FindsNothingOfWhatItsOwnerNoLongerSees(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 600)
	owner := s.person(t, scopesBut(), access.Grants{Campaigns: []string{"k1", "k2"}})
	filter := workbooktest.March()
	filter.CampaignIDs = []string{relay.EncodeID(relay.CampaignKind, 1), relay.EncodeID(relay.CampaignKind, 2)}
	download := s.orderBy(t, owner.Actor, filter, workbook.Simple, fault.Polish)
	equal(t, "in words", download.FilterInWords, "Kampania: Kampania 1, Kampania 2")
	s.change(t, owner, `grants = '{"campaigns": ["k2"]}'`)
	content := s.fetched(t, owner, download)
	equal(t, "contacts", contactsIn(t, content), s.texts(t, `campaign_id = 2`))
	if all := everyPart(t, content); strings.Contains(all, "Kampania 1") || !strings.Contains(all, "Kampania 2, niewidoczne") {
		t.Error("the file names what its owner no longer sees, or hides that it does not")
	}
	found, err := s.downloads.Find(t.Context(), s.again(t, owner).Principal, []int64{download.ID})
	must(t, err)
	equal(t, "in words for who sees less", found[download.ID].FilterInWords, "Kampania: Kampania 2, niewidoczne")
}

func TestFile_IsWithheldFromWhoMayNowSeeLess(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 600)
	grants := access.Grants{Campaigns: []string{"k1", "k2"}, AgentGroups: []string{"Grupa"}}
	losses := map[string]string{
		"a campaign less": `grants = '{"campaigns": ["k2"], "agentGroups": ["Grupa"]}'`,
		"no group":        `grants = '{"campaigns": ["k1", "k2"]}'`,
		"no addresses":    `scopes = array_remove(scopes, 'contacts:addresses')`,
		"no BCC":          `scopes = array_remove(scopes, 'contacts:bcc')`,
	}
	for name, change := range withdrawals {
		losses[name] = change
	}
	for name, change := range losses {
		t.Run(name, func(t *testing.T) {
			owner := s.person(t, scopesBut(), grants)
			download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
			address := s.link(t, owner, download)
			s.fetched(t, owner, download)
			s.change(t, owner, change)
			answer := s.ask(t, http.MethodGet, address, nil)
			equal(t, "answer", answer.Code, http.StatusForbidden)
			equal(t, "code", strings.Contains(answer.Body.String(), `"FORBIDDEN"`), true)
			equal(t, "part", s.ask(t, http.MethodGet, address, http.Header{"Range": {"bytes=0-9"}}).Code, http.StatusForbidden)
			equal(t, "HEAD", s.ask(t, http.MethodHead, address, nil).Code, http.StatusForbidden)
			withheld := s.ask(t, http.MethodGet, s.address(t, download), nil) // to the operator, who may see it
			equal(t, "answer to an administrator", withheld.Code, http.StatusForbidden)

			s.change(t, owner, `grants = $2, scopes = $3, revoked_at = NULL, revoked_by = NULL, expires_at = NULL`,
				grants.String(), scopesBut())
			equal(t, "after the rights came back", s.ask(t, http.MethodGet, address, nil).Code, http.StatusOK)
		})
	}
	t.Run("a member of the group leaves", func(t *testing.T) {
		owner := s.person(t, scopesBut(), grants)
		download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
		s.fetched(t, owner, download)
		s.exec(t, `DELETE FROM agent_group_members WHERE agent_id = 2`)
		equal(t, "answer", s.ask(t, http.MethodGet, s.link(t, owner, download), nil).Code, http.StatusForbidden)
		s.exec(t, `INSERT INTO agent_group_members VALUES (1, 2), (1, 3)`)
		equal(t, "answer when more are there", s.ask(t, http.MethodGet, s.link(t, owner, download), nil).Code, http.StatusOK)
	})
}

func TestOrder_IsRefusedToWhoMayNotExport(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 100)
	byNumber := workbooktest.March()
	byNumber.SourceAddresses = []string{"600 000 042"}
	elsewhere := workbooktest.March()
	elsewhere.CampaignIDs = []string{relay.EncodeID(relay.CampaignKind, 3)}
	absent := workbooktest.March()
	absent.CampaignIDs = []string{relay.EncodeID(relay.CampaignKind, 99)}
	one := access.Grants{Campaigns: []string{"k1"}}
	said := map[string]string{}
	for name, c := range map[string]struct {
		by     person
		filter contact.Filter
		code   fault.Code
	}{
		"nobody":                       {person{}, workbooktest.March(), fault.Forbidden},
		"no scope of files":            {s.person(t, scopesBut(access.ScopeExports), everything), workbooktest.March(), fault.Forbidden},
		"no scope of reading":          {s.person(t, scopesBut(access.ScopeRead), everything), workbooktest.March(), fault.Forbidden},
		"an administrator without it":  {s.person(t, []access.Scope{access.ScopeAdmin, access.ScopeRead}, everything), workbooktest.March(), fault.Forbidden},
		"by a number, unseen":          {s.person(t, scopesBut(access.ScopeAddresses), everything), byNumber, fault.Forbidden},
		"a campaign outside the reach": {s.person(t, scopesBut(), one), elsewhere, fault.UnknownID},
		"a campaign that is nowhere":   {s.person(t, scopesBut(), one), absent, fault.UnknownID},
	} {
		_, err := s.downloads.Order(t.Context(), c.by.Actor, OrderInput{Filter: c.filter})
		equal(t, name+": order", fault.CodeOf(err), c.code)
		said[name] = err.Error()
		_, err = s.downloads.Preview(t.Context(), c.by.Principal, PreviewInput{Filter: c.filter})
		equal(t, name+": preview", fault.CodeOf(err), c.code)
	}
	equal(t, "words for what is outside", said["a campaign outside the reach"], said["a campaign that is nowhere"])
	equal(t, "downloads", s.number(t, `SELECT count(*) FROM downloads`), 0)
	equal(t, "audit events", s.number(t, `SELECT count(*) FROM audit_events WHERE action = 'ORDERED_FILE'`), 0)
}

func TestOrder_UnderOtherRightsIsAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	owner := s.person(t, scopesBut(), access.Grants{Campaigns: []string{"k1"}})
	first := s.ordered(t.Context(), owner.Actor, OrderInput{Filter: workbooktest.March()})
	equal(t, "again", s.ordered(t.Context(), owner.Actor, OrderInput{Filter: workbooktest.March()}), first)
	s.change(t, owner, `grants = '{"campaigns": ["k1", "k2"]}'`)
	wider := s.again(t, owner)
	equal(t, "with more contacts", s.ordered(t.Context(), wider.Actor, OrderInput{Filter: workbooktest.March()}) != first, true)
}

package export

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// ordered orders and gives the number of the download, or the code of the refusal.
func (s *site) ordered(ctx context.Context, by access.Actor, input OrderInput) string {
	download, err := s.downloads.Order(ctx, by, input)
	if err != nil {
		return string(fault.CodeOf(err))
	}
	return fmt.Sprint(download.ID)
}

func TestOrder_GivenTwiceIsOneDownload(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	name, other := "order-1", "order-2"
	chats := workbooktest.March()
	chats.Types = []contact.Type{contact.Chat}
	later := func(d time.Duration) { moment := now.Add(d); s.now.Store(&moment) }
	anna, ewa := somebody("anna"), somebody("ewa")
	give := func(by access.Actor, input OrderInput) string {
		if input.Filter.Period.Range == nil {
			input.Filter = workbooktest.March()
		}
		return s.ordered(t.Context(), by, input)
	}
	named := give(anna, OrderInput{ClientMutationID: &name})
	equal(t, "the same name", give(anna, OrderInput{ClientMutationID: &name}), named)
	equal(t, "the same name for another order", give(anna, OrderInput{ClientMutationID: &name, Kind: workbook.Detailed}), "ORDER_CONFLICT")
	equal(t, "the same name for an order with extras", give(anna, OrderInput{ClientMutationID: &name, Extras: workbook.Extras}), "ORDER_CONFLICT")
	equal(t, "another name", give(anna, OrderInput{ClientMutationID: &other}) != named, true)
	equal(t, "the same name by another person", give(somebody("jan"), OrderInput{ClientMutationID: &name}) != named, true)

	plain := give(ewa, OrderInput{})
	equal(t, "the same order", give(ewa, OrderInput{Kind: workbook.Simple, Locale: fault.Polish}), plain)
	for what, input := range map[string]OrderInput{
		"another kind": {Kind: workbook.Detailed}, "extras": {Extras: workbook.Extras}, "another format": {Format: workbook.CSV},
		"columns": {Columns: []workbook.Column{workbook.AgentColumn}}, "other columns": {Columns: []workbook.Column{workbook.AgentColumn, workbook.TypeColumn}}, "another language": {Locale: fault.English}, "another filter": {Filter: chats},
	} {
		equal(t, what, give(ewa, input) != plain, true)
	}
	equal(t, "another person", give(somebody("piotr"), OrderInput{}) != plain, true)
	later(4*time.Minute + 59*time.Second)
	equal(t, "within five minutes", give(ewa, OrderInput{}), plain)
	later(5 * time.Minute)
	again := give(ewa, OrderInput{})
	equal(t, "after five minutes", again != plain, true)
	s.exec(t, `UPDATE downloads SET state = 'CANCELLED' WHERE id = $1::bigint`, again)
	equal(t, "after it ended", give(ewa, OrderInput{}) != again, true)
	later(90 * 24 * time.Hour)
	equal(t, "the same name much later", give(anna, OrderInput{ClientMutationID: &name}), named)
	equal(t, "jobs", s.number(t, `SELECT count(*) FROM river_job`), s.number(t, `SELECT count(*) FROM downloads`))
}

func TestOrders_GivenAtOnceAreOneDownloadAndKeepTheLimits(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.set(t, func(config *Config) { config.Limits = Limits{} }, WorkerConfig{})
	name := "order-1"
	for what, order := range map[string]func(int) (access.Actor, OrderInput){
		"named": func(int) (access.Actor, OrderInput) {
			return somebody("anna"), OrderInput{Filter: workbooktest.March(), ClientMutationID: &name}
		},
		"unnamed": func(int) (access.Actor, OrderInput) { return somebody("jan"), OrderInput{Filter: workbooktest.March()} },
	} {
		answers := s.atOnce(t, 12, order)
		equal(t, what+": different answers", len(answers), 1)
	}
	answers := s.atOnce(t, 12, func(i int) (access.Actor, OrderInput) {
		own := fmt.Sprint(i)
		return somebody("ewa"), OrderInput{Filter: workbooktest.March(), ClientMutationID: &own}
	})
	equal(t, "refused beyond two of a person", answers[string(fault.TooManyDownloads)], 10)
	equal(t, "downloads", s.number(t, `SELECT count(*) FROM downloads`), 4)

	answers = s.atOnce(t, 24, func(i int) (access.Actor, OrderInput) {
		return somebody(fmt.Sprint(i)), OrderInput{Filter: workbooktest.March()}
	})
	equal(t, "refused beyond twenty that wait", answers[string(fault.TooManyDownloads)], 8)
	equal(t, "downloads that wait", s.number(t, `SELECT count(*) FROM downloads`), 20)
	equal(t, "what was ordered is given even so", s.ordered(t.Context(), somebody("jan"), OrderInput{Filter: workbooktest.March()}) != string(fault.TooManyDownloads), true)
}

// atOnce gives n orders at once and counts the answers.
func (s *site) atOnce(t *testing.T, n int, order func(int) (access.Actor, OrderInput)) map[string]int {
	t.Helper()
	var orders sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for i := range n {
		orders.Go(func() {
			by, input := order(i)
			answer := s.ordered(t.Context(), by, input)
			mu.Lock()
			defer mu.Unlock()
			answers[answer]++
		})
	}
	orders.Wait()
	return answers
}

func TestOrder_OfHiddenRecipientsIsForThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 30)
	hidden := []workbook.Column{workbook.ExternalIDColumn, workbook.BCCAddressesColumn}
	anna := s.person(t, scopesBut(access.ScopeBcc), everything)
	equal(t, "order", s.ordered(t.Context(), anna.Actor, OrderInput{Filter: workbooktest.March(), Columns: hidden}), string(fault.Forbidden))
	_, err := s.downloads.Preview(t.Context(), anna.Principal, PreviewInput{Filter: workbooktest.March(), Columns: hidden})
	equal(t, "preview", fault.CodeOf(err), fault.Forbidden)
	equal(t, "what was ordered", s.number(t, `SELECT count(*) FROM downloads`), 0)

	// Who loses the scope after the order gets a file without them.
	ewa := s.person(t, scopesBut(), everything)
	for _, lost := range []bool{false, true} {
		download, err := s.downloads.Order(t.Context(), ewa.Actor, OrderInput{Filter: workbooktest.March(), Columns: hidden})
		must(t, err)
		if lost {
			s.change(t, ewa, `scopes = array_remove(scopes, $2)`, string(access.ScopeBcc))
		}
		must(t, s.worker.make(t.Context(), download.ID))
		filled := 0
		for _, line := range workbooktest.Lines(t, s.fetch(t, download, nil).Body.Bytes()) {
			equal(t, "columns", len(line), 2)
			if line["Adres UDW"].Text != "" {
				filled++
			}
		}
		equal(t, fmt.Sprintf("lines with hidden recipients, the scope lost: %t", lost), filled > 0, !lost)
	}
}

func TestOrder_OfAFileThatWouldBeTooLongIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 100)
	s.set(t, func(config *Config) { config.Limits.ContactsPerFile = 99 }, WorkerConfig{})
	equal(t, "order", s.ordered(t.Context(), operator, OrderInput{Filter: workbooktest.March()}), string(fault.TooManyContacts))
	preview, err := s.downloads.Preview(t.Context(), operator.Principal, PreviewInput{Filter: workbooktest.March()})
	must(t, err)
	equal(t, "first warning", preview.Warnings[0].Code, workbook.OverLimit)

	// One that grew after it was ordered.
	s.exec(t, `UPDATE contacts SET started_at = started_at - interval '10 days' WHERE id = 0`)
	download := s.order(t, workbooktest.March(), workbook.Simple, fault.English)
	s.exec(t, `UPDATE contacts SET started_at = started_at + interval '10 days' WHERE id = 0`)
	must(t, s.worker.make(t.Context(), download.ID))
	failed := s.look(t, download)
	equal(t, "state", failed.State, Failed)
	equal(t, "code", failed.Failure().Code, fault.TooManyContacts)
	equal(t, "sentence", failed.Failure().Message, fault.New(fault.FileTooLong, "", 100, 99).Sentence(fault.English))
	equal(t, "files", len(s.kept(t)), 0)
}

func TestPreview_SaysWhatTheFileComesTo(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 1000)
	running := workbooktest.March()
	running.Statuses = []contact.Status{contact.Ringing, contact.Answered}
	over := workbooktest.March()
	over.Statuses = []contact.Status{contact.Answered}
	none := workbooktest.March()
	none.DestinationAddresses = []string{"999"}
	for _, c := range []struct {
		name     string
		filter   contact.Filter
		live     int
		warnings []workbook.WarningCode
	}{
		{"all", workbooktest.March(), s.number(t, `SELECT count(*) FROM contacts WHERE status IN ('RINGING', 'PENDING')`), []workbook.WarningCode{workbook.LiveContacts}},
		{"some that run", running, s.number(t, `SELECT count(*) FROM contacts WHERE status = 'RINGING'`), []workbook.WarningCode{workbook.LiveContacts}},
		{"those that are over", over, 0, nil},
		{"none", none, 0, []workbook.WarningCode{workbook.Empty}},
	} {
		for _, kind := range workbook.Kinds {
			preview, err := s.downloads.Preview(t.Context(), operator.Principal, PreviewInput{Filter: c.filter, Kind: kind})
			must(t, err)
			download, content := s.made(t, c.filter, kind, fault.Polish)
			equal(t, c.name+": contacts", preview.Contacts, download.ContactsDone)
			equal(t, c.name+": lines", preview.Lines, download.LinesWritten)
			equal(t, c.name+": sheets", preview.Sheets, len(workbooktest.Read(t, content))-1)
			equal(t, c.name+": warnings", len(preview.Warnings), len(c.warnings))
			for i, warning := range preview.Warnings {
				equal(t, c.name+": warning", warning.Code, c.warnings[i])
				if warning.Code == workbook.LiveContacts {
					equal(t, c.name+": sentence", warning.Sentence(fault.English),
						fmt.Sprintf("Contacts that are not over yet (RINGING or PENDING): %d. They will change after the file was made.", c.live))
				}
			}
		}
	}
	_, err := s.downloads.Preview(t.Context(), operator.Principal, PreviewInput{})
	equal(t, "a wrong filter", fault.CodeOf(err), fault.InvalidPeriod)
}

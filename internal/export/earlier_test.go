package export

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestFiles_OfBeforeThereWereRightsAreTheOperators(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 50)
	ready, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	waiting := s.order(t, workbooktest.March(), workbook.Detailed, fault.Polish)
	migrator := postgres.NewMigrator(s.db.Open(t, postgres.Config{}))
	for undone := ""; !strings.HasPrefix(undone, "0006"); {
		var err error
		undone, err = migrator.Down(t.Context())
		must(t, err)
		if undone == "" {
			t.Fatal("there is no such step")
		}
	}
	_, err := migrator.Up(t.Context())
	must(t, err)
	s.pool.Reset() // its prepared statements know the table as it was
	equal(t, "the file", s.fetch(t, ready, nil).Code, http.StatusOK)
	must(t, s.worker.make(t.Context(), waiting.ID))
	equal(t, "what waited", s.look(t, waiting).ContactsDone, 50)

	chief := s.person(t, access.Scopes, everything)
	equal(t, "to an administrator", s.ask(t, http.MethodGet, s.link(t, chief, ready), nil).Code, http.StatusOK)
	fewer := s.person(t, access.Scopes, access.Grants{Campaigns: []string{"k1", "k2", "k3"}})
	equal(t, "to one who sees less", s.ask(t, http.MethodGet, s.link(t, fewer, ready), nil).Code, http.StatusForbidden)
	other := s.person(t, scopesBut(), everything)
	equal(t, "to anybody else", s.ask(t, http.MethodGet, s.link(t, other, ready), nil).Code, http.StatusNotFound)
}

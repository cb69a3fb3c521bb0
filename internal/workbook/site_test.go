package workbook

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// now is the clock of every test.
var now = time.Date(2024, 4, 10, 9, 30, 0, 0, time.UTC)

// site is everything that writes workbooks, on a database of its own.
type site struct {
	db        *pgtest.Database
	pool      *postgres.Pool
	store     *report.Store
	directory *directory.Directory
	maxLines  int
}

func newSite(t testing.TB, maxLines int) *site {
	t.Helper()
	s := &site{db: pgtest.New(t), maxLines: maxLines}
	s.pool = s.db.Open(t, postgres.Config{PreparedStatements: true, MaxConns: 8})
	reading := s.db.Open(t, postgres.Config{ReadOnly: true})
	signer := relay.NewSigner([]byte("key of the test"))
	s.directory = directory.New(reading.DB, signer, time.Now)
	zone, err := time.LoadLocation("Europe/Warsaw")
	must(t, err)
	clock := func() time.Time { return now }
	s.store = report.NewStore(reading.DB, s.directory, signer, report.Config{Zone: zone, Now: clock})
	return s
}

// fill makes n contacts of March 2024.
func (s *site) fill(t testing.TB, n int) {
	t.Helper()
	workbooktest.Fill(t, s.pool, n)
	s.db.Tie(t)
	must(t, s.directory.Refresh(t.Context()))
}

// exec runs SQL.
func (s *site) exec(t testing.TB, sql string, arguments ...any) {
	t.Helper()
	_, err := s.pool.Exec(t.Context(), sql, arguments...)
	must(t, err)
}

// number reads one number.
func (s *site) number(t testing.TB, sql string, arguments ...any) int {
	t.Helper()
	var n int
	must(t, s.pool.QueryRow(t.Context(), sql, arguments...).Scan(&n))
	return n
}

// written writes the workbook of a filter.
func (s *site) written(t testing.TB, filter contact.Filter, kind Kind, locale fault.Locale) []byte {
	t.Helper()
	_, content := s.made(t, filter, kind, locale)
	return content
}

// made is what a workbook came to, what its progress said last, and its filter in words.
type made struct {
	Result
	done, total, lines int
	filter             string
}

func (s *site) made(t testing.TB, filter contact.Filter, kind Kind, locale fault.Locale) (made, []byte) {
	t.Helper()
	return s.of(t, filter, Report{Shape: Shape{Kind: kind}, Locale: locale})
}

// of makes the workbook of a filter as a report says.
func (s *site) of(t testing.TB, filter contact.Filter, report Report) (made, []byte) {
	t.Helper()
	reader := s.store.For(contact.Unlimited)
	criteria, err := reader.Resolve(t.Context(), filter)
	must(t, err)
	report.Filter, report.Period, report.OrderedBy, report.OrderedAt = criteria.ResolvedFilter(), criteria.Period(), "local", now
	var m made
	m.filter, err = FilterInWords(t.Context(), reader, s.directory, report.Filter, report.Locale)
	must(t, err)
	var content bytes.Buffer
	m.Result, err = report.Write(t.Context(), &content, Config{
		Store: s.store, Directory: s.directory, Viewer: contact.Unlimited, MaxLines: s.maxLines,
		Progress: func(done, total, lines int) { m.done, m.total, m.lines = done, total, lines },
	})
	must(t, err)
	return m, content.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

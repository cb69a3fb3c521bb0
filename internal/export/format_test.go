package export

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// orderIn orders a file of a format.
func (s *site) orderIn(t testing.TB, by access.Actor, format workbook.Format) *Download {
	t.Helper()
	name := fmt.Sprint(s.orders.Add(1))
	download, err := s.downloads.Order(t.Context(), by, OrderInput{Filter: workbooktest.March(), Format: format, Extras: workbook.Extras, ClientMutationID: &name})
	must(t, err)
	return download
}

func TestFormat_HasItsNameItsTypeAndWhatIsSaidOfTheFileBesideIt(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 40)
	masked := s.person(t, scopesBut(access.ScopeBcc, access.ScopeAddresses), everything)
	for _, by := range []access.Actor{operator, masked.Actor} {
		download := s.orderIn(t, by, workbook.CSV)
		must(t, s.worker.make(t.Context(), download.ID))
		download = s.look(t, download)
		equal(t, "state", download.State, Ready)
		equal(t, "name", *download.FileName, "Kontakty 2024-03-01 – 2024-03-31, raport prosty.csv")
		equal(t, "taken", time.Since(*download.AsOf) < time.Minute, true)
		answer := s.fetch(t, download, nil)
		equal(t, "type", answer.Header().Get("Content-Type"), "text/csv; charset=utf-8; header=present")
		equal(t, "lines", strings.Count(answer.Body.String(), "\r\n"), 41)
		equal(t, "quoted", strings.Count(answer.Body.String(), "'="), *download.CellsQuoted)
		equal(t, "some are quoted", *download.CellsQuoted > 0, true)

		content, err := os.ReadFile(filepath.Join(s.bucket, fmt.Sprintf("downloads/%d/1.json", download.ID)))
		must(t, err)
		var said about
		must(t, json.Unmarshal(content, &said))
		equal(t, "digest", said.SHA256, *download.SHA256)
		equal(t, "size", said.SizeBytes, *download.SizeBytes)
		equal(t, "contacts and lines", [2]int{said.Contacts, said.Lines}, [2]int{40, 40})
		equal(t, "quoted", said.CellsQuoted, *download.CellsQuoted)
		equal(t, "moment", said.AsOf.Equal(*download.AsOf), true)
		equal(t, "shape", fmt.Sprint(said.Format, said.Kind, said.Columns, said.Extras), "CSVSIMPLE[] [FACTS]")
		equal(t, "rights", [3]bool{said.Unrestricted, said.Addresses, said.BCC}, [3]bool{true, by.May(access.ScopeAddresses), by.May(access.ScopeBcc)})
		equal(t, "who", said.OrderedBy, by.String())
		equal(t, "days", said.Period.From+said.Period.To+said.FilterInWords, "2024-03-012024-03-31bez dalszych warunków")
	}
	// The worker's tidying leaves what is said of a file as long as there is the file.
	time.Sleep(10 * time.Millisecond)
	must(t, s.worker.caretaker.tidy(t.Context(), time.Millisecond))
	equal(t, "files", strings.Join(s.kept(t), " "), "downloads/1/1.csv downloads/1/1.json downloads/2/1.csv downloads/2/1.json")
	s.exec(t, `UPDATE downloads SET expires_at = $1 WHERE id = 1`, now)
	must(t, s.worker.caretaker.expire(t.Context()))
	must(t, s.downloads.Delete(t.Context(), operator.Principal, 2))
	equal(t, "files that are left", len(s.kept(t)), 0)
	plain := s.orderIn(t, operator, "")
	must(t, s.worker.make(t.Context(), plain.ID))
	equal(t, "files of a workbook", strings.Join(s.kept(t), " "), fmt.Sprintf("downloads/%d/1.xlsx", plain.ID))
}

func TestFormat_LeavesNothingOfAFileThatWasGivenUpInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, format := range workbook.Formats {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			s := newSite(t, WorkerConfig{})
			s.fill(t, 6000)
			undisturbed := s.orderIn(t, operator, format)
			must(t, s.worker.make(t.Context(), undisturbed.ID))
			want := s.fetch(t, undisturbed, nil).Body.Bytes()
			must(t, os.RemoveAll(filepath.Join(s.bucket, "downloads")))

			download := s.orderIn(t, operator, format)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s.reading.set("FETCH", 3, func(context.Context) { cancel() })
			if err := s.worker.make(ctx, download.ID); err == nil {
				t.Fatal("a worker that was stopped says it is done")
			}
			equal(t, "files left behind", len(s.kept(t)), 0)
			equal(t, "answer", s.fetch(t, download, nil).Code, http.StatusConflict)

			// What a killed process leaves is half a file, or a whole one that nobody may fetch.
			for _, name := range []string{"1" + format.Ending(), "1" + format.Ending() + ".abc.tmp", "1.json"} {
				s.put(t, fmt.Sprintf("downloads/%d/%s", download.ID, name), []byte("half"))
			}
			must(t, s.worker.make(t.Context(), download.ID))
			equal(t, "state", s.look(t, download).State, Ready)
			kept := s.kept(t)
			equal(t, "the file alone, and what is said of it", slices.Contains(kept, fmt.Sprintf("downloads/%d/2%s", download.ID, format.Ending())) && len(kept) <= 2, true)
			if got := s.fetch(t, download, nil).Body.Bytes(); format != workbook.XLSX && string(got) != string(want) {
				t.Errorf("the second try has %d bytes, undisturbed there are %d", len(got), len(want))
			}
		})
	}
}

func TestRow_OfAnotherShapeIsNotMadeReadyByServersOfBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	const ready = `UPDATE downloads SET state = 'READY', lease_until = NULL, blob_key = 'k', file_name = 'n', size_bytes = 1, sha256 = repeat('a', 64),
		finished_at = now(), made_under = ordered_under WHERE id = $1`
	for format, want := range map[workbook.Format]bool{workbook.XLSX: false, workbook.CSV: false, "": true} {
		input := OrderInput{Filter: workbooktest.March(), Format: format}
		if want {
			input.Format = workbook.XLSX
		} else {
			input.Extras = workbook.Extras
		}
		download, err := s.downloads.Order(t.Context(), operator, input)
		must(t, err)
		_, err = s.pool.Exec(t.Context(), ready, download.ID)
		equal(t, fmt.Sprintf("%q is published", format), err == nil, want)
	}
}

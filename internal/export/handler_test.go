package export

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestHandler_ServesAFileWithItsNameSizeAndDigest(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 200)
	download, content := s.made(t, workbooktest.March(), workbook.Detailed, fault.Polish)
	sum := sha256.Sum256(content)
	equal(t, "digest", *download.SHA256, hex.EncodeToString(sum[:]))
	equal(t, "size", *download.SizeBytes, int64(len(content)))
	equal(t, "file name", *download.FileName, "Kontakty 2024-03-01 – 2024-03-31, raport szczegółowy.xlsx")
	equal(t, "address", *download.URL(), "https://kontakty.example.com"+s.address(t, download))

	header := s.fetch(t, download, nil).Header()
	for name, want := range map[string]string{
		"Content-Type":           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"Content-Length":         strconv.Itoa(len(content)),
		"ETag":                   `"` + *download.SHA256 + `"`,
		"Accept-Ranges":          "bytes",
		"Cache-Control":          "no-store",
		"X-Content-Type-Options": "nosniff",
	} {
		equal(t, name, header.Get(name), want)
	}
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	must(t, err)
	equal(t, "disposition", kind, "attachment")
	equal(t, "name for every client", strings.Contains(header.Get("Content-Disposition"), `filename="Kontakty 2024-03-01 - 2024-03-31, raport szczegolowy.xlsx"`), true)
	equal(t, "name for those that know RFC 5987", parameters["filename"], *download.FileName)

	head := s.ask(t, http.MethodHead, s.address(t, download), nil)
	equal(t, "HEAD", head.Code, http.StatusOK)
	equal(t, "body of HEAD", head.Body.Len(), 0)
	equal(t, "length of HEAD", head.Header().Get("Content-Length"), strconv.Itoa(len(content)))
}

func TestHandler_ServesPartsAndUnchangedFilesAsAsked(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 200)
	download, content := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	tag := `"` + *download.SHA256 + `"`
	size := strconv.Itoa(len(content))
	for _, c := range []struct {
		name   string
		header http.Header
		status int
		body   string
		area   string
	}{
		{"the beginning", http.Header{"Range": {"bytes=0-99"}}, http.StatusPartialContent, string(content[:100]), "bytes 0-99/" + size},
		{"the middle", http.Header{"Range": {"bytes=100-"}}, http.StatusPartialContent, string(content[100:]), "bytes 100-" + strconv.Itoa(len(content)-1) + "/" + size},
		{"the end", http.Header{"Range": {"bytes=-50"}}, http.StatusPartialContent, string(content[len(content)-50:]), ""},
		{"beyond the end", http.Header{"Range": {"bytes=" + size + "-"}}, http.StatusRequestedRangeNotSatisfiable, "", "bytes */" + size},
		{"the same file", http.Header{"If-None-Match": {tag}}, http.StatusNotModified, "", ""},
		{"another file", http.Header{"If-None-Match": {`"other"`}}, http.StatusOK, string(content), ""},
		{"a part of the same file", http.Header{"Range": {"bytes=0-9"}, "If-Range": {tag}}, http.StatusPartialContent, string(content[:10]), ""},
		{"a part of another file", http.Header{"Range": {"bytes=0-9"}, "If-Range": {`"other"`}}, http.StatusOK, string(content), ""},
	} {
		answer := s.fetch(t, download, c.header)
		equal(t, c.name+": status", answer.Code, c.status)
		if c.status < 300 && answer.Body.String() != c.body {
			t.Errorf("%s: %d bytes that differ from the file's", c.name, answer.Body.Len())
		}
		if c.area != "" {
			equal(t, c.name+": range", answer.Header().Get("Content-Range"), c.area)
		}
	}
}

func TestHandler_SaysWhyThereIsNoFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	waiting := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	expired, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.exec(t, `UPDATE downloads SET state = 'EXPIRED' WHERE id = $1`, expired.ID)
	failed := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.exec(t, `UPDATE downloads SET state = 'FAILED', error_code = 'INTERNAL', error_en = 'e', error_pl = 'p', finished_at = now() WHERE id = $1`, failed.ID)
	lost, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	must(t, s.downloads.config.Bucket.Remove(t.Context(), *lost.BlobKey))
	for _, c := range []struct {
		name, method, path string
		status             int
		code               fault.Code
	}{
		{"waiting", http.MethodGet, s.address(t, waiting), http.StatusConflict, fault.NotReady},
		{"failed", http.MethodGet, s.address(t, failed), http.StatusConflict, fault.Internal},
		{"expired", http.MethodGet, s.address(t, expired), http.StatusGone, fault.NotFound},
		{"lost", http.MethodGet, s.address(t, lost), http.StatusGone, fault.NotFound},
		{"unknown", http.MethodGet, s.address(t, &Download{ID: 1 << 40}), http.StatusNotFound, fault.NotFound},
		{"another kind", http.MethodGet, FilesPath + relay.EncodeID(relay.AgentKind, 1), http.StatusForbidden, fault.LinkInvalid},
		{"nonsense", http.MethodGet, FilesPath + "..%2F..%2Fetc%2Fpasswd", http.StatusForbidden, fault.LinkInvalid},
		{"no id", http.MethodGet, FilesPath, http.StatusForbidden, fault.LinkInvalid},
		{"wrong method", http.MethodPost, s.address(t, expired), http.StatusMethodNotAllowed, fault.BadRequest},
	} {
		answer := s.ask(t, c.method, c.path, http.Header{"Accept-Language": {"pl"}})
		equal(t, c.name+": status", answer.Code, c.status)
		equal(t, c.name+": type", answer.Header().Get("Content-Type"), "application/json; charset=utf-8")
		equal(t, c.name+": cache", answer.Header().Get("Cache-Control"), "no-store")
		var said struct{ Code, Message string }
		must(t, json.Unmarshal(answer.Body.Bytes(), &said))
		equal(t, c.name+": code", said.Code, string(c.code))
		equal(t, c.name+": has a sentence", said.Message != "", true)
	}
	unknown := s.address(t, &Download{ID: 1 << 40})
	polish := s.ask(t, http.MethodGet, unknown, http.Header{"Accept-Language": {"pl-PL,en;q=0.5"}}).Body.String()
	english := s.ask(t, http.MethodGet, unknown, http.Header{"Accept-Language": {"de"}}).Body.String()
	equal(t, "Polish", strings.Contains(polish, "Tu niczego nie ma."), true)
	equal(t, "English", strings.Contains(english, "There is nothing here."), true)
}

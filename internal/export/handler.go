package export

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"gocloud.dev/gcerrors"
	"golang.org/x/text/language"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
)

// FilesPath is the path below which files are fetched; the opaque id of the download follows, and a signature.
const FilesPath = "/files/"

// Handler serves the files below FilesPath: GET and HEAD, ranges, and what is unchanged by its ETag, the file's
// SHA-256. An address that Download.URL did not give, or not lately, is refused with 403. Where there is no file the
// answer is JSON, {"code", "message"}.
func (d *Downloads) Handler() http.Handler { return http.HandlerFunc(d.serve) }

func (d *Downloads) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, r, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
		return
	}
	download, err := d.requested(r)
	if err == nil {
		err = d.send(w, r, download)
	}
	if err == nil {
		return
	}
	var problem *fault.Error
	if !errors.As(postgres.Translate(err), &problem) {
		d.settings.Log.Error("a file could not be served", "error", describe(err))
		problem = fault.New(fault.FileUnreadable, "")
	}
	refuse(w, r, statusOf(problem), problem)
}

// requested is the download that an address opens.
func (d *Downloads) requested(r *http.Request) (*Download, error) {
	id, err := d.links.opened(r.Context(), strings.TrimPrefix(r.URL.Path, FilesPath), r.URL.Query(), d.settings.Now())
	if err != nil {
		return nil, err
	}
	return d.one(r.Context(), id)
}

// send answers with the file, or says why there is none.
func (d *Downloads) send(w http.ResponseWriter, r *http.Request, download *Download) error {
	switch download.State {
	case Ready:
	case Queued, Running:
		return fault.New(fault.FileNotReady, "")
	case Cancelled, Expired:
		return fault.New(fault.FileGone, "")
	default:
		return fault.New(fault.FileFailed, "")
	}
	if d.settings.Redirect {
		address, err := d.files.signedAddress(r.Context(), download)
		if err == nil {
			http.Redirect(w, r, address, http.StatusFound)
			return nil
		}
		if gcerrors.Code(err) != gcerrors.Unimplemented { // such as a local directory
			return err
		}
	}
	content, err := d.settings.Bucket.NewReader(r.Context(), *download.BlobKey, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fault.New(fault.FileGone, "")
	}
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Disposition", disposition(*download.FileName))
	header.Set("ETag", `"`+*download.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// statusOf is the HTTP status of a problem.
func statusOf(problem *fault.Error) int {
	switch problem.Reason {
	case fault.LinkStale:
		return http.StatusForbidden
	case fault.NothingThere:
		return http.StatusNotFound
	case fault.FileNotReady, fault.FileFailed:
		return http.StatusConflict
	case fault.FileGone:
		return http.StatusGone
	case fault.DatabaseAway, fault.TookTooLong:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// languages are offered in this order: English is for who asks for neither.
var languages = language.NewMatcher([]language.Tag{language.English, language.Polish})

// refuse says what is wrong, in the language asked for.
func refuse(w http.ResponseWriter, r *http.Request, status int, problem *fault.Error) {
	locale := fault.English
	// A long header is not worth reading: matching takes time that grows faster than its length.
	if header := r.Header.Get("Accept-Language"); len(header) <= 200 {
		if wanted, _, err := language.ParseAcceptLanguage(header); err == nil && len(wanted) > 0 {
			if _, index, _ := languages.Match(wanted...); index == 1 {
				locale = fault.Polish
			}
		}
	}
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"code": string(problem.Code), "message": problem.Sentence(locale)})
}

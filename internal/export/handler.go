package export

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/storage"
)

// FilesPath is the path below which files are fetched; the opaque id of the download follows, and a signature.
const FilesPath = "/files/"

// Handler serves the files below FilesPath: GET and HEAD, ranges, and what is unchanged by its ETag, the file's
// SHA-256. An address that Download.URL did not give, or not lately, is refused with 403, and so is one that was given to
// another principal than that of the request's credentials, if it has any. Every file that is given out is written into the
// audit log before. Where there is no file the answer is JSON, {"code", "message"}.
func (d *Downloads) Handler() http.Handler { return http.HandlerFunc(d.serve) }

func (d *Downloads) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		link.Refuse(w, r, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
		return
	}
	by, download, err := d.requested(r)
	if err == nil {
		err = d.send(w, r, by, download)
	}
	if err == nil {
		return
	}
	var problem *fault.Error
	if !errors.As(postgres.Translate(err), &problem) {
		d.config.Log.Error("a file could not be served", "error", logText(err))
		problem = fault.New(fault.FileUnreadable, "")
	}
	link.Refuse(w, r, statusOf(w.Header(), problem), problem)
}

// requested is who asks for a file, with the rights of now, and its download, which exists for that principal. Errors:
// LINK_INVALID, UNAUTHENTICATED, RATE_LIMITED, FORBIDDEN, NOT_FOUND.
func (d *Downloads) requested(r *http.Request) (access.Actor, *Download, error) {
	gate := link.Gate{Links: d.links, Now: d.config.Now, Rights: d.config.Rights, Authenticate: d.config.Authenticate, Address: d.config.Address}
	by, given, err := gate.Open(r)
	if err != nil {
		return access.Actor{}, nil, err
	}
	if err := by.Require(access.ScopeExports); err != nil {
		return access.Actor{}, nil, err
	}
	download, err := d.rows.one(r.Context(), ownerFor(by.Principal), given.ID)
	return by, download, err
}

// send answers with the file, or says why there is none.
func (d *Downloads) send(w http.ResponseWriter, r *http.Request, by access.Actor, download *Download) error {
	switch download.State {
	case Ready:
	case Queued, Running:
		return fault.New(fault.FileNotReady, "")
	case Cancelled, Expired:
		return fault.New(fault.FileGone, "")
	default:
		return fault.New(fault.FileFailed, "")
	}
	if err := d.permissions.checkFetcher(r.Context(), by.Principal, download); err != nil {
		return err
	}
	write := func() error { return d.config.Audit.Write(r.Context(), by, access.FetchedFile, download.ID) }
	if d.config.Redirect && r.Method == http.MethodGet { // the bucket signs addresses for one method
		address, err := d.config.Bucket.SignedAddress(r.Context(), *download.BlobKey, link.Disposition(link.Kept, *download.FileName))
		if err == nil {
			if err := write(); err != nil {
				return err
			}
			http.Redirect(w, r, address, http.StatusFound)
			return nil
		}
		if !errors.Is(err, storage.ErrNotSigned) {
			return err
		}
	}
	content, err := d.config.Bucket.Read(r.Context(), *download.BlobKey)
	if errors.Is(err, storage.ErrNotFound) {
		return fault.New(fault.FileGone, "")
	}
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	if r.Method == http.MethodGet {
		if err := write(); err != nil {
			return err
		}
	}
	header := w.Header()
	header.Set("Content-Type", storage.MediaType(*download.BlobKey))
	header.Set("Content-Disposition", link.Disposition(link.Kept, *download.FileName))
	header.Set("ETag", `"`+*download.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// statusOf is the HTTP status of a problem; the headers that belong to it are set.
func statusOf(header http.Header, problem *fault.Error) int {
	switch problem.Reason {
	case fault.NothingThere:
		return http.StatusNotFound
	case fault.FileNotReady, fault.FileFailed:
		return http.StatusConflict
	case fault.FileGone:
		return http.StatusGone
	}
	return cmp.Or(httpfault.Status(header, problem), http.StatusInternalServerError)
}

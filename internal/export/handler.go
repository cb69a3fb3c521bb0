package export

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gocloud.dev/gcerrors"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
	"github.com/kontakty/kontakty/internal/postgres"
)

// FilesPath is the path below which files are fetched; the opaque id of the download follows, and a signature.
const FilesPath = "/files/"

// Handler serves the files below FilesPath: GET and HEAD, ranges, and what is unchanged by its ETag, the file's
// SHA-256. An address that Download.URL did not give, or not lately, is refused with 403, and so is one that was given to
// somebody else than the request's credentials, if it has any, say. Every file that is given out is written into the
// audit log before. Where there is no file the answer is JSON, {"code", "message"}.
func (d *Downloads) Handler() http.Handler { return http.HandlerFunc(d.serve) }

func (d *Downloads) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, r, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
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
		d.settings.Log.Error("a file could not be served", "error", describe(err))
		problem = fault.New(fault.FileUnreadable, "")
	}
	refuse(w, r, statusOf(w.Header(), problem), problem)
}

// requested is who asks for a file, with the rights he has now, and its download, which exists for him. Errors:
// LINK_INVALID, UNAUTHENTICATED, RATE_LIMITED, FORBIDDEN, NOT_FOUND.
func (d *Downloads) requested(r *http.Request) (access.Actor, *Download, error) {
	given, err := d.links.opened(r.Context(), r.URL, d.settings.Now())
	if err != nil {
		return access.Actor{}, nil, err
	}
	by := access.Actor{Address: d.settings.Address(r)}
	if len(r.Header.Values("Authorization")) > 0 {
		sender, err := d.settings.Authenticate(r.Context(), r.Header, by.Address)
		if err != nil {
			return access.Actor{}, nil, err
		}
		if sender.String() != given.by {
			return access.Actor{}, nil, fault.New(fault.LinkStale, "", int(LinkLife.Minutes()))
		}
	}
	if by.Principal, err = d.settings.Rights(r.Context(), given.by); err != nil {
		return access.Actor{}, nil, fmt.Errorf("asking for the rights of who fetches a file: %w", err)
	}
	if err := by.Require(access.ScopeExports); err != nil {
		return access.Actor{}, nil, err
	}
	found, err := d.read(r.Context(), ownerFor(by.Principal), []int64{given.download})
	if err != nil {
		return access.Actor{}, nil, err
	}
	if found[given.download] == nil {
		return access.Actor{}, nil, fault.New(fault.NothingThere, "")
	}
	return by, found[given.download], nil
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
	if err := d.checkFetcher(r.Context(), by.Principal, download); err != nil {
		return err
	}
	record := func() error { return d.settings.Audit.Record(r.Context(), by, access.FetchedFile, download.ID) }
	if d.settings.Redirect && r.Method == http.MethodGet { // the bucket signs addresses for one method
		address, err := d.files.signedAddress(r.Context(), download)
		if err == nil {
			if err := record(); err != nil {
				return err
			}
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
	if r.Method == http.MethodGet {
		if err := record(); err != nil {
			return err
		}
	}
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Disposition", disposition(*download.FileName))
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

// refuse says what is wrong, in the language asked for.
func refuse(w http.ResponseWriter, r *http.Request, status int, problem *fault.Error) {
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"code": string(problem.Code), "message": problem.Sentence(httpfault.Locale(r))})
}

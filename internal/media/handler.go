package media

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/storage"
)

// Handler serves the files below Path: GET and HEAD, ranges, and what is unchanged by its ETag. An address that URL did not
// give, or not lately, is refused with 403, and so is one that was given to another principal than that of the request's
// credentials, if it has any, or to one who may no longer see the contact's content. Where there is no file the answer is
// JSON, {"code", "message"}.
func (l *Library) Handler() http.Handler { return http.HandlerFunc(l.serve) }

// policy lets a file that a browser shows by itself do nothing.
const policy = "default-src 'none'; media-src 'self'; sandbox"

func (l *Library) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", policy)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		link.Refuse(w, r, http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, ""))
		return
	}
	asked, err := l.requested(r)
	if err == nil {
		err = l.give(w, r, asked)
	}
	if err == nil || r.Context().Err() != nil {
		return
	}
	problem := l.problemOf(err)
	link.Refuse(w, r, statusOf(header, problem), problem)
}

// problemOf is what the caller is told of an error.
func (l *Library) problemOf(err error) *fault.Error {
	var problem *fault.Error
	switch {
	case errors.As(postgres.Translate(err), &problem):
		return problem
	case errors.Is(err, storage.ErrNotFound):
		return fault.New(fault.RecordingGone, "")
	default:
		l.config.Log.Warn("a recording could not be given", "error", archiveError(err))
		return fault.New(fault.RecordingUnreadable, "")
	}
}

// statusOf is the HTTP status of a problem; the headers that belong to it are set.
func statusOf(header http.Header, problem *fault.Error) int {
	switch problem.Code {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.LimitExceeded:
		return http.StatusTooManyRequests
	}
	return cmp.Or(httpfault.Status(header, problem), http.StatusInternalServerError)
}

// request is a file that was asked for by who may have it.
type request struct {
	by      access.Actor
	contact *contact.Contact
	file    found
}

// requested reads what an address opens, with the rights of now. Errors: LINK_INVALID, UNAUTHENTICATED, RATE_LIMITED, FORBIDDEN,
// NOT_FOUND.
func (l *Library) requested(r *http.Request) (request, error) {
	ctx := r.Context()
	gate := link.Gate{Links: l.links, Now: l.config.Now, Rights: l.config.Rights, Authenticate: l.config.Authenticate, Address: l.config.Address}
	by, given, err := gate.Open(r)
	if err != nil {
		return request{}, err
	}
	if err := by.Require(access.ScopeRead, access.ScopeContent); err != nil {
		return request{}, err
	}
	part, known := parsePart(given.Part)
	if !known {
		return request{}, l.links.Stale()
	}
	viewer, err := by.Viewer(ctx, l.config.Numbers)
	if err != nil {
		return request{}, err
	}
	reader := l.config.Store.ForPrincipal(by.String(), viewer)
	found, err := reader.Contacts(ctx, []int64{given.ID}, contact.ColumnExternalID)
	if err != nil {
		return request{}, err
	}
	one := found[given.ID]
	if one == nil {
		return request{}, fault.New(fault.NothingThere, "")
	}
	details, _, err := reader.Details(ctx, []contact.Key{one.Key()}, maxDetails)
	if err != nil {
		return request{}, err
	}
	file, named := part.in(details[one.ID])
	if !named {
		return request{}, fault.New(fault.RecordingGone, "")
	}
	return request{by, one, file}, nil
}

// maxDetails is how many bytes of a contact's details are read to find a path in them.
const maxDetails = 64 << 20

// give answers with the file, or says why there is none.
func (l *Library) give(w http.ResponseWriter, r *http.Request, asked request) error {
	end, err := l.streams.begin(asked.by.String())
	if err != nil {
		return err
	}
	defer end()
	places := l.config.Recordings
	if asked.file.part.kind == attachmentPart {
		places = l.config.Attachments
	}
	from := places.of(asked.contact.ExternalID)
	if from == nil {
		return fault.New(fault.RecordingGone, "")
	}
	key, valid := from.Key(asked.file.path)
	if !valid {
		return fault.New(fault.RecordingGone, "")
	}
	object, err := l.open(r.Context(), from, key)
	if err != nil {
		return err
	}
	defer func() { _ = object.Close() }()
	served, err := l.serving(r, asked, object, key)
	if err != nil {
		return err
	}
	defer func() { _ = served.content.Close() }()
	if r.Method == http.MethodGet {
		if err := l.config.Audit.WriteOnce(r.Context(), asked.by, asked.file.part.opened(), asked.contact.ID); err != nil {
			return err
		}
	}
	if l.config.Redirect && served.original && r.Method == http.MethodGet { // the archive signs addresses for one method
		address, err := l.signed(r.Context(), from, key, served)
		if err != nil {
			return err
		}
		if address != "" {
			http.Redirect(w, r, address, http.StatusFound)
			return nil
		}
	}
	header := w.Header()
	header.Set("Content-Type", served.mediaType)
	header.Set("Content-Disposition", served.disposition)
	header.Set("ETag", `"`+served.tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, served.content)
	if object.failure != nil && r.Context().Err() == nil {
		l.config.Log.Warn("a recording was given in part", "error", archiveError(object.failure))
	}
	return nil
}

// signed is the archive's own address of a file, empty where it signs none.
func (l *Library) signed(ctx context.Context, from *storage.Collection, key string, served serving) (string, error) {
	address, err := ask(ctx, l.turns, l.config.AskTime, func(ctx context.Context) (string, error) {
		return from.SignedAddress(ctx, key, served.mediaType, served.disposition)
	})
	if errors.Is(err, storage.ErrNotSigned) {
		return "", nil
	}
	return address, err
}

// SignedAddresses are addresses at the origins to which links redirect, where Config.Redirect is set.
func (l *Library) SignedAddresses(ctx context.Context) []string {
	var addresses []string
	for _, from := range l.config.Recordings.all() {
		if address, err := l.signed(ctx, from, "any", serving{}); err == nil && address != "" {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// serving is a file as it is given out.
type serving struct {
	content                     io.ReadSeekCloser
	mediaType, disposition, tag string
	// original says that it is the file's own content.
	original bool
}

// serving says as what a file is given out: as sound, or, where it cannot be played, as a file to be kept.
func (l *Library) serving(r *http.Request, asked request, object *patientObject, key string) (serving, error) {
	name := func(extension string) string {
		return l.fileName(asked.contact, asked.file, extension, httpfault.Locale(r))
	}
	if asked.file.part.kind == attachmentPart {
		return kept(object, name(""))
	}
	opened, err := openSound(r.Context(), object, key)
	var problem *fault.Error
	switch {
	case errors.As(err, &problem) && problem.Reason == fault.RecordingEmpty:
		return serving{}, err
	case problem != nil:
		return kept(object, name(path.Ext(key)))
	case err != nil:
		return serving{}, err
	}
	content, _, err := opened.Reader(r.Context())
	if err != nil {
		return serving{}, err
	}
	tag := object.ETag()
	if !opened.Original() {
		tag += "-made"
	}
	return serving{
		content: content, mediaType: opened.MediaType(), disposition: link.Disposition(link.Shown, name(opened.Extension())),
		tag: tag, original: opened.Original(),
	}, nil
}

// kept is a file that a browser saves, whatever it holds: its type tells nothing, so that nothing in it runs.
func kept(object *patientObject, name string) (serving, error) {
	first := make([]byte, min(1, object.Size()))
	if n, err := object.ReadAt(first, 0); n < len(first) { // its archive does not give it
		return serving{}, err
	}
	return serving{
		content: whole(object), mediaType: "application/octet-stream", disposition: link.Disposition(link.Kept, name), tag: object.ETag(), original: true,
	}, nil
}

// whole reads all of an object, which its opener closes.
func whole(object storage.Object) io.ReadSeekCloser {
	return struct {
		*io.SectionReader
		io.Closer
	}{io.NewSectionReader(object, 0, object.Size()), io.NopCloser(nil)}
}

package graph

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/graph/transport"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/telephony/sources"
)

// Config is what the API is made of. Every field but Timeout, Limits, Pace, Origins, Begin and
// Observe is required.
type Config struct {
	// Store reads contacts.
	Store *report.Store
	// Directory holds the small things that contacts refer to.
	Directory *directory.Directory
	// Downloads orders files and finds them.
	Downloads *export.Downloads
	// Media finds recordings.
	Media *media.Library
	// Record takes contacts in and gives our own numbers of them in their order: all of them or none, or, if told so, all that
	// are not faulty, beside the faults of the others.
	Record func(context.Context, access.Actor, []format.Contact, bool) (ingest.Result, []int64, []error)
	// SetRevision sets the revision of a contact by the platform's id, and gives our own number of it and the one before.
	SetRevision func(ctx context.Context, by access.Actor, externalID string, revision int64) (id, before int64, err error)
	// Sources reads how telephone systems stand whose rows become contacts.
	Sources func(context.Context) ([]sources.Source, error)
	// Translate turns what the database reports (away, too slow) into faults and leaves other errors alone.
	Translate func(error) error
	// Access recognises principals and says how much they may ask for.
	Access Access
	// Log is told of defects; never of what users ask for.
	Log *slog.Logger
	// Origins are those of web pages that may open WebSockets beside our own, such as https://panel.example.com. (A
	// browser asks no CORS questions there.)
	Origins []string
	// Timeout bounds an operation on every transport, from recognising its sender to the end of its execution; subscriptions
	// have none once their sender is recognised. Zero is no bound.
	Timeout time.Duration
	// Limits bound a request; a limit of zero takes its value from guard.DefaultLimits.
	Limits guard.Limits
	// Pace is how long streams wait; a time of zero takes its value from transport.DefaultPace.
	Pace transport.Pace
	// Begin is told of each operation that is about to be executed, by the name that Observe is told and its type, and gives the
	// context for it; nil if nobody watches.
	Begin func(ctx context.Context, operation, operationType string) context.Context
	// Observe is told of every operation and every refusal, in the context that Begin gave or else that of the request; nil if nobody watches. An operation
	// whose client left has no code: nobody was told of an error.
	Observe func(context.Context, Observation)
}

// Observation is how an operation was answered, in words of the schema alone.
type Observation = transport.Observation

// withoutLeavers tells whoever watches of no error that only a client who left would have been told of.
func withoutLeavers(observe func(context.Context, Observation)) func(context.Context, Observation) {
	if observe == nil {
		return nil
	}
	return func(ctx context.Context, seen Observation) {
		if errors.Is(ctx.Err(), context.Canceled) {
			seen.Code = ""
		}
		observe(ctx, seen)
	}
}

// Access recognises principals and says how much they may ask for. Every field but Introspection is required.
type Access struct {
	// Authenticator makes principals of credentials.
	Authenticator *access.Authenticator
	// Keys makes, lists and revokes API keys.
	Keys *access.Keys
	// Audit is told what is opened.
	Audit *access.Audit
	// Limiter is charged with the cost of every operation.
	Limiter *access.Limiter
	// Address is where a request came from.
	Address func(*http.Request) netip.Addr
	// Introspection lets every principal read the schema.
	Introspection bool
}

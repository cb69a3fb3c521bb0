package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/statement"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/telephony/sources"
)

// wire builds what answers requests over the open database.
func (s *Server) wire(ctx context.Context) (http.Handler, error) {
	if err := s.openPools(ctx); err != nil {
		return nil, err
	}
	store := s.store(s.read, readTurns, readTurnsAlone)
	s.ready = &readiness{pool: s.probe, page: s.store(s.probe, 0, 0).Probe}
	if err := s.openFiles(ctx); err != nil {
		return nil, err
	}
	downloads, err := s.downloads(s.write, store)
	if err != nil {
		return nil, err
	}
	s.following.Go(func() { _ = downloads.Follow(s.background) }) // it ends with the context
	s.following.Go(func() { s.principals.discoverProvider(s.background, s.log) })
	if err := s.openMedia(ctx, store); err != nil {
		return nil, err
	}
	s.api = graph.NewHandler(s.graphConfig(store, downloads))
	if s.config.Demo {
		if s.adminKey, err = s.principals.adminKey(ctx, s.adminKeyPath()); err != nil {
			return nil, err
		}
	}
	sdl := graph.SDL
	if s.config.NoIntrospection {
		sdl = ""
	}
	s.watchWork(map[string]*postgres.Pool{
		"api": s.read, "files": s.files, "work": s.work, "writes": s.write, "access": s.principals.pool,
	})
	var metrics http.Handler
	if s.metricsServer == nil {
		metrics = s.metrics.Handler()
	}
	return routes{
		graphql: s.api,
		files:   downloads.Handler(),
		media:   s.media.Handler(),
		plays:   s.mediaAddresses(ctx),
		session: s.session(),
		sdl:     sdl,
		ready:   s.ready,
		metrics: metrics,
		watch:   watch{proxies: s.config.Proxies, metrics: s.metrics, tracer: s.tracer, log: s.log},
		origins: s.config.AllowOrigins,
	}.handler(), nil
}

// openPools opens connections for reading and writing on behalf of the API, and one that probes whether that can be done.
func (s *Server) openPools(ctx context.Context) (err error) {
	if s.read, err = s.database.openReadPool(ctx, "kontakty api", readConnections, s.config.StatementTimeout, statement.Lookup, s.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if s.probe, err = s.database.openReadPool(ctx, "kontakty probe", 1, probeTimeout, statement.Lookup, s.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if s.write, err = s.database.openWritePool(ctx, int32(cmp.Or(s.config.WriteConnections, writeConnections)), s.config.StatementTimeout, s.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	return nil
}

// graphConfig is what the API works with.
func (s *Server) graphConfig(store *report.Store, downloads *export.Downloads) graph.Config {
	return graph.Config{
		Store:     store,
		Directory: s.directory,
		Downloads: downloads,
		Media:     s.media,
		Record: func(ctx context.Context, by access.Actor, contacts []format.Contact, partial bool) (ingest.Result, []int64, []error) {
			begun := time.Now()
			result, ids, errs := s.record(ctx, by, contacts, partial)
			s.metrics.Statement(statement.Write, time.Since(begun))
			if ids != nil {
				s.metrics.Recorded(result.Recorded, result.Replaced, result.Unchanged, result.Stale, result.Skipped)
			}
			return result, ids, errs
		},
		SetRevision: func(ctx context.Context, by access.Actor, externalID string, revision int64) (int64, int64, error) {
			return ingest.SetRevision(ctx, s.write, externalID, revision, func(ctx context.Context, tx pgx.Tx, id int64) error {
				return s.principals.audit.WriteIn(ctx, tx, by, access.SetRevision, id)
			})
		},
		Sources: func(ctx context.Context) ([]sources.Source, error) { return sources.Read(ctx, s.read, s.now()) },
		Access: graph.Access{
			Authenticator: s.principals.authenticator, Keys: s.principals.keys, Audit: s.principals.audit,
			Limiter:       access.NewLimiter(s.config.RatePerMinute, s.config.RateBurst, s.now),
			Address:       s.config.Proxies.Address,
			Introspection: !s.config.NoIntrospection,
		},
		Translate: postgres.Translate,
		Origins:   s.config.AllowOrigins,
		Timeout:   s.config.RequestTimeout,
		Limits:    s.config.Limits,
		Log:       s.log,
		Begin:     s.tracer.Operation,
		Observe:   s.observeOperation,
	}
}

// record takes contacts in from the API.
func (s *Server) record(ctx context.Context, by access.Actor, contacts []format.Contact, partial bool) (ingest.Result, []int64, []error) {
	record := ingest.Record
	if partial {
		record = ingest.RecordPart
	}
	bounds := ingest.Bounds{Starts: ingest.Starts{Oldest: s.config.OldestContact, Now: s.now}, NewThingsADay: s.config.NewThingsADay}
	result, ids, errs := record(ctx, s.write, contacts, bounds, func(queue func(string, ...any), recorded, replaced []int64) {
		s.principals.audit.QueueContacts(queue, by, recorded, replaced)
	})
	s.numbering.Nudge()
	return result, ids, errs
}

// observeOperation notes an operation in the metrics, and for the line that the log has of its request.
func (s *Server) observeOperation(ctx context.Context, seen graph.Observation) {
	s.metrics.Operation(seen.Operation, string(seen.Code), seen.Took, seen.Subscription)
	s.tracer.EndOperation(ctx, string(seen.Code))
	noteOperation(ctx, seen.Operation)
}

// openMedia finds recordings and gives them out, for those whom a store of the API reads for.
func (s *Server) openMedia(ctx context.Context, store *report.Store) (err error) {
	recordings, err := media.OpenPlaces(ctx, s.config.Media.Recordings)
	if err != nil {
		return err
	}
	attachments, err := media.OpenPlaces(ctx, s.config.Media.Attachments)
	if err != nil {
		return errors.Join(err, recordings.Close())
	}
	if recordings.Default == nil && s.config.Media.Speech != nil {
		recordings.Default = storage.NewCollection(s.config.Media.Speech, "")
	}
	s.media, err = media.New(s.work, media.Config{
		Recordings: recordings, Attachments: attachments, Store: store, Now: s.now, Zone: s.config.Zone,
		PublicURL: s.config.PublicURL, Redirect: s.config.Files.Redirect,
		Rights: s.principals.authenticator.Current, Authenticate: s.principals.authenticator.Authenticate,
		Address: s.config.Proxies.Address, Numbers: s.directory.Numbers, Audit: s.principals.audit, Log: warnings(s.log),
	})
	return err
}

// mediaAddresses are where the pages must be let play from: the archives that links redirect to.
func (s *Server) mediaAddresses(ctx context.Context) []string {
	if !s.config.Files.Redirect {
		return nil
	}
	return s.media.SignedAddresses(ctx)
}

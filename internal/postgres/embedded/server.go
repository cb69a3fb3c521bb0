package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// Config says where the server's data lie. Only DataDir is required.
type Config struct {
	// DataDir is the directory that holds the cluster and what belongs to it; it is made if missing.
	DataDir string
	// Binaries is the directory of PostgreSQL's server programs; empty means that they are looked for.
	Binaries string
	// Disposable trades the data's safety for speed: for tests.
	Disposable bool
	// Log receives what a person should know about; nil means nowhere.
	Log *slog.Logger
}

// Server is a running PostgreSQL that this process uses.
type Server struct {
	place      place
	account    account
	disposable bool
	binaries   string
	programs   programs // those it was started with, once it was
	log        *slog.Logger
	share      *lock
	socket     string
	postmaster *postmaster // as Start found or started it
	started    bool
	keeper     *logKeeper

	ending  context.Context // ends when Stop is called, so that no start is under way then
	end     context.CancelFunc
	mu      sync.Mutex // held while it starts or stops
	stopped bool
	hurried context.Context // ends when a stop that is under way must not wait for a checkpoint
	hurry   context.CancelFunc
}

// Start gives a running server for the data directory: it starts one, or attaches to the one that runs. It waits, as
// long as the context allows, for a server that recovers from a crash. Stop must be called when it succeeds.
func Start(ctx context.Context, config Config) (_ *Server, err error) {
	s := &Server{disposable: config.Disposable, binaries: config.Binaries, log: config.Log}
	s.ending, s.end = context.WithCancel(context.Background())
	s.hurried, s.hurry = context.WithCancel(context.Background())
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.mu.Lock()
	running.add(s)
	defer func() {
		if err != nil {
			s.stopped = true
			running.remove(s)
		}
		s.mu.Unlock()
	}()
	if s.place, err = openPlace(config.DataDir); err != nil {
		return nil, err
	}
	if s.account, err = accountFor(s.place); err != nil {
		return nil, err
	}
	gate, err := takeLock(ctx, s.place.gate(), exclusive)
	if err != nil {
		return nil, fmt.Errorf("waiting for another process that starts or stops the private PostgreSQL: %w", err)
	}
	defer gate.release()
	if s.share, err = takeLock(ctx, s.place.users(), shared); err != nil {
		return nil, fmt.Errorf("taking a share of the private PostgreSQL: %w", err)
	}
	defer func() {
		if err != nil {
			s.share.release()
		}
	}()

	if s.postmaster, err = s.attach(ctx); err != nil {
		return nil, err
	}
	if s.postmaster == nil {
		if s.postmaster, err = s.start(ctx); err != nil {
			return nil, err
		}
		if err = createDatabase(ctx, s.postmaster.socket); err != nil {
			err = errors.Join(err, s.postmaster.stop(ctx, s.disposable))
			removeSocketDirectory(s.postmaster.socket)
			return nil, err
		}
		s.started = true
	}
	s.socket = s.postmaster.socket
	s.keeper = keepLog(s.place.log())
	return s, nil
}

// URL is how to connect to the server's database, in the form that pgx and psql read.
func (s *Server) URL() string { return databaseURL(s.socket, databaseName) }

// Started says whether this process started the server, rather than attached to a running one.
func (s *Server) Started() bool { return s.started }

// Stop gives up this process's use of the server; the last process to do so stops it. When the context ends before
// the server has stopped in an orderly way, it is stopped at once: its data are safe, the next start recovers them.
// Calling Stop again does nothing. A Watch ends, and a server that it starts in that moment is stopped like any other.
func (s *Server) Stop(ctx context.Context) error {
	s.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil
	}
	s.stopped = true
	defer running.remove(s)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.hurried, cancel)()
	s.keeper.stop()
	defer s.share.release()
	// Not bound by the context: nobody holds the gate longer than it takes to start or stop, and leaving without it
	// might leave the server without anyone to stop it.
	gate, err := takeLock(context.WithoutCancel(ctx), s.place.gate(), exclusive)
	if err != nil {
		return fmt.Errorf("stopping the private PostgreSQL: %w", err)
	}
	defer gate.release()
	last, err := s.share.upgrade()
	if err != nil {
		return fmt.Errorf("stopping the private PostgreSQL: %w", err)
	}
	if !last {
		s.log.Info("the private PostgreSQL stays up for another process")
		return nil
	}
	server, err := findPostmaster(s.place.cluster())
	if err != nil {
		return fmt.Errorf("stopping the private PostgreSQL: %w", err)
	}
	if server != nil {
		if err := server.stop(ctx, s.disposable); err != nil {
			return err
		}
		removeSocketDirectory(server.socket)
	}
	removeSocketDirectory(s.socket)
	return nil
}

// attach gives the running server, nil if none runs.
func (s *Server) attach(ctx context.Context) (*postmaster, error) {
	server, err := findPostmaster(s.place.cluster())
	if err != nil || server == nil {
		return nil, err
	}
	err = server.waitUntilReady(ctx, s.log)
	if err == nil {
		err = createDatabase(ctx, server.socket) // whoever started it may have died before
	}
	if err == nil {
		s.log.Info("attached to the running private PostgreSQL", slog.Int("pid", server.pid))
		return server, nil
	}
	if ctx.Err() != nil {
		return nil, err
	}
	// It has ended meanwhile, or it cannot be talked to, as after somebody wiped the directory of its socket.
	others, lockErr := s.share.heldByOthers()
	if lockErr != nil {
		return nil, lockErr
	}
	if others && server.isAlive() {
		return nil, fmt.Errorf("a private PostgreSQL (process %d) runs and is used by another process, but it cannot be reached at %s: end that process and try again: %w",
			server.pid, server.socket, err)
	}
	if err := server.stop(ctx, s.disposable); err != nil {
		return nil, err
	}
	removeSocketDirectory(server.socket)
	return nil, nil
}

// start starts a server on the cluster, which it makes if there is none.
func (s *Server) start(ctx context.Context) (_ *postmaster, err error) {
	major, err := s.place.major()
	if err != nil {
		return nil, err
	}
	programs := s.programs
	if major == 0 || programs.major != major {
		if programs, err = findPrograms(ctx, s.binaries, major); err != nil {
			return nil, err
		}
		s.programs = programs
	}
	if major == 0 {
		s.log.Info("making a private PostgreSQL", slog.String("directory", s.place.cluster()), slog.String("version", programs.version))
		if err := s.place.initialise(ctx, programs, s.account, s.disposable); err != nil {
			return nil, err
		}
	}
	if err := s.place.configure(s.account, s.disposable); err != nil {
		return nil, err
	}
	socket, err := makeSocketDirectory(s.place.directory, s.account)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			removeSocketDirectory(socket)
		}
	}()
	return launch(ctx, launching{
		place: s.place, programs: programs, account: s.account, socket: socket, disposable: s.disposable, log: s.log,
	})
}

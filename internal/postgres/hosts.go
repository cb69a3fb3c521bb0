package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// demandPrimary takes none but a primary where a URL names several hosts and does not say which of them it wants. Where it
// wants sessions that may write, those of a read-only pool are to a primary, too: they would be refused for their own setting.
func demandPrimary(settings *pgconn.Config, readOnly bool) {
	wanted := settings.ValidateConnect
	switch {
	case wanted == nil && countHosts(settings) > 1:
		settings.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	case wanted != nil && readOnly:
		settings.ValidateConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
			err := wanted(ctx, conn)
			if errors.Is(err, pgconn.ErrReadOnlyConnection) {
				return pgconn.ValidateConnectTargetSessionAttrsPrimary(ctx, conn)
			}
			return err
		}
	}
}

// countHosts is how many servers a URL names; pgx keeps a host once for each way to talk to it.
func countHosts(settings *pgconn.Config) int {
	type host struct {
		name string
		port uint16
	}
	named := map[host]bool{{settings.Host, settings.Port}: true}
	for _, other := range settings.Fallbacks {
		named[host{other.Host, other.Port}] = true
	}
	return len(named)
}

// readOnlyTransaction is PostgreSQL's code for a server, or a session, that does not let write.
const readOnlyTransaction = "25006"

// renewInterval is how often at most a pool is made anew.
const renewInterval = time.Second

// renewal closes the connections of a pool, so that the next ones are made to the server that is the primary then.
type renewal struct {
	mu   sync.Mutex
	pool *pgxpool.Pool // nil until it is open
	last time.Time
}

// attach names the pool.
func (r *renewal) attach(pool *pgxpool.Pool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pool = pool
}

// renew closes what is idle now, and what is in use when it comes back.
func (r *renewal) renew() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); r.pool != nil && now.Sub(r.last) >= renewInterval {
		r.last = now
		r.pool.Reset()
	}
}

// afterDemotion renews when a server lets write no more: behind one address, as that of a TCP proxy, connections stay with it.
func (r *renewal) afterDemotion(next pgconn.PgErrorHandler) pgconn.PgErrorHandler {
	return func(conn *pgconn.PgConn, err *pgconn.PgError) bool {
		if err.Code == readOnlyTransaction {
			r.renew()
		}
		return next == nil || next(conn, err)
	}
}

// unreachable is that a database takes no connection. Its text names neither a host nor a user: its cause does.
type unreachable struct {
	hosts   int
	reasons []string
	cause   error
}

// explainRefusal makes an error that may be shown of the one of a connection that was not made, which the log has in full.
func explainRefusal(settings *pgconn.Config, cause error, log *slog.Logger) error {
	log.Error("the database takes no connection", slog.Any("error", cause))
	var connecting *pgconn.ConnectError
	if !errors.As(cause, &connecting) {
		return fmt.Errorf("reaching the database: %w", cause)
	}
	u := &unreachable{hosts: countHosts(settings), cause: cause}
	for _, one := range leaves(cause) {
		if reason := refusalOf(one); !slices.Contains(u.reasons, reason) {
			u.reasons = append(u.reasons, reason)
		}
	}
	return u
}

// Error says how many hosts there are and in what ways they refuse.
func (u *unreachable) Error() string {
	why := strings.Join(u.reasons, "; ")
	if u.hosts > 1 {
		return fmt.Sprintf("none of %d hosts is a primary that takes us: %s", u.hosts, why)
	}
	return "the database takes no connection: " + why
}

// Unwrap gives the cause in full.
func (u *unreachable) Unwrap() error { return u.cause }

// leaves are the errors that were joined to one.
func leaves(err error) []error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if joined, is := inner.(interface{ Unwrap() []error }); is {
			var all []error
			for _, one := range joined.Unwrap() {
				all = append(all, leaves(one)...)
			}
			return all
		}
	}
	return []error{err}
}

// refusals are what PostgreSQL's codes mean to who connects.
var refusals = map[string]string{
	"28P01": "the password is wrong",
	"28000": "the user may not connect",
	"3D000": "the database does not exist",
	"42501": "the user may not use the database",
	"53300": "all connections are taken",
	"57P01": "it is shutting down",
	"57P03": "it is starting, or shutting down",
}

// refusalOf says in what way one host refused.
func refusalOf(err error) string {
	var refused *pgconn.PgError
	var unknown *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &refused):
		if known := refusals[refused.Code]; known != "" {
			return known
		}
		return "it refuses with SQLSTATE " + refused.Code
	case errors.Is(err, pgconn.ErrStandbyConnection), errors.Is(err, pgconn.ErrReadOnlyConnection):
		return "it is a standby, or lets nobody write"
	case errors.Is(err, pgconn.ErrPrimaryConnection), errors.Is(err, pgconn.ErrReadWriteConnection):
		return "it is a primary, and the URL asks for another"
	case errors.As(err, &certificate):
		return "its certificate is not trusted"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection is cut"
	case errors.As(err, &unknown):
		return "its name is not known"
	case strings.Contains(err.Error(), "server refused TLS connection"): // pgx has no name for it
		return "it has no TLS"
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, context.DeadlineExceeded), pgconn.Timeout(err), errors.Is(err, errSilent):
		return "it does not answer"
	}
	return "the connection fails"
}

package postgres

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// probeRounds is how often a setting is looked for that a pooler would lend to another connection or lose. Each time it may
// happen not to, where others use the same sessions.
const probeRounds = 5

// IsLentByTransaction says whether what the URL leads to lends a session for a transaction only, as a pooler in transaction
// mode does: then what is set in a session is lost or lands with others, and so do locks and LISTEN. A nil log means that nothing
// is logged.
func IsLentByTransaction(ctx context.Context, url string, log *slog.Logger) (bool, error) {
	var conns [2]*pgx.Conn
	for i := range conns {
		conn, err := connectPlainly(ctx, url, log)
		if err != nil {
			return false, err
		}
		defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
		conns[i] = conn
	}
	setting := rand.Text()
	if _, err := conns[0].Exec(ctx, "SELECT set_config('kontakty.probe', $1, false)", setting); err != nil {
		return false, fmt.Errorf("looking for a pooler: %w", err)
	}
	for range probeRounds {
		for i, conn := range conns {
			var seen bool
			if err := conn.QueryRow(ctx, "SELECT coalesce(current_setting('kontakty.probe', true) = $1, false)", setting).Scan(&seen); err != nil {
				return false, fmt.Errorf("looking for a pooler: %w", err)
			}
			if own := i == 0; seen != own {
				return true, nil
			}
		}
	}
	return false, nil
}

// ErrOtherDatabase says that two URLs lead to two databases.
var ErrOtherDatabase = errors.New("the two lead to different databases")

// CheckSame makes sure that two URLs lead to one database: both show the same cluster and database or, where the role may not
// ask for the cluster, the same secret. A standby shows what its primary does. Errors: ErrOtherDatabase.
func CheckSame(ctx context.Context, one, other string, log *slog.Logger) error {
	var shown [2]identity
	for i, url := range []string{one, other} {
		conn, err := connectPlainly(ctx, url, log)
		if err != nil {
			return err
		}
		shown[i], err = readIdentity(ctx, conn)
		_ = conn.Close(context.WithoutCancel(ctx))
		if err != nil {
			return fmt.Errorf("comparing the databases: %w", err)
		}
	}
	a, b := shown[0], shown[1]
	if a.database != b.database || a.cluster != b.cluster || !bytes.Equal(a.secret, b.secret) {
		return ErrOtherDatabase
	}
	return nil
}

// identity is what tells one database from another.
type identity struct {
	cluster  int64
	database uint32
	secret   []byte // only where the cluster is not told
}

func readIdentity(ctx context.Context, conn *pgx.Conn) (who identity, err error) {
	err = conn.QueryRow(ctx, "SELECT oid FROM pg_database WHERE datname = current_database()").Scan(&who.database)
	if err != nil {
		return identity{}, err
	}
	err = conn.QueryRow(ctx, "SELECT system_identifier FROM pg_control_system()").Scan(&who.cluster)
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) && refused.Code == insufficientPrivilege {
		err = conn.QueryRow(ctx, "SELECT value FROM secrets WHERE name = 'cursor'").Scan(&who.secret)
		if errors.As(err, &refused) && refused.Code == undefinedTable {
			err = nil // nobody has migrated yet: the number of the database is all there is
		}
	}
	return who, err
}

// connectPlainly connects in a way that every pooler takes: without settings of the session, and without statements kept in it.
func connectPlainly(ctx context.Context, url string, log *slog.Logger) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reading the database URL: %w", err)
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.RuntimeParams["application_name"] = "kontakty"
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, defaultConnectTimeout)
	config.DialFunc = newDialer().DialContext
	demandPrimary(&config.Config, false)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, explainRefusal(&config.Config, err, orDiscard(log))
	}
	return conn, nil
}

package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
)

// Translate makes a fault of what is neither the caller's mistake nor a defect: a database that does not answer, takes no
// other statement or does not let write any more (fault.DatabaseAway), one whose disk is full (fault.DatabaseFull), and a
// statement that was ended for taking too long (fault.TookTooLong).
// It keeps the cause. Every other error, faults and a context cancelled by its owner among them, it gives back as it is.
func Translate(err error) error {
	var already *fault.Error
	switch {
	case err == nil, errors.As(err, &already):
		return err
	case IsFull(err):
		return fault.New(fault.DatabaseFull, "").Because(err)
	case isAway(err):
		return fault.New(fault.DatabaseAway, "").Because(err)
	case tookTooLong(err):
		return fault.New(fault.TookTooLong, "").Because(err)
	}
	return err
}

func isAway(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return true
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch refused.Code {
		case "57P01", "57P02", "57P03", "57P04", "57P05": // shutting down, crashed, starting up, dropped, idle too long
			return true
		case readOnlyTransaction: // a primary that became a standby
			return true
		case "53200", "53300": // out of memory or of locks, too many connections
			return true
		}
		return strings.HasPrefix(refused.Code, "08") // connection exception
	}
	if errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err) {
		return false
	}
	var network *net.OpError
	return errors.As(err, &network) || errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// IsFull says whether the server has no room left on its disk.
func IsFull(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "53100"
}

func tookTooLong(err error) bool {
	var ended *pgconn.PgError
	if errors.As(err, &ended) {
		switch ended.Code {
		case "57014", "55P03", "25P03", "25P04": // cancelled, lock not had in time, transaction idle or open too long
			return true
		}
		return false
	}
	return errors.Is(err, context.DeadlineExceeded)
}

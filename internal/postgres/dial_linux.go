package postgres

import (
	"errors"
	"net"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// newDialer gives connections whose other side is gone when it acknowledges nothing for a while, sent or not.
func newDialer() *net.Dialer {
	return &net.Dialer{KeepAliveConfig: keepAlive, Control: boundAcknowledgement}
}

// boundAcknowledgement ends a connection on which what was sent stays unacknowledged for too long. Keepalive alone does not: it
// is silent while something is under way.
func boundAcknowledgement(network, _ string, conn syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var refused error
	err := conn.Control(func(descriptor uintptr) {
		refused = unix.SetsockoptInt(int(descriptor), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(deadAfter.Milliseconds()))
	})
	return errors.Join(err, refused)
}

//go:build !linux

package postgres

import "net"

// newDialer gives connections whose other side is gone when it does not answer that it is there.
func newDialer() *net.Dialer { return &net.Dialer{KeepAliveConfig: keepAlive} }

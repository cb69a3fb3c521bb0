package transport

import (
	"bufio"
	"errors"
	"iter"
	"net"
	"net/http"
)

// Between a transport and the connection lie writers that log, measure and compress. Some pass a flush or a hijack on only
// if the next one offers it itself, and http.ResponseController gives up there.

// layers are a writer and those that it wraps, the outermost first.
func layers(w http.ResponseWriter) iter.Seq[http.ResponseWriter] {
	return func(yield func(http.ResponseWriter) bool) {
		for yield(w) {
			wrapping, ok := w.(interface{ Unwrap() http.ResponseWriter })
			if !ok {
				return
			}
			w = wrapping.Unwrap()
		}
	}
}

// flush sends what any of the writers has buffered.
func flush(w http.ResponseWriter) error {
	for layer := range layers(w) {
		switch layer := layer.(type) {
		case interface{ FlushError() error }:
			if err := layer.FlushError(); err != nil {
				return err
			}
		case http.Flusher:
			layer.Flush()
		}
	}
	return nil
}

// handshakeWriter lets websocket.Accept take over the connection beneath all writers. What Accept would say of a handshake
// that fails is kept back, for the transport refuses in a form of its own.
type handshakeWriter struct {
	http.ResponseWriter
	// status is that of a handshake that failed.
	status int
	// network is the connection that was taken over.
	network net.Conn
}

// WriteHeader keeps the status back.
func (h *handshakeWriter) WriteHeader(status int) { h.status = status }

// Write drops the reason.
func (h *handshakeWriter) Write(part []byte) (int, error) { return len(part), nil }

// Hijack sends the header of the handshake and takes the connection over.
func (h *handshakeWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	var innermost http.ResponseWriter
	for innermost = range layers(h.ResponseWriter) {
	}
	hijacker, found := innermost.(http.Hijacker)
	if !found {
		return nil, nil, errors.ErrUnsupported
	}
	h.ResponseWriter.WriteHeader(http.StatusSwitchingProtocols)
	network, buffers, err := hijacker.Hijack()
	h.network = network
	return network, buffers, err
}

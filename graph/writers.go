package graph

import (
	"bufio"
	"errors"
	"iter"
	"net"
	"net/http"
)

// Between us and the connection lie writers that log, measure and compress. Some pass a flush or a hijack on only if the
// next one offers it by itself, where http.ResponseController gives up; hence these.

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

// flush sends what any of the writers holds back.
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

// hijackable is a writer whose connection can be taken over if that of any writer below can.
type hijackable struct{ http.ResponseWriter }

// Hijack takes the connection over.
func (h hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	err := errors.ErrUnsupported
	for layer := range layers(h.ResponseWriter) {
		if hijacker, ok := layer.(http.Hijacker); ok {
			var connection net.Conn
			var buffers *bufio.ReadWriter
			if connection, buffers, err = hijacker.Hijack(); err == nil {
				return connection, buffers, nil
			}
		}
	}
	return nil, nil, err
}

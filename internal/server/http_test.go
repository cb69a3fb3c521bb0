package server

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The deadlines of a connection are for requests that end soon. A file may take its client longer than that, as long as
// the client goes on reading.
func TestHTTP_DeadlinePerPartCutsNoLongAnswer(t *testing.T) {
	t.Parallel()
	const deadline = 200 * time.Millisecond
	handler := withDeadlinePerPart(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 5 {
			select {
			case <-time.After(deadline / 2):
			case <-r.Context().Done():
				t.Error("the request counts as given up")
				return
			}
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				t.Error(err)
				return
			}
		}
	}))
	server := httptest.NewUnstartedServer(handler)
	server.Config.ReadTimeout, server.Config.WriteTimeout = deadline, deadline
	server.Start()
	t.Cleanup(server.Close)
	status, body := get(t, "", server.URL)
	if status != http.StatusOK || len(body) != 5*64<<10 {
		t.Errorf("status %d, %d bytes", status, len(body))
	}
}

func TestHTTP_CutsASlowRequest(t *testing.T) {
	t.Parallel()
	reader := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil {
			t.Error("half a body is taken for a whole one")
		}
	})
	server := newHTTPServer(reader, slog.New(slog.DiscardHandler))
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes <= 0 {
		t.Errorf("a connection without a bound: %+v", server)
	}
	server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout = 100*time.Millisecond, 200*time.Millisecond, 100*time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	for what, sent := range map[string]string{
		"nothing":       "",
		"half a header": "GET / HTTP/1.1\r\nHost:",
		"half a body":   "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
	} {
		connection, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		if _, err := connection.Write([]byte(sent)); err != nil {
			t.Fatal(err)
		}
		_ = connection.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.Copy(io.Discard, connection); err != nil {
			if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
				t.Errorf("a client that sends %s is waited for", what)
			}
		}
	}
}

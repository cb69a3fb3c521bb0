package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// clients is how many clients ask at once.
const clients = 16

// target is a server under load: its address, and the requests to send, complete with their headers.
type target struct {
	name     string
	address  string
	requests [][]byte
}

// outcome is how a target stood a load.
type outcome struct {
	perSecond float64
	p50, p99  time.Duration
}

func (o outcome) String() string {
	return fmt.Sprintf("%7.0f/s  p50 %6.2f ms  p99 %6.2f ms", o.perSecond, milliseconds(o.p50), milliseconds(o.p99))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// load sends a target's requests for a span of time from many clients, each on a connection that it keeps, the next
// request as soon as the answer is there. The client shares the machine with the server, so it does as little as it can.
// An answer other than 200 ends it.
func (t target) load(ctx context.Context, clients int, span time.Duration) (outcome, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	until := time.Now().Add(span)
	took := make([][]time.Duration, clients)
	var working sync.WaitGroup
	begun := time.Now()
	for i := range clients {
		working.Go(func() {
			var err error
			if took[i], err = t.ask(ctx, i*len(t.requests)/clients, until); err != nil {
				cancel(fmt.Errorf("%s: %w", t.name, err))
			}
		})
	}
	working.Wait()
	if err := context.Cause(ctx); err != nil {
		return outcome{}, err
	}
	all := slices.Concat(took...)
	elapsed := time.Since(begun)
	return outcome{perSecond: float64(len(all)) / elapsed.Seconds(), p50: quantile(all, 0.50), p99: quantile(all, 0.99)}, nil
}

// ask is one client.
func (t target) ask(ctx context.Context, first int, until time.Time) ([]time.Duration, error) {
	line, err := dial(ctx, t.address)
	if err != nil {
		return nil, err
	}
	defer line.close()
	var took []time.Duration
	for i := first; ; i++ {
		sent := time.Now()
		if sent.After(until) || ctx.Err() != nil {
			return took, nil
		}
		if err := line.exchange(t.requests[i%len(t.requests)], nil); err != nil {
			return nil, err
		}
		took = append(took, time.Since(sent))
	}
}

// line is a connection that is kept between requests.
type line struct {
	connection net.Conn
	reader     *bufio.Reader
	headers    *textproto.Reader
}

func dial(ctx context.Context, address string) (*line, error) {
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	reader := bufio.NewReaderSize(connection, 64<<10)
	return &line{connection: connection, reader: reader, headers: textproto.NewReader(reader)}, nil
}

func (l *line) close() { _ = l.connection.Close() }

// patience is how long an answer may take.
const patience = 60 * time.Second

// exchange sends a request and reads its answer, into body if it is given.
func (l *line) exchange(request []byte, body io.Writer) error {
	if err := l.connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := l.connection.Write(request); err != nil {
		return err
	}
	status, err := l.headers.ReadLine()
	if err != nil {
		return err
	}
	length := -1
	for {
		header, err := l.headers.ReadLine()
		if err != nil {
			return err
		}
		if header == "" {
			break
		}
		if name, value, _ := strings.Cut(header, ":"); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
	if !strings.HasPrefix(status, "HTTP/1.1 200") {
		rest := make([]byte, max(0, min(length, 500)))
		_, _ = io.ReadFull(l.reader, rest)
		return fmt.Errorf("the answer is %q: %s", status, rest)
	}
	if length < 0 {
		return l.chunks(body)
	}
	return l.pass(body, length)
}

// chunks reads a body that comes in parts of which each tells its length.
func (l *line) chunks(body io.Writer) error {
	for {
		size, err := l.headers.ReadLine()
		if err != nil {
			return err
		}
		length, err := strconv.ParseUint(size, 16, 31)
		if err != nil {
			return err
		}
		if err := l.pass(body, int(length)); err != nil {
			return err
		}
		if _, err := l.headers.ReadLine(); err != nil || length == 0 {
			return err
		}
	}
}

func (l *line) pass(body io.Writer, length int) error {
	if body != nil {
		_, err := io.CopyN(body, l.reader, int64(length))
		return err
	}
	_, err := l.reader.Discard(length)
	return err
}

// quantile is the time that so large a part of all did not exceed.
func quantile(all []time.Duration, part float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

// median is the middle of several figures.
func median(figures []float64) float64 {
	if len(figures) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(figures))
	if n := len(sorted); n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return sorted[len(sorted)/2]
}

package postgres

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// How long a server may say nothing.
const (
	// defaultConnectTimeout is for connecting to one host, unless the URL says otherwise.
	defaultConnectTimeout = 3 * time.Second
	// deadAfter is when a network connection is over whose other side acknowledges nothing.
	deadAfter = 15 * time.Second
	// askInterval is how often it is looked who waits for a server, askAfter how long somebody waits before the server is asked
	// whether it lives, and askAgain the longest time between two such questions.
	askInterval = time.Second
	askAfter    = 2 * time.Second
	askAgain    = 30 * time.Second
	// answerTimeout is how long it may take to answer one, and maxQuestions how many it may not.
	answerTimeout = 3 * time.Second
	maxQuestions  = 2
	// lingering is how long a connection that was given up may take to be closed in order.
	lingering = 2 * time.Second
)

// keepAlive finds that the other side of an idle connection is gone.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 3}

// errSilent is why no connection is made to a server that says nothing.
var errSilent = errors.New("the server does not answer")

// place is where a server listens.
type place struct{ network, address string }

// lines are the network connections of a pool. They find out that a server says nothing any more, as one does whose disk
// hangs: its kernel still takes what is sent, so that neither an error nor keepalive tells. Then all connections to it are
// cut, those of other pools, too, and none is made until it answers again: the next host is tried at once.
type lines struct {
	dialer  *net.Dialer
	patient time.Duration // how long connecting may take
	renewal *renewal
	log     *slog.Logger

	mu     sync.Mutex
	open   map[*line]struct{}
	silent map[place]bool
	asked  map[place]time.Time
	closed bool

	ended    chan struct{}
	ending   sync.Once
	watching sync.WaitGroup
}

// everyLines are those of all pools of the process, which tell each other of silent servers.
var everyLines struct {
	mu  sync.Mutex
	all map[*lines]struct{}
}

func newLines(connectTimeout time.Duration, renewal *renewal, log *slog.Logger) *lines {
	l := &lines{
		dialer: newDialer(), patient: connectTimeout, renewal: renewal, log: log,
		open: map[*line]struct{}{}, silent: map[place]bool{}, asked: map[place]time.Time{}, ended: make(chan struct{}),
	}
	everyLines.mu.Lock()
	defer everyLines.mu.Unlock()
	if everyLines.all == nil {
		everyLines.all = map[*lines]struct{}{}
	}
	everyLines.all[l] = struct{}{}
	l.watching.Go(l.watch)
	return l
}

// end ends the watch, and cuts what is still open.
func (l *lines) end() {
	everyLines.mu.Lock()
	delete(everyLines.all, l)
	everyLines.mu.Unlock()
	l.cutAll()
	l.ending.Do(func() { close(l.ended) })
	l.watching.Wait()
}

// cutAll cuts every connection, and has none made any more.
func (l *lines) cutAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for line := range l.open {
		_ = line.Conn.Close()
	}
}

// dial makes a connection, for pgx.
func (l *lines) dial(ctx context.Context, network, address string) (net.Conn, error) {
	to := place{network, address}
	if err := l.refusal(to); err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	conn, err := l.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	line := &line{Conn: conn, lines: l, to: to, begun: time.Now()}
	line.first = time.AfterFunc(l.patient+time.Second, func() { _ = conn.Close() })
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errors.Join(net.ErrClosed, line.Conn.Close())
	}
	l.open[line] = struct{}{}
	return line, nil
}

func (l *lines) refusal(to place) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return net.ErrClosed
	case l.silent[to]:
		return errSilent
	}
	return nil
}

// watch asks servers for which somebody waits, and those that are silent, until the lines end.
func (l *lines) watch() {
	ticker := time.NewTicker(askInterval)
	defer ticker.Stop()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l.watching.Go(func() {
		<-l.ended
		cancel()
	})
	for {
		select {
		case <-l.ended:
			return
		case <-ticker.C:
		}
		var asking sync.WaitGroup
		for _, to := range l.due(time.Now()) {
			asking.Go(func() { l.ask(ctx, to) })
		}
		asking.Wait()
	}
}

// due are the servers that are to be asked. Who listens waits for hours: the longer the wait, the rarer the question.
func (l *lines) due(now time.Time) (due []place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	shortest := map[place]time.Duration{}
	for line := range l.open {
		waited := line.waited(now)
		if known, found := shortest[line.to]; waited >= askAfter && (!found || waited < known) {
			shortest[line.to] = waited
		}
	}
	for to := range l.silent {
		shortest[to] = 0
	}
	for to, waited := range shortest {
		if now.Sub(l.asked[to]) >= min(waited/2, askAgain) {
			l.asked[to] = now
			due = append(due, to)
		}
	}
	return due
}

// ask asks a server whether it lives, and tells all lines what they do not know.
func (l *lines) ask(ctx context.Context, to place) {
	begun := time.Now()
	answered := false
	for range maxQuestions {
		answered = answered || answers(ctx, to)
	}
	if ctx.Err() != nil {
		return
	}
	if answered {
		l.heard(to)
		return
	}
	everyLines.mu.Lock()
	defer everyLines.mu.Unlock()
	for each := range everyLines.all {
		each.cut(to, begun)
	}
}

// heard has connections made to a server again.
func (l *lines) heard(to place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.silent[to] {
		delete(l.silent, to)
		l.log.Info("a database server answers again", slog.String("server", to.address))
	}
}

// cut cuts the connections to a silent server that are older than the question.
func (l *lines) cut(to place, before time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	cut := 0
	for line := range l.open {
		if line.to == to && line.begun.Before(before) {
			_ = line.Conn.Close()
			cut++
		}
	}
	l.silent[to] = true
	if cut > 0 {
		l.log.Warn("a database server does not answer any more: its connections are cut", slog.String("server", to.address), slog.Int("connections", cut))
		l.renewal.renew()
	}
}

// sslRequest asks a server whether it speaks TLS: it says so before it knows who asks, and writes nothing into its log.
var sslRequest = []byte{0, 0, 0, 8, 4, 210, 22, 47}

// answers says whether a server says anything when it is asked. One that is not there has ended, and is not silent.
func answers(ctx context.Context, to place) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	conn, err := newDialer().DialContext(ctx, to.network, to.address)
	if err != nil {
		return !isSilence(err)
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })()
	if _, err = conn.Write(sslRequest); err == nil {
		_, err = io.ReadFull(conn, make([]byte, 1))
	}
	return !isSilence(err)
}

func isSilence(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout() || errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH)
}

// line is one network connection.
type line struct {
	net.Conn
	lines *lines
	to    place
	begun time.Time
	// first ends a connection on which not a word was said, such as one that was to cancel a statement.
	first *time.Timer
	// waits is since when the server is waited for, by the time that passed since begun; 0 while it is not.
	waits atomic.Int64
}

// Read notes that the server is waited for.
func (l *line) Read(part []byte) (int, error) {
	l.waits.Store(int64(max(1, time.Since(l.begun))))
	n, err := l.Conn.Read(part)
	l.waits.Store(0)
	if n > 0 {
		l.first.Stop()
	}
	return n, err
}

// waited is for how long the server has been waited for.
func (l *line) waited(now time.Time) time.Duration {
	since := l.waits.Load()
	if since == 0 {
		return 0
	}
	return now.Sub(l.begun) - time.Duration(since)
}

// SetDeadline bounds for how long a connection lingers: pgx sets an instant to come where it has given one up, and the pool's
// place is taken until then.
func (l *line) SetDeadline(deadline time.Time) error {
	if latest := time.Now().Add(lingering); deadline.After(latest) {
		deadline = latest
	}
	return l.Conn.SetDeadline(deadline)
}

// Close forgets the connection.
func (l *line) Close() error {
	l.first.Stop()
	l.lines.mu.Lock()
	delete(l.lines.open, l)
	l.lines.mu.Unlock()
	return l.Conn.Close()
}

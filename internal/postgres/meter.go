package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Meter adds up for how long statements run whose context carries it, from when they are sent to when their last row is read;
// waiting for a connection is not in it. It is safe for use by many goroutines.
type Meter struct {
	mu sync.Mutex
	// spent is the time of the statements that ended; begun is the sum of the times at which the running ones began.
	spent, begun time.Duration
	running      int
}

// meterBase is where the times of meters are counted from.
var meterBase = time.Now()

// Spent is how long statements ran until now, those that still run included.
func (m *Meter) Spent() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.spent + time.Duration(m.running)*time.Since(meterBase) - m.begun
}

func (m *Meter) begin() (end func()) {
	at := time.Since(meterBase)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running++
	m.begun += at
	return func() {
		took := time.Since(meterBase) - at
		m.mu.Lock()
		defer m.mu.Unlock()
		m.running--
		m.begun -= at
		m.spent += took
	}
}

type (
	meterKey    struct{}
	meterEndKey struct{}
)

// WithMeter is a context whose statements the meter adds up, in pools that are Metered.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// metering tells the meters of statements, and passes what it sees on to another tracer, where there is one.
type metering struct{ next pgx.QueryTracer }

// TraceQueryStart implements pgx.QueryTracer.
func (t metering) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if t.next != nil {
		ctx = t.next.TraceQueryStart(ctx, conn, data)
	}
	if m, metered := ctx.Value(meterKey{}).(*Meter); metered {
		ctx = context.WithValue(ctx, meterEndKey{}, m.begin())
	}
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (t metering) TraceQueryEnd(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryEndData) {
	if end, metered := ctx.Value(meterEndKey{}).(func()); metered {
		end()
	}
	if t.next != nil {
		t.next.TraceQueryEnd(ctx, conn, data)
	}
}

package guard

import (
	"bytes"
	"context"
	"io"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// room is how many bytes an answer may still get.
type room struct {
	max      int
	taken    atomic.Int64
	exceeded atomic.Bool
	cancel   context.CancelFunc
}

// take takes room for bytes; false if there is none, which ends the operation.
func (r *room) take(n int) bool {
	if r.exceeded.Load() || r.taken.Add(int64(n)) > int64(r.max) {
		r.exceeded.Store(true)
		r.cancel()
		return false
	}
	return true
}

// answerLimit bounds an answer while it is written: each field of a query or mutation is written as soon as it is resolved,
// and nothing is kept beyond the limit.
type answerLimit struct{}

// ExtensionName names the limit to gqlgen.
func (answerLimit) ExtensionName() string { return "AnswerLimit" }

// Validate accepts every schema.
func (answerLimit) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptRootField writes a field. A panic of what writes it is passed on to whoever asks for what was written.
func (answerLimit) InterceptRootField(ctx context.Context, next graphql.RootResolver) (written graphql.Marshaler) {
	u := usageOf(graphql.GetOperationContext(ctx))
	if u == nil || u.answer.cancel == nil {
		return next(ctx)
	}
	if u.answer.exceeded.Load() {
		return graphql.Null
	}
	value := next(ctx)
	if value == graphql.Null || value == graphql.RequiredNull {
		return value
	}
	defer func() {
		if failure := recover(); failure != nil {
			written = graphql.WriterFunc(func(io.Writer) { panic(failure) })
		}
	}()
	answer := &answerWriter{room: &u.answer}
	value.MarshalGQL(answer)
	if u.answer.exceeded.Load() {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(answer.Bytes()) })
}

// answerWriter keeps what is written as long as there is room.
type answerWriter struct {
	bytes.Buffer
	room *room
}

// Room is how many bytes may still be written.
func (w *answerWriter) Room() int { return max(0, w.room.max-int(w.room.taken.Load())) }

// Write keeps a part, or drops it where there is no room; to what marshals, nothing fails.
func (w *answerWriter) Write(part []byte) (int, error) {
	if !w.room.take(len(part)) {
		w.Reset()
		return len(part), nil
	}
	return w.Buffer.Write(part)
}

// WriteByte keeps a byte, or drops it.
func (w *answerWriter) WriteByte(b byte) error {
	_, err := w.Write([]byte{b})
	return err
}

// WriteString keeps a text, or drops it.
func (w *answerWriter) WriteString(text string) (int, error) {
	if !w.room.take(len(text)) {
		w.Reset()
		return len(text), nil
	}
	return w.Buffer.WriteString(text)
}

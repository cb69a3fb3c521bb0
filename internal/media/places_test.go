package media

import (
	"context"
	"testing"
	"time"
)

// The context of what is asked ends with the answer, which must not be lost for that.
func TestAsk_GivesTheAnswerThatEndsItsContext(t *testing.T) {
	t.Parallel()
	room := make(turns, 1)
	for range 20_000 {
		got, err := ask(t.Context(), room, time.Minute, func(context.Context) (int, error) { return 7, nil })
		if got != 7 || err != nil {
			t.Fatalf("the answer is %d, %v", got, err)
		}
	}
}

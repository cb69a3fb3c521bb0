package ahead_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kontakty/kontakty/internal/ahead"
)

var errBroken = errors.New("broken")

// sending sends so many numbers and then gives an error.
func sending(numbers int, err error) func(context.Context, func(int) error) error {
	return func(_ context.Context, send func(int) error) error {
		for i := range numbers {
			if err := send(i); err != nil {
				return err
			}
		}
		return err
	}
}

// A test in a bubble fails if a goroutine is left when it ends.

func TestEach_EndsWithBothHoweverTheyEnd(t *testing.T) {
	t.Parallel()
	failAt := func(n int) func(int) error {
		return func(value int) error {
			if value == n {
				return errBroken
			}
			return nil
		}
	}
	for name, c := range map[string]struct {
		produce func(context.Context, func(int) error) error
		consume func(int) error
		want    error
	}{
		"everything was sent":               {sending(9, nil), failAt(-1), nil},
		"nothing is sent":                   {sending(0, nil), failAt(-1), nil},
		"produce fails at once":             {sending(0, errBroken), failAt(-1), errBroken},
		"produce fails":                     {sending(9, errBroken), failAt(-1), errBroken},
		"consume fails at once":             {sending(9, nil), failAt(0), errBroken},
		"consume fails at the last":         {sending(9, nil), failAt(8), errBroken},
		"consume fails before produce does": {sending(9, errors.New("another")), failAt(8), errBroken},
		"consume fails while produce waits": {func(ctx context.Context, send func(int) error) error {
			if err := send(0); err != nil {
				return err
			}
			<-ctx.Done()
			return ctx.Err()
		}, failAt(0), errBroken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if err := ahead.Each(t.Context(), 2, c.produce, c.consume); !errors.Is(err, c.want) {
					t.Errorf("%v, want %v", err, c.want)
				}
			})
		})
	}
}

func TestEach_ConsumesInOrderAllThatWasSentBeforeAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []int
		err := ahead.Each(t.Context(), 3, sending(5, errBroken), func(value int) error {
			time.Sleep(time.Second) // produce has failed long before
			got = append(got, value)
			return nil
		})
		if !errors.Is(err, errBroken) || !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
			t.Errorf("%v %v", got, err)
		}
	})
}

func TestEach_IsAheadByNAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		err := ahead.Each(t.Context(), 2, func(_ context.Context, send func(int) error) error {
			for sent < 9 {
				if err := send(sent); err != nil {
					return err
				}
				sent++
			}
			return nil
		}, func(value int) error {
			synctest.Wait()
			// What is consumed now was sent, and two more wait.
			if want := min(value+3, 9); sent != want {
				t.Errorf("at %d: %d sent, want %d", value, sent, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestEach_EndsWithTheContextOfItsCaller(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]func(context.Context) error{
		"with the error of the context": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"with another error":            func(ctx context.Context) error { <-ctx.Done(); return errBroken },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				err := ahead.Each(ctx, 0, func(ctx context.Context, _ func(int) error) error { return wait(ctx) }, func(int) error { return nil })
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		})
	}
}

func TestEach_ConsumesNothingAfterTheContextEnded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		consumed := 0
		err := ahead.Each(ctx, 3, sending(4, nil), func(int) error {
			synctest.Wait() // all of them wait
			cancel()
			consumed++
			return nil
		})
		if !errors.Is(err, context.Canceled) || consumed != 1 {
			t.Errorf("%d consumed, %v", consumed, err)
		}
	})
}

func TestEach_StopsProducingWhenConsumePanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := false
		defer func() {
			if reason := recover(); reason != "broken" || !ended {
				t.Errorf("%v, produce ended: %t", reason, ended)
			}
		}()
		_ = ahead.Each(t.Context(), 0, func(_ context.Context, send func(int) error) error {
			defer func() { ended = true }()
			return sending(9, nil)(t.Context(), send)
		}, func(int) error { panic("broken") })
	})
}

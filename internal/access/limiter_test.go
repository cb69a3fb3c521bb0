package access

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

func TestLimiter_ChargesByCostAndFillsSteadily(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := NewLimiter(60, 100, c.now)
	must(t, l.Charge("key:a", 70))
	if left := l.Remaining("key:a"); left != 30 {
		t.Fatalf("%d units are left, want 30", left)
	}
	err := l.Charge("key:a", 50)
	wantReason(t, err, fault.RateExceeded)
	wait, limited := RetryAfter(err)
	if !limited || wait != 20*time.Second {
		t.Fatalf("wait %s, want 20 s", wait)
	}
	if left := l.Remaining("key:a"); left != 30 {
		t.Fatalf("a refusal took %d units", 30-left)
	}
	must(t, l.Charge("key:b", 100))
	c.pass(wait - time.Second)
	if err := l.Charge("key:a", 50); err == nil {
		t.Fatal("the cost passes before RetryAfter")
	}
	c.pass(time.Second)
	must(t, l.Charge("key:a", 50))
}

func TestLimiter_TakesAFullBucketForACostAboveIt(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := NewLimiter(60, 100, c.now)
	must(t, l.Charge("key:a", 1_000_000))
	err := l.Charge("key:a", 1_000_000)
	wait, limited := RetryAfter(err)
	if !limited || wait != 100*time.Second {
		t.Fatalf("wait %s, want 100 s", wait)
	}
	c.pass(wait)
	must(t, l.Charge("key:a", 1_000_000))
}

func TestLimiter_ChecksWithoutTaking(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := NewLimiter(60, 2, c.now)
	for range 5 {
		must(t, l.Check("a", 2))
	}
	must(t, l.Charge("a", 2))
	err := l.Check("a", 2)
	wantReason(t, err, fault.RateExceeded)
	if wait, _ := RetryAfter(err); wait != 2*time.Second {
		t.Fatalf("wait %s, want 2 s", wait)
	}
}

func TestLimiter_GivesManyAtOnceNoMoreThanTheBucketHolds(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := NewLimiter(60, 100, c.now)
	var passed atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				if l.Charge("key:a", 1) == nil {
					passed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if passed.Load() != 100 {
		t.Fatalf("%d passed, want 100", passed.Load())
	}
}

func TestLimiter_RemembersABoundedNumber(t *testing.T) {
	t.Parallel()
	l := NewLimiter(60, 1, newClock().now)
	for i := range maxBuckets {
		must(t, l.Charge(strconv.Itoa(i), 1))
	}
	if err := l.Charge("0", 1); err == nil { // used last, so it stays
		t.Fatal("an empty bucket passes")
	}
	for i := range maxBuckets / 2 {
		must(t, l.Charge("more"+strconv.Itoa(i), 1))
	}
	if n := l.buckets.Len(); n != maxBuckets {
		t.Fatalf("%d buckets are kept, want %d", n, maxBuckets)
	}
	if err := l.Charge("0", 1); err == nil {
		t.Fatal("the bucket used last was forgotten before older ones")
	}
}

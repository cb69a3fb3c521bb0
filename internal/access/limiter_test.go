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

// What is taken beyond what a bucket holds is owed, up to a whole bucket; what is given back never makes it fuller than full.
func TestLimiter_TakesWhatIsOwedAndGivesBack(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := NewLimiter(60, 10, func() time.Time { return now })
	l.Adjust("a", 14)
	if err := l.Charge("a", 1); err == nil || l.Remaining("a") != 0 {
		t.Errorf("who owes 4 has %d left: %v", l.Remaining("a"), err)
	} else if wait, _ := RetryAfter(err); wait != 5*time.Second {
		t.Errorf("5 units are there after %s", wait)
	}
	l.Adjust("a", 1_000)
	if wait, _ := RetryAfter(l.Charge("a", 1)); wait != 11*time.Second {
		t.Errorf("a whole bucket and a unit are there after %s", wait)
	}
	l.Adjust("a", -15)
	if left := l.Remaining("a"); left != 5 {
		t.Errorf("%d are left", left)
	}
	l.Adjust("a", -15)
	if now = now.Add(time.Second); l.Remaining("a") != 10 {
		t.Errorf("%d are left", l.Remaining("a"))
	}
}

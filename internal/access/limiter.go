package access

import (
	"errors"
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/kontakty/kontakty/internal/fault"
)

// maxBuckets is how many principals or addresses a limiter remembers. Whoever falls out had the longest pause of all and
// begins anew with a full bucket.
const maxBuckets = 10_000

// Limiter is a token bucket for each of many: it holds a number of units, fills steadily and is charged by cost. It is
// safe for use by many goroutines.
type Limiter struct {
	perMinute int
	burst     int
	reason    fault.Reason
	now       func() time.Time

	mu      sync.Mutex
	buckets *simplelru.LRU[string, *rate.Limiter]
}

// NewLimiter makes a limiter whose buckets hold burst units and get perMinute units a minute; both must be positive.
func NewLimiter(perMinute, burst int, now func() time.Time) *Limiter {
	return &Limiter{
		perMinute: perMinute, burst: burst, reason: fault.RateExceeded, now: now,
		buckets: newLRU[string, *rate.Limiter](maxBuckets),
	}
}

// Charge takes a cost from somebody's bucket, or nothing if it does not hold so much. A cost above what a bucket can
// ever hold takes all of a full one. Errors: RATE_LIMITED; RetryAfter tells how long until the same cost will pass.
func (l *Limiter) Charge(who string, cost int) error {
	if cost <= 0 {
		return nil
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	reservation := l.bucket(who).ReserveN(now, min(cost, l.burst))
	wait := reservation.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	reservation.CancelAt(now)
	return l.refusal(wait)
}

// Adjust takes units from somebody's bucket though it may not hold so many, so that charges are refused until what is owed
// has flown in; a negative number gives back. What somebody owes stops growing at what a bucket can hold.
func (l *Limiter) Adjust(who string, units int) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.bucket(who)
	if owed := -bucket.TokensAt(now); units > 0 {
		units = min(units, max(0, l.burst-int(owed)))
	}
	for ; units > l.burst; units -= l.burst { // more at once is never taken
		bucket.ReserveN(now, l.burst)
	}
	bucket.ReserveN(now, units)
}

// Check fails if Charge would fail, and takes nothing. Errors: RATE_LIMITED.
func (l *Limiter) Check(who string, cost int) error {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	missing := float64(min(cost, l.burst)) - l.bucket(who).TokensAt(now)
	if missing <= 0 {
		return nil
	}
	return l.refusal(time.Duration(missing / float64(l.perMinute) * float64(time.Minute)))
}

// Burst is how many units a full bucket holds.
func (l *Limiter) Burst() int { return l.burst }

// Remaining is how many whole units somebody has left now.
func (l *Limiter) Remaining(who string) int {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, int(l.bucket(who).TokensAt(now)))
}

func (l *Limiter) bucket(who string) *rate.Limiter {
	bucket, found := l.buckets.Get(who)
	if !found {
		bucket = rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), l.burst)
		l.buckets.Add(who, bucket)
	}
	return bucket
}

func (l *Limiter) refusal(wait time.Duration) error {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	return fault.New(l.reason, "", seconds).Because(&waiting{time.Duration(seconds) * time.Second})
}

// waiting is the cause of a refusal that time alone removes.
type waiting struct{ wait time.Duration }

func (w *waiting) Error() string { return "the bucket is empty" }

// RetryAfter tells from an error RATE_LIMITED how long to wait, in whole seconds and at least one, as the HTTP header
// Retry-After wants it; false for every other error.
func RetryAfter(err error) (time.Duration, bool) {
	var w *waiting
	if !errors.As(err, &w) {
		return 0, false
	}
	return w.wait, true
}

package httpfault_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
)

func ExampleStatus() {
	header := http.Header{}
	fmt.Println(httpfault.Status(header, fault.New(fault.CredentialsWrong, "")), header)
	// Output: 401 map[Www-Authenticate:[Bearer]]
}

func TestStatus_KnowsOnlyWhatRefusesAWholeRequest(t *testing.T) {
	t.Parallel()
	limiter := access.NewLimiter(60, 1, time.Now)
	_ = limiter.Charge("k", 1)
	for _, c := range []struct {
		err        error
		status     int
		retryAfter string
	}{
		{fault.New(fault.LinkStale, "", 5), http.StatusForbidden, ""},
		{limiter.Charge("k", 1), http.StatusTooManyRequests, "1"},
		{fmt.Errorf("reading: %w", fault.New(fault.DatabaseAway, "")), http.StatusServiceUnavailable, ""},
		{fault.New(fault.DatabaseFull, ""), http.StatusInsufficientStorage, ""},
		{fault.New(fault.TookTooLong, ""), http.StatusServiceUnavailable, ""},
		{fault.New(fault.IDMalformed, "id"), 0, ""},
		{errors.New("a defect"), 0, ""},
		{nil, 0, ""},
	} {
		header := http.Header{}
		if got := httpfault.Status(header, c.err); got != c.status || header.Get("Retry-After") != c.retryAfter {
			t.Errorf("%v is %d %v, want %d %q", c.err, got, header, c.status, c.retryAfter)
		}
	}
}

func TestLocale_IsPolishOnlyWhereThatIsPreferred(t *testing.T) {
	t.Parallel()
	for accepted, want := range map[string]fault.Locale{
		"":                                fault.English,
		"pl":                              fault.Polish,
		"pl-PL,pl;q=0.9,en;q=0.8":         fault.Polish,
		"en-GB,pl;q=0.9":                  fault.English,
		"de":                              fault.English,
		"de, pl;q=0.5":                    fault.Polish,
		";;":                              fault.English,
		"pl" + strings.Repeat(",pl", 100): fault.English,
	} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set("Accept-Language", accepted)
		if got := httpfault.Locale(request); got != want {
			t.Errorf("%q is %s, want %s", accepted, got, want)
		}
	}
}

func TestRequestID_TakesOverWhatALogMayHold(t *testing.T) {
	t.Parallel()
	if got := httpfault.RequestID("trace-1_a.b"); got != "trace-1_a.b" {
		t.Errorf("became %q", got)
	}
	for _, given := range []string{"", "+48 789", "a\nb", strings.Repeat("a", 65)} {
		if got := httpfault.RequestID(given); got == given || httpfault.RequestID(got) != got {
			t.Errorf("%q became %q", given, got)
		}
	}
}

package telemetry_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/telemetry"
)

func Example() {
	metrics := telemetry.NewMetrics("1.2.3")
	metrics.Operation("contacts", "TIMEOUT", 10*time.Second, false)
	recorder := httptest.NewRecorder()
	metrics.Handler().ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(recorder.Body.String()) {
		if strings.HasPrefix(line, "kontakty_operation_errors_total") {
			fmt.Print(line)
		}
	}
	// Output: kontakty_operation_errors_total{code="TIMEOUT",operation="contacts"} 1
}

package tracing_test

import (
	"fmt"
	"os"

	"github.com/kontakty/kontakty/internal/tracing"
)

// A collector is named by its whole address.
func ExampleAsked() {
	const variable = "OTEL_EXPORTER_OTLP_ENDPOINT"
	defer os.Unsetenv(variable)
	for _, address := range []string{"", "collector:4318", "http://collector:4318"} {
		_ = os.Setenv(variable, address)
		asked := tracing.Asked(func(variable, what, remedy string) {
			fmt.Printf("%s %s; %s\n", variable, what, remedy)
		})
		fmt.Println(asked)
	}
	// Output:
	// false
	// OTEL_EXPORTER_OTLP_ENDPOINT is no address of a collector; write for example http://127.0.0.1:4318
	// true
	// true
}

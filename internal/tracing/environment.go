package tracing

import (
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The variables of OpenTelemetry that say whether and where spans are sent. The exporter and the SDK read these and the others.
const (
	endpointVariable       = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tracesEndpointVariable = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	samplerVariable        = "OTEL_TRACES_SAMPLER"
	samplerArgVariable     = "OTEL_TRACES_SAMPLER_ARG"
)

// samplers are those that OTEL_TRACES_SAMPLER may name.
var samplers = []string{
	"always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio",
}

// Asked says whether the environment asks for traces, and calls wrong for each of its variables that cannot be followed: its
// name, what is wrong, and what to do.
func Asked(wrong func(variable, what, remedy string)) bool {
	endpoints := 0
	for _, variable := range []string{endpointVariable, tracesEndpointVariable} {
		switch text := os.Getenv(variable); {
		case text == "":
		case !isAddress(text):
			endpoints++
			wrong(variable, "is no address of a collector", "write for example http://127.0.0.1:4318")
		default:
			endpoints++
		}
	}
	if endpoints == 0 || os.Getenv("OTEL_SDK_DISABLED") == "true" || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return false
	}
	for _, variable := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"} {
		if protocol := os.Getenv(variable); !slices.Contains([]string{"", "http/protobuf", "http/json"}, protocol) {
			wrong(variable, strconv.Quote(protocol)+" is not spoken", "write http/protobuf, which collectors take on port 4318")
		}
	}
	sampler := os.Getenv(samplerVariable)
	if sampler != "" && !slices.Contains(samplers, sampler) {
		wrong(samplerVariable, strconv.Quote(sampler)+" is no way to choose traces", "write one of "+strings.Join(samplers, ", "))
	}
	if text := os.Getenv(samplerArgVariable); text != "" && strings.HasSuffix(sampler, "ratio") {
		if ratio, err := strconv.ParseFloat(text, 64); err != nil || !(ratio >= 0 && ratio <= 1) {
			wrong(samplerArgVariable, strconv.Quote(text)+" is no share of traces", "write a number from 0 to 1, such as 0.1")
		}
	}
	return true
}

// isAddress says whether a text is where a collector may listen.
func isAddress(text string) bool {
	address, err := url.Parse(text)
	return err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != ""
}

package tracing

import (
	"maps"
	"slices"
	"testing"
)

func TestAsked_ReadsTheEnvironment(t *testing.T) {
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
	variables := []string{
		endpoint, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
		"OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER",
	}
	for name, c := range map[string]struct {
		set   map[string]string
		asked bool
		wrong []string
	}{
		"nothing":                    {nil, false, nil},
		"a sampler alone":            {map[string]string{"OTEL_TRACES_SAMPLER": "whatever"}, false, nil},
		"a collector":                {map[string]string{endpoint: "http://127.0.0.1:4318"}, true, nil},
		"one for traces":             {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://collector/v1/traces"}, true, nil},
		"no address":                 {map[string]string{endpoint: "127.0.0.1:4318"}, true, []string{endpoint}},
		"gRPC":                       {map[string]string{endpoint: "http://a", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, true, []string{"OTEL_EXPORTER_OTLP_PROTOCOL"}},
		"protobuf":                   {map[string]string{endpoint: "http://a", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf"}, true, nil},
		"a sampler that nobody has":  {map[string]string{endpoint: "http://a", "OTEL_TRACES_SAMPLER": "most"}, true, []string{"OTEL_TRACES_SAMPLER"}},
		"a tenth":                    {map[string]string{endpoint: "http://a", "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"}, true, nil},
		"more than all":              {map[string]string{endpoint: "http://a", "OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "1.1"}, true, []string{"OTEL_TRACES_SAMPLER_ARG"}},
		"no number":                  {map[string]string{endpoint: "http://a", "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "NaN"}, true, []string{"OTEL_TRACES_SAMPLER_ARG"}},
		"switched off":               {map[string]string{endpoint: "http://a", "OTEL_SDK_DISABLED": "true"}, false, nil},
		"no exporter":                {map[string]string{endpoint: "http://a", "OTEL_TRACES_EXPORTER": "none"}, false, nil},
		"an argument of no interest": {map[string]string{endpoint: "http://a", "OTEL_TRACES_SAMPLER": "always_on", "OTEL_TRACES_SAMPLER_ARG": "x"}, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range variables {
				t.Setenv(variable, c.set[variable])
			}
			wrong := map[string]string{}
			asked := Asked(func(variable, what, remedy string) { wrong[variable] = what + "; " + remedy })
			if got := slices.Sorted(maps.Keys(wrong)); asked != c.asked || !slices.Equal(got, c.wrong) {
				t.Errorf("asked: %v, wrong: %v", asked, wrong)
			}
		})
	}
}

// Package tracing tells a collector of OpenTelemetry where the time of requests, files and imports goes: spans, sent by OTLP
// over HTTP to where the environment says, and nowhere unless it does.
//
// What must hold:
//   - A span has words of the schema, routes, kinds, codes and counts alone: no query, path, header, address, statement or value.
//     Of a caller's headers the numbers of traceparent are all that is taken.
//   - What is off costs nothing: a nil Tracer begins no span, and none of its methods allocates.
//   - A collector that is away holds up nothing: spans are dropped, and a stop waits for it for a bounded time.
package tracing

// Package telemetry tells operators how a process fares: metrics for Prometheus.
//
// What must hold:
//   - Every label has one of a closed list of values: names of the schema, codes, kinds, states; never anything that a caller
//     typed or the database holds.
//   - A metric that a process has nothing to tell of is absent or zero; none is guessed.
package telemetry

//go:build !race

package graph_test

// raced says that the race detector watches.
const raced = false

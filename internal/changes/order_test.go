//go:build !feed_out_of_order

package changes_test

import "testing"

// breakOrder has positions given without the lock where the tests are built to break the order.
func breakOrder(testing.TB, string) bool { return false }

//go:build feed_out_of_order

package changes_test

import "testing"

// breakOrder has positions given without the lock: TestLog_IsReadInOrderWhateverWritersDo must fail then.
func breakOrder(t testing.TB, url string) bool {
	withoutLock(t, url)
	return true
}

package fault_test

import (
	"errors"
	"fmt"

	"github.com/kontakty/kontakty/internal/fault"
)

// A fault says in both languages what is wrong, and gets its whole path as it passes up.
func ExampleNew() {
	err := fault.At("filter", fault.At("hours", fault.New(fault.TimeMalformed, "to")))
	fmt.Println(fault.CodeOf(err), err)
	var e *fault.Error
	if errors.As(err, &e) {
		fmt.Println(e.Sentence(fault.Polish))
	}
	// Output:
	// INVALID_HOURS filter.hours.to: This is not a time of day between 00:00 and 23:59, such as 08:30.
	// To nie jest godzina od 00:00 do 23:59, na przykład 08:30.
}

// The cause is for the log; no sentence repeats it.
func ExampleError_Because() {
	err := fault.New(fault.DatabaseAway, "").Because(errors.New("dial tcp: connection refused"))
	fmt.Println(err)
	fmt.Println(errors.Unwrap(err))
	// Output:
	// The server cannot reach its database now. Try again in a moment.
	// dial tcp: connection refused
}

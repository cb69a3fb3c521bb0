package changes_test

import (
	"fmt"
	"strings"

	"github.com/kontakty/kontakty/internal/changes"
)

// Whoever removes contacts leaves what they were, for readers that must be told that they are gone.
func ExampleLeaveRemoved() {
	statement := changes.LeaveRemoved("DELETE FROM contacts t WHERE t.id = ANY ($1)", changes.Retracted)
	fmt.Println(strings.SplitN(statement, "\n", 2)[0])
	// Output: WITH removed AS (DELETE FROM contacts t WHERE t.id = ANY ($1) RETURNING t.*)
}

package media_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/media"
)

// A survey says how many of the recordings that contacts name are where they should be.
func ExampleSurvey_String() {
	fmt.Println(media.Survey{Recordings: 8000, Absent: 12, NotConfigured: 3})
	// Output: 8000 recordings looked for, 12 absent, 0 in an archive that does not answer, 3 without an archive
}

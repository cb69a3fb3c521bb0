package changes_test

import (
	"os"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
)

// writingVariable in its environment makes the test binary a process that writes changes until it is killed.
const writingVariable = "KONTAKTY_CHANGES_WRITE"

func TestMain(m *testing.M) {
	if url := os.Getenv(writingVariable); url != "" {
		os.Exit(writeForever(url))
	}
	os.Exit(pgtest.Main(m))
}

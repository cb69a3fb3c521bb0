package sample_test

import (
	"os"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

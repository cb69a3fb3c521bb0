package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// Every document in testdata/answers gets exactly the answer beside it.
func TestHandler_GivesTheGoldenAnswers(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("testdata/answers/*.graphql")
	if err != nil || len(documents) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	s := newSite(t)
	for _, path := range documents {
		t.Run(filepath.Base(path), func(t *testing.T) {
			document, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := json.Indent(&got, []byte(s.ask(t, string(document), nil)), "", "  "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			golden := strings.TrimSuffix(path, ".graphql") + ".json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s answers\n%s\nwant\n%s", path, got.Bytes(), want)
			}
		})
	}
}

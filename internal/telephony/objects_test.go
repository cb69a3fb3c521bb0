package telephony_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/telephony"
)

// objectsOf are the objects of a content, each fault as the word bad.
func objectsOf(t testing.TB, content []byte) []string {
	t.Helper()
	objects, err := telephony.NewObjects(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for {
		text, _, err := objects.Next()
		switch {
		case errors.Is(err, io.EOF):
			return all
		case telephony.IsRecordFault(err):
			all = append(all, "bad")
		case err != nil:
			t.Fatal(err)
		default:
			all = append(all, text)
		}
	}
}

func TestObjects_CutsAFileIntoObjects(t *testing.T) {
	t.Parallel()
	for content, want := range map[string][]string{
		"":                               nil,
		"  \n\n":                         nil,
		`{"a":1}{"b":2}`:                 {`{"a":1}`, `{"b":2}`},
		"{\"a\":{\"b\":\"}{\\\"\"}}\n{}": {`{"a":{"b":"}{\""}}`, "{}"},
		`[{"a":1},{"b":2}]`:              {`{"a":1}`, `{"b":2}`},
		"\xef\xbb\xbf{}":                 {"{}"},
		`<cdr><a>{</a></cdr><cdr></cdr>`: {`<cdr><a>{</a></cdr>`, `<cdr></cdr>`},
		"what is this\n{}":               {"bad", "{}"},
		"what{}":                         {"bad", "{}"},
		"{}what":                         {"{}", "bad"},
		`{"a":1`:                         {"bad"},
		"<cdr>":                          {"bad"},
		`{"a":"` + strings.Repeat("x", 2<<20) + `"}{}`: {"bad", "{}"},
	} {
		if got := objectsOf(t, []byte(content)); !slices.Equal(got, want) {
			t.Errorf("%.60q gives %.200q, want %q", content, got, want)
		}
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write([]byte("{}\n{}"))
	_ = zip.Close()
	if got := objectsOf(t, packed.Bytes()); len(got) != 2 {
		t.Errorf("packed: %q", got)
	}
}

func FuzzObjects(f *testing.F) {
	f.Add([]byte(`{"a":"}"}<cdr></cdr>x`))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1 && content[0] == 0x1f && content[1] == 0x8b {
			return // packed content may be broken
		}
		objectsOf(t, content)
	})
}

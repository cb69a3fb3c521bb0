package compiled

import (
	"bytes"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/contact"
)

func marshaled(of graphql.Marshaler) string {
	var buffer bytes.Buffer
	of.MarshalGQL(&buffer)
	return buffer.String()
}

func FuzzWrite_TextsAsGqlgenDoes(f *testing.F) {
	for _, seed := range []string{"", "Zażółć gęślą jaźń", `"quoted" \ back`, "\t\r\n\x00\x1f\x7f", "\u2028\u2029", "</script>", "\xff\xfe", "😀"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := string(appendText(nil, text)), marshaled(schema.MarshalString(text)); got != want {
			t.Fatalf("%q is written %s, want %s", text, got, want)
		}
	})
}

func TestWrite_InstantsAsGqlgenDoes(t *testing.T) {
	t.Parallel()
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{
		{},
		time.Unix(0, 0), time.Date(2024, 3, 31, 3, 0, 0, 0, warsaw), time.Date(2024, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(2024, 1, 1, 0, 0, 0, 120_000_000, warsaw), time.Date(12024, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got, want := string(appendInstant(nil, at)), marshaled(schema.MarshalDateTime(at)); got != want {
			t.Errorf("%v is written %s, want %s", at, got, want)
		}
	}
}

// Plans write the domain's constants as they are, without a table of the schema's names.
func TestWrite_EnumsByNamesThatTheSchemaHas(t *testing.T) {
	t.Parallel()
	served := gqlparser.MustLoadSchema(&ast.Source{Input: schema.SDL})
	for enum, values := range map[string][]string{
		"ContactType":   texts(contact.Types),
		"ContactStatus": texts(contact.Statuses),
		"HangupParty":   texts(contact.HangupParties),

		"ContactOutcome": texts(contact.Outcomes),
		"LostAt":         texts(contact.LostPlaces),
		"IvrStepKind":    texts(contact.StepKinds),
	} {
		named := served.Types[enum].EnumValues
		if len(named) != len(values) {
			t.Errorf("%s has %d values, the domain %d", enum, len(named), len(values))
		}
		for _, value := range values {
			if named.ForName(value) == nil {
				t.Errorf("%s has no %s", enum, value)
			}
		}
	}
}

func texts[T ~string](values []T) []string {
	plain := make([]string, len(values))
	for i, value := range values {
		plain[i] = string(value)
	}
	return plain
}

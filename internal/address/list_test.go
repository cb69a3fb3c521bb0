package address_test

import (
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/address"
)

func TestList_TakesMailboxesApart(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][]string{
		"a@example.com, b@example.com":                            {"a@example.com", "b@example.com"},
		"a@example.com;b@example.com;":                            {"a@example.com", "b@example.com"},
		`"Lis, Ewa" <a@example.com>, Jan (z biura, tu) <b@x.pl>`:  {`"Lis, Ewa" <a@example.com>`, "Jan (z biura, tu) <b@x.pl>"},
		"Lis, Ewa <a@example.com>, Kowalski, Jan <b@example.com>": {"Lis, Ewa <a@example.com>", "Kowalski, Jan <b@example.com>"},
		"mailto:a@example.com,b@example.com?subject=x":            {"a@example.com", "b@example.com"},
		"Team: a@example.com, b@example.com;":                     {"a@example.com", "b@example.com"},
		`Jan "Kowal <a@example.com>, b@example.com`:               {`Jan "Kowal <a@example.com>`, "b@example.com"},
		"a@example.com, biuro":                                    {"a@example.com", "biuro"},
		"biuro, a@example.com":                                    {"biuro", "a@example.com"},
		"a@example.com":                                           nil,
		"a@example.com,":                                          nil,
		`"Lis, Ewa" <a@example.com>`:                              nil,
		"501723894, 501723895":                                    nil,
		"Local/101@from-queue-00000001;2":                         nil,
		"sip:+48501723894;cpc=ordinary@10.0.0.5;user=phone":       nil,
		"@, @": nil,
		"":     nil,
	} {
		if got := address.List(raw); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", raw, got, want)
		}
	}
}

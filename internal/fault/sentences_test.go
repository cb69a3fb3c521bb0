package fault

import (
	"regexp"
	"slices"
	"testing"
)

func TestSentences_SpeakBothLanguagesWithTheSameArguments(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%[a-z]`)
	for reason, s := range sentences {
		if s.code == "" || s.en == "" || s.pl == "" {
			t.Errorf("%s lacks a code or a sentence", reason)
		}
		if en, pl := verbs.FindAllString(s.en, -1), verbs.FindAllString(s.pl, -1); !slices.Equal(en, pl) {
			t.Errorf("%s: the English sentence takes %v, the Polish one %v", reason, en, pl)
		}
	}
}

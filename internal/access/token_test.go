package access

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

func TestToken_IsLongRandomAndOfOneForm(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^kky_[a-z2-7]{10}_[a-z2-7]{59}$`)
	seen := map[string]bool{}
	for range 1000 {
		made := newToken()
		text := made.String()
		if !form.MatchString(text) || len(text) != tokenLength {
			t.Fatalf("a key reads %q", text)
		}
		if secret, err := tokenEncoding.DecodeString(made.secret); err != nil || len(secret) != 32 {
			t.Fatalf("a secret has %d bytes: %v", len(secret), err)
		}
		if seen[made.id] || seen[made.secret] {
			t.Fatal("a key came twice")
		}
		seen[made.id], seen[made.secret] = true, true
		parsed, ok := parseToken(text)
		if !ok || parsed != made || !parsed.matches(made.digest()) {
			t.Fatal("a key is not read as it was made")
		}
	}
}

func TestToken_WithAnotherCharacterDoesNotPass(t *testing.T) {
	t.Parallel()
	text := newToken().String()
	for i := range len(text) {
		for c := range 256 {
			mutated := []byte(text)
			mutated[i] = byte(c)
			if _, ok := parseToken(string(mutated)); ok && string(mutated) != text {
				t.Fatalf("character %d as byte %d passes", i, c)
			}
		}
	}
}

// forged makes keys that pass every check but that of the secret, as somebody would who knows how they are built.
func forged(t testing.TB, original token) token {
	t.Helper()
	random := newToken()
	secret, err := tokenEncoding.DecodeString(original.secret)
	must(t, err)
	switch rand.IntN(3) {
	case 0:
		return token{original.id, random.secret}
	case 1:
		return token{random.id, original.secret}
	default:
		secret[rand.IntN(len(secret))] ^= 1 << rand.IntN(8)
		return token{original.id, tokenEncoding.EncodeToString(secret)}
	}
}

func FuzzParseToken(f *testing.F) {
	original := token{id: "abcdefghij", secret: tokenEncoding.EncodeToString(make([]byte, 32))}
	for _, seed := range []string{
		original.String(), newToken().String(), "kky_", "kky_abcdefghij_", original.String() + "a",
		original.String()[:tokenLength-1] + "\n", "KKY_abcdefghij_" + original.secret,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, ok := parseToken(text)
		if !ok {
			return
		}
		if parsed.String() != text {
			t.Fatalf("%q is another spelling of %q", text, parsed.String())
		}
		if parsed.matches(original.digest()) != (parsed.secret == original.secret) {
			t.Fatalf("%q is taken for another key", text)
		}
	})
}

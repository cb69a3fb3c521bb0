package oracle

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/address"
)

var spellingsCompared = flag.Int("oracle.addresses", 100_000, "how many addresses are normalised by both normalisers")

// TestAddress_IsNormalisedAlike holds address.Key against the oracle's own rules.
func TestAddress_IsNormalisedAlike(t *testing.T) {
	t.Parallel()
	d := newDice(*seed, 0)
	book := addressBook(d, 500)
	kinds := map[string]int{}
	for range *spellingsCompared {
		if d.chance(40) {
			key := pick(d, book)
			raw := spell(d, key)
			if own, ok := addressKey(raw); !ok || own != key {
				t.Fatalf("the oracle reads %q as %q, should be %q", raw, own, key)
			}
			sameKey(t, raw)
			continue
		}
		kind := madeUp[d.IntN(len(madeUp))]
		raw := kind.make(d)
		kinds[kind.name]++
		sameKey(t, raw)
		if t.Failed() {
			t.Fatalf("of the kind %s", kind.name)
		}
	}
	for _, raw := range slices.Concat(oddAddresses, notAddresses, odd) {
		sameKey(t, raw)
	}
	t.Logf("compared: %v", kinds)
}

// madeUp are kinds of addresses as the world writes them.
var madeUp = []struct {
	name string
	make func(d dice) string
}{
	{"withheld", func(d dice) string {
		word := pick(d, []string{
			"anonymous", "restricted", "unknown", "unavailable", "private", "withheld", "blocked", "zastrzeżony", "numer zastrzeżony", "nieznany", "-1",
			"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253",
		})
		form := pick(d, []string{"%s", "<%s>", "%s@anonymous.invalid", "sip:%s@anonymous.invalid", `"X" <sip:%s@anonymous.invalid>`, "sip:%s@10.0.0.1", " %s\t"})
		return fmt.Sprintf(form, cased(d, word))
	}},
	{"mailbox", func(d dice) string {
		box := cased(d, pick(d, []string{"jan.kowalski", "ewa+1", "o'neil", "zażółć", "a_b-c", "jan..lis"})+"@"+pick(d, []string{"example.com", "przykład.pl", "b", "xn--przykad-rjb.pl", "mail.example.org"}))
		form := pick(d, []string{
			"%s", "Jan Kowalski <%s>", `"Kowalski, Jan" <%s>`, "<%s>", "%s (Jan Kowalski)", "mailto:%s", "MAILTO:%s?subject=x", "=?utf-8?Q?Jan?= <%s>",
			"Kowalski, Jan <%s>", "%s, b@example.com", "%s; b@example.com", `"a@b" <%s>, <c@d>`, " %s ", "<mailto:%s>", "Żółw (tu) <%s>",
		})
		return fmt.Sprintf(form, box)
	}},
	{"uri", func(d dice) string {
		user := pick(d, []string{"1001", "anna", "+48501723894", "501 723 894", "0048 22 1000101", "%2B48501723894", "7", "+48501723894;ext=12", "j.nowak", "1001:secret"})
		scheme := cased(d, pick(d, []string{"sip:", "sips:", "tel:", "whatsapp:", "viber:", "client:"}))
		host := pick(d, []string{"", "@10.0.0.5:5060", "@pbx.example.com", "@pbx.example.com;transport=tls", "@[::1]", ";phone-context=pl"})
		return fmt.Sprintf(pick(d, []string{"%s", "<%s>", `"Anna Nowak" <%s>`, "Anna <%s>", "<%s>;tag=as58f4", `"+48501723894" <%s> ;x;y=1`}), scheme+user+host)
	}},
	{"channel", func(d dice) string {
		peer := pick(d, []string{"anna", "1001", "anna-nowak", "trunk/501723894", "501723894@trunk", "+48501723894"})
		if d.chance(20) {
			return fmt.Sprintf(pick(d, []string{"Local/%d@from-queue-0000001a;2", "LOCAL/%d@ctx-1;1", "IAX2/%d-77", "DAHDI/i1/%d-1", "Local/%d@a/n"}), d.IntN(1_000_000))
		}
		return cased(d, pick(d, []string{"SIP/", "PJSIP/"})) + peer + pick(d, []string{"", "-0000001a", "-DEADBEEF", "-12"})
	}},
	{"number", func(d dice) string {
		var digits strings.Builder
		digits.WriteString(pick(d, []string{"", "+48", "0048", "48", "0", "+", "00", "+44", "+1", "(+48)", "+48 (0)", "48 (0) ", "0048(0)", "+44 (0)", "(0)", "+380 ( 0 )"}))
		for range 1 + d.IntN(14) {
			digits.WriteString(fmt.Sprint(d.IntN(10)))
			if d.chance(20) {
				digits.WriteString(pick(d, []string{" ", "-", ".", "/", "–", "\u00a0", "\u2011", "(", ")", "\u200b"}))
			}
		}
		if d.chance(25) {
			fmt.Fprintf(&digits, pick(d, []string{" wew. %d", " wew %d", " ext. %d", "x%d", ",,%d", ";ext=%d", "*%d", " EXT %d", " (wew. %d)", " w. %d", ",%d", "#%d", ", wew. %d", ",ext %d", ", (wew %d)", " extension %d", " wewnętrzny %d", " extn. %d"}), d.IntN(20_000_000))
		}
		return digits.String()
	}},
	{"text", func(d dice) string {
		var text strings.Builder
		for range 1 + d.IntN(4) {
			text.WriteString(pick(d, []string{
				"InPost", "PKO", "BP", "3MW", "Info-SMS", "Allegro!", "*97", "*100#", "#31#", "anna", "7001a", "Łódź", "Σίσυφος", "Żółw", "s", "Local/101@from-queue-0001;2",
				"\u200b", "ﬁrma", "²", "wew. 12", "x", "_", "1234567",
			}))
			text.WriteString(pick(d, []string{"", " ", "  ", "\t", "\u00a0", "-"}))
		}
		if d.chance(1) {
			return strings.Repeat(text.String(), 200)
		}
		return text.String()
	}},
}

// odd are what else machines put where an address belongs.
var odd = []string{
	"undisclosed-recipients:;", "<>", "\"\" <>", "sip:", "sip:@", "SIP/", "tel:;ext=5", "mailto:", "a@b@c", "@@", "lunch @ noon", "\x00", "\x7f501723894",
	"\ufeff", "\u202e", "½", "٤٤٤٤", "501723894x", "x12", "+x12", "48(0)12", "(0)501723894", "+(0)48501723894", "++48", "00", "000", "0012", "1.", "anonymous.invalid",
	"Anna <anna>", "<1001", "1001>", "Unknown <unknown>", "501723894 <jan@example.com>", "niktnigdzie", "\"jan kowalski\" <501723894>",
}

// cased writes a text in one of the cases.
func cased(d dice, text string) string {
	return pick(d, []func(string) string{
		strings.ToLower, strings.ToUpper, func(s string) string { return s }, func(s string) string { return strings.ToUpper(s[:1]) + s[1:] },
	})(text)
}

func sameKey(t *testing.T, raw string) {
	t.Helper()
	own, ok := addressKey(raw)
	key, found := address.Key(raw)
	if found != ok || key != own {
		t.Errorf("%q has the key %q (%t), should be %q (%t)", raw, key, found, own, ok)
	}
}

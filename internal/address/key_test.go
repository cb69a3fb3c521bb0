package address_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/address"
)

// same are spellings by the one key that they have.
var same = map[string][]string{
	"+48789789789": {
		"789 789 789", "+48 789-789-789", "0048789789789", "48789789789", "0789789789", "７８９７８９７８９", "\u202a789–789–789\u202c",
		"(+48) 789 789 789", "48 (0) 789 789 789", "0789.789.789",
	},
	"+48221000101": {
		"tel:+48 (22) 100.01/01", "TEL:22\u00a0100\u00a001 01", "tel:+48-22-100-01-01", "tel:+48221000101;ext=305", "+48 (0)22 100 01 01",
		"0048 (0) 22 1000101", "+48( 0 )221000101", "22 100 01 01 wew. 12", "+48 22 100 01 01 ext. 305", "+48221000101x305", "+48221000101,,305",
		"+48221000101*305", "221000101 (wew. 7)", "22 100 01 01, wew. 12", "+48 22 100 01 01, Ext. 305", "221000101, (wew. 7)", "+48221000101 extn 5", "221000101;ext=305", "22 100 01 01 EXT 305", "0221000101 WEW.1",
		"sip:+48221000101@10.0.0.5:5060", "sips:+48221000101:secret@pbx;transport=tls", "sip:%2B48221000101@pbx", "<sip:221000101@pbx>",
		`"Anna" <sip:+48221000101@pbx.example.com;user=phone>`, "whatsapp:+48221000101", "WhatsApp:+48 22 100 01 01", "viber:48221000101",
		`"Anna" <sip:+48221000101@10.0.0.5>;tag=as58f4`, "<tel:+48221000101>;phase=a;x", `"Anna" <+48221000101> ;tag=1`, "sip:+48221000101;cpc=ordinary@10.0.0.5;user=phone",
		"PJSIP/221000101@trunk", "SIP/trunk/0221000101", "sip:+48221000101;phone-context=pl@pbx", `"Jan" <22 100 01 01>`, "0２２１０００１０１",
		"+48\u2011221000101", "(22) 100.01.01", "22/100-01-01",
	},
	"+442079460958": {"+44 (0)20 7946 0958", "0044 20 7946 0958", "+44(0) 2079460958 x12"},
	"+380501234567": {"00380501234567", "+380 50 123 45 67", "+380 (0) 50 123 45 67"},
	"101":           {"101", "1-01", "sip:101@pbx", "SIP/101-0000001a", "101 wew. 5", "<sip:101@pbx.example.com>"},
	"123456":        {"123456", "12 34 56", "client:123456"},
	"anna":          {"anna", "ANNA", "sips:anna@pbx.example.com;transport=tls", "SIP/anna-0000001a", "PJSIP/Anna-00000b1c", "client:Anna", `"A" <sip:anna@pbx>`},
	"anna-nowak":    {"SIP/anna-nowak", "sip:Anna-Nowak@host"},
	address.Withheld: {
		"anonymous", "Anonymous", "Restricted", "unknown", "<unknown>", "Private", "Withheld", "Unavailable", "BLOCKED", "Numer  zastrzeżony",
		"ZASTRZEŻONY", "nieznany", "-1", "+266696687", "00266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "tel:+266 696 687",
		"anonymous@anonymous.invalid", "Anonymous@Anonymous.Invalid", "sip:anonymous@anonymous.invalid", "sip:caller@anonymous.invalid:5060",
		`"Anonymous" <sip:anonymous@anonymous.invalid>`, "Jan <x@anonymous.invalid>", "sip:unknown@10.0.0.5", "zastrze\u017c\u00adony", "<Anonymous>", "<sip:anonymous@anonymous.invalid>;tag=5", `"Restricted" <sip:restricted@10.0.0.5>;tag=x`,
		"zastrzez\u0307ony",
	},
	"jan.kowalski@example.com": {
		"Jan Kowalski <jan.kowalski@example.com>", `"Kowalski, Jan" <jan.kowalski@example.com>`, "<jan.kowalski@example.com>",
		"Jan.Kowalski@Example.COM", "jan.kowalski@example.com (Jan Kowalski)", "mailto:jan.kowalski@example.com", "MAILTO:Jan.Kowalski@example.com?subject=Tak",
		"<mailto:jan.kowalski@example.com>", "=?utf-8?Q?Jan?= <jan.kowalski@example.com>", "=?iso-8859-2?Q?=AFaneta?= <jan.kowalski@example.com>",
		"Kowalski, Jan <jan.kowalski@example.com>", "jan.kowalski@example.com, ewa@example.com", "jan.kowalski@example.com; ewa@example.com",
		"Team: jan.kowalski@example.com, ewa@example.com;", "\u202ajan.kowalski@example.com\u202c", "\tjan.kowalski@example.com\n", "jan.kowalski＠example.com",
	},
	"zażółć@xn--przykad-rjb.pl":  {"zażółć@przykład.pl", "ZAŻÓŁĆ@PRZYKŁAD.PL", "Zażółć <zażółć@xn--przykad-rjb.pl>", "za\u017c\u00f3\u0142c\u0301@przykład.pl"},
	`"jan kowalski"@example.com`: {`"Jan Kowalski"@example.com`, `X <"jan kowalski"@example.com>`},
	"a@b":                        {"A@B", " a@b "},
	"pko bp":                     {"PKO BP", "pko  bp", "PKO\u00a0BP", " PKO\tBP "},
	"inpost":                     {"InPost", "INPOST"},
	"σίσυφοσ":                    {"Σίσυφος", "ΣΊΣΥΦΟΣ"},
}

// alone are addresses that stand for themselves, and for nothing else.
var alone = []string{
	"3mw", "info-sms", "dpd.polska", "allegro!", "1234567", "12345678", "9", "*100#", "*97", "#31#501723894", "*31#501723894", "7001a", "s",
	"local/101@from-queue-00000001", "local/101@from-queue-00000001;2", "020 7946 0958", "(202) 555-0143", "030 901820", "12025550143", "01148221000101", "13912345678",
	"22_100_01_01", "22:1000101", "'+48221000101", "root", "mailer-daemon", "+480221000101", "+4822100010", "+482210001011", "48022100010",
	"wew. 12", "789-call-now", "+123456", "+1234567890123456", "00", "+", "@", "a@", "@b", "a@b@c", "sip:", "tel:", "-", "()", "49123456789",
	"1234567890", "7+8", "anna@example.com@", "undisclosed recipients:;", "numer ukryty", "501723894 w. 3", "\ufffd", "<anna>", "mailto:", "sip:@",
}

func TestKey_IsOneForAllSpellings(t *testing.T) {
	t.Parallel()
	for want, spellings := range same {
		for _, raw := range append(spellings, want) {
			if key, ok := address.Key(raw); !ok || key != want {
				t.Errorf("the key of %q is %q (%t), want %q", raw, key, ok, want)
			}
		}
	}
}

func TestKey_OfWhatIsNotUnderstoodIsItself(t *testing.T) {
	t.Parallel()
	for _, raw := range alone {
		if key, ok := address.Key(raw); !ok || key != raw {
			t.Errorf("the key of %q is %q (%t), want itself", raw, key, ok)
		}
	}
	for _, raw := range []string{"", " ", "\u00a0\t\n", "\u2003"} {
		if key, ok := address.Key(raw); ok {
			t.Errorf("%q has the key %q, want none", raw, key)
		}
	}
}

func TestKey_OfALongTextIsItsBeginning(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Żółw ", 100)
	kept, ok := address.Kept(long)
	if !ok || utf8.RuneCountInString(kept) != address.MaxLength || !strings.HasSuffix(kept, "...") {
		t.Errorf("kept is %q (%t)", kept, ok)
	}
	key, _ := address.Key(long)
	if again, _ := address.Key(kept); again != key || !strings.HasPrefix(key, "żółw żółw") {
		t.Errorf("what is kept has the key %q, the whole %q", again, key)
	}
	if !address.Askable(kept) || address.Askable(long) {
		t.Error("what is kept must be what can be asked for")
	}
	list := strings.Repeat("Ewa Lis <ewa@example.com>, ", 50) + "jan@example.com"
	if kept, ok := address.Kept(list); !ok || kept != "Ewa Lis <ewa@example.com>" {
		t.Errorf("of a long list is kept %q (%t)", kept, ok)
	}
}

func TestKept_IsAsWritten(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		" InPost ": " InPost ", "a\tb": "a\tb", "a\x00b\x7f": "a\ufffdb\ufffd", "+48501723894": "+48501723894", "A@B, c@d": "A@B, c@d",
	} {
		if kept, ok := address.Kept(raw); !ok || kept != want {
			t.Errorf("of %q is kept %q (%t), want %q", raw, kept, ok, want)
		}
	}
	for _, raw := range []string{"", " ", "\u00a0"} {
		if kept, ok := address.Kept(raw); ok {
			t.Errorf("of %q is kept %q", raw, kept)
		}
	}
}

func FuzzKey(f *testing.F) {
	for want, spellings := range same {
		f.Add(want)
		for _, raw := range spellings {
			f.Add(raw)
		}
	}
	for _, raw := range alone {
		f.Add(raw)
	}
	f.Add(strings.Repeat("a", 319) + "@b")
	f.Fuzz(func(t *testing.T, raw string) {
		key, ok := address.Key(raw)
		if ok != (strings.TrimSpace(raw) != "") {
			t.Fatalf("%q has a key: %t", raw, ok)
		}
		if !ok {
			return
		}
		if again, ok := address.Key(key); !ok || again != key {
			t.Fatalf("the key of %q is %q, and the key of that %q", raw, key, again)
		}
		if !utf8.ValidString(key) || utf8.RuneCountInString(key) > address.MaxLength || strings.TrimSpace(key) == "" {
			t.Fatalf("the key of %q is %q", raw, key)
		}
		kept, ok := address.Kept(raw)
		if !ok || !address.Askable(kept) && utf8.ValidString(raw) {
			t.Fatalf("of %q is kept %q, which cannot be asked for", raw, kept)
		}
		if one, _ := address.Key(kept); utf8.RuneCountInString(raw) <= address.MaxLength && one != key {
			t.Fatalf("of %q is kept %q, with the key %q instead of %q", raw, kept, one, key)
		}
	})
}

func BenchmarkKey(b *testing.B) {
	for name, raw := range map[string]string{
		"E164": "+48501723894", "spaced": "501 723 894", "mailbox": "jan.kowalski@example.com", "named": "Jan Kowalski <jan.kowalski@example.com>",
		"text": "InPost", "sip": "sip:1001@pbx.example.com", "short": "1001",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				address.Key(raw)
			}
		})
	}
}

package address

import (
	"io"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// parser reads mailboxes after RFC 5322. The names in front of them are not looked at, whatever they are encoded in.
var parser = mail.AddressParser{WordDecoder: &mime.WordDecoder{
	CharsetReader: func(_ string, input io.Reader) (io.Reader, error) { return input, nil },
}}

// comment is what may stand beside a mailbox: "jan@example.com (Jan)".
var comment = regexp.MustCompile(`\([^()]*\)`)

// mailbox is the key of a mailbox, empty for what is none.
func mailbox(written string) string {
	if isBare(written) {
		return canonical(written)
	}
	if parsed, err := parser.Parse(written); err == nil {
		return canonical(parsed.Address)
	}
	// Names are written with all that they must not hold unquoted; what stands in brackets is the mailbox.
	for _, behind := range strings.Split(written, "<")[1:] {
		if inner, _, closed := strings.Cut(behind, ">"); closed && isBare(inner) {
			return canonical(inner)
		}
	}
	if without := strings.TrimSpace(comment.ReplaceAllString(written, "")); isBare(without) {
		return canonical(without)
	}
	return ""
}

// isBare says that a text is a mailbox and nothing else, be it in a form that RFC 5322 does not know.
func isBare(text string) bool {
	local, domain, _ := strings.Cut(text, "@")
	return local != "" && domain != "" && !strings.Contains(domain, "@") && !strings.ContainsFunc(text, func(r rune) bool {
		return strings.ContainsRune(`<>()",;`, r) || unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError
	})
}

// specials are the characters for which the part before the "@" is quoted.
const specials = ` ()<>[]:;@\,"`

// canonical is a mailbox in lower case with its domain in ASCII, empty where that would be an address of another kind.
func canonical(mailbox string) string {
	at := strings.LastIndexByte(mailbox, '@')
	local, domain := lower(mailbox[:at]), lower(mailbox[at+1:])
	if !isASCII(domain) {
		if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
			domain = ascii
		}
	}
	key := local + "@" + domain
	if strings.ContainsAny(local, specials) && !isBare(key) {
		key = strings.Trim((&mail.Address{Address: key}).String(), "<>")
	}
	if _, other := cutAnyPrefix(key, notMailboxes); other {
		return ""
	}
	return key
}

// notMailboxes begin texts that hold an "@" and are another kind of address, or a mailbox in other clothes.
var notMailboxes = slices.Concat([]string{mailto, local}, schemes, channels)

// local begins the channels by which Asterisk calls its own dial plan: "Local/101@from-queue-0000001a;2".
const local = "local/"

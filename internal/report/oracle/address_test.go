package oracle

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// maxKey is how many characters an address has at most.
const maxKey = 320

var (
	invisible    = regexp.MustCompile(`\p{Cf}`)
	blanks       = regexp.MustCompile(`[\p{Z}\s\x{0b}\x{85}]+`)
	nobody       = regexp.MustCompile(`^(?:anonymous|restricted|unknown|unavailable|private|withheld|blocked|(?:numer )?zastrzeżony|nieznany|-1|\+(?:266696687|7378742833|2562533|8656696|86282452253))$`)
	nowhere      = regexp.MustCompile(`@anonymous\.invalid$`)
	bracketed    = regexp.MustCompile(`^[^<]*<([^<>]*)>(?: ?;[^;<>@]*)*$`)
	uri          = regexp.MustCompile(`(?i)^(?:sips?|tel|whatsapp|viber|client):(.*)$`)
	channel      = regexp.MustCompile(`(?i)^(?:pj)?sip/(?:.*/)?([^@;?/]*)(?:[@;?].*)?$`)
	innerChannel = regexp.MustCompile(`(?i)^local/`)
	callNumber   = regexp.MustCompile(`(?i)^(.+)-[0-9a-f]{8}$`)
	quotation    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	remark       = regexp.MustCompile(`\([^()]*\)`)
	linked       = regexp.MustCompile(`(?i)^mailto:([^?]*)`)
	inBrackets   = regexp.MustCompile(`<([^<>]*)>`)
	bareMailbox  = regexp.MustCompile(`^[^\s@<>()",;]+@[^\s@<>()",;]+$`)
	extended     = regexp.MustCompile(`(?i)^(.*?[0-9].*?)(?:, ?\(?)?(?:wewnętrzny|wewn?\.?|extension|extn?\.?|x|,,+|;ext=|\*)[ :]*[0-9]{1,6}\)?$`)
	inBehind     = regexp.MustCompile(`^([-+ ./()]*(?:\+|0[- ./()]*0)?[- ./]*(?:[0-9][- ./]*){1,3})\( ?0 ?\)`)
	phone        = regexp.MustCompile(`^\+?[0-9]+$`)
	fullPolish   = regexp.MustCompile(`^\+48[1-9][0-9]{8}$`)
	fullForeign  = regexp.MustCompile(`^\+[0-9]{7,15}$`)
	internal     = regexp.MustCompile(`^[0-9]{2,6}$`)
	atHome       = regexp.MustCompile(`^(?:0|48)?([1-9][0-9]{8})$`)
)

// addressKey is what an address is compared by, written from the table of rules alone: not ok for what is empty.
func addressKey(raw string) (key string, ok bool) {
	if strings.TrimSpace(raw) == "" {
		return "", false
	}
	text := tidy(raw)
	if text == "" {
		return "\ufffd", true
	}
	key = tidyKey(text)
	if nobody.MatchString(key) || nowhere.MatchString(key) {
		return "anonymous", true
	}
	if runes := []rune(key); len(runes) > maxKey {
		key = string(runes[:maxKey-3]) + "..."
	}
	return key, true
}

func tidy(raw string) string {
	text := string([]rune(raw))
	for range 3 {
		text = norm.NFKC.String(invisible.ReplaceAllString(text, ""))
	}
	text = blanks.ReplaceAllString(text, " ")
	return strings.Trim(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, text), " ")
}

func tidyKey(text string) string {
	short := utf8.RuneCountInString(text) <= maxKey
	if short {
		if m := bracketed.FindStringSubmatch(text); m != nil && !bareMailbox.MatchString(m[1]) || m != nil && uri.MatchString(m[1]) {
			inner := strings.TrimSpace(m[1])
			if _, dialled := numberKey(inner); dialled || uri.MatchString(inner) || channel.MatchString(inner) || nobody.MatchString(small(inner)) {
				text = inner
			}
		}
		if user, found := userPart(text); found {
			key, _ := addressKey(user)
			return key
		}
	}
	if mail, found := mailKey(text); found {
		return mail
	}
	if number, found := numberKey(text); found && short {
		return number
	}
	return small(text)
}

// userPart is that of a SIP address, a link of another kind, or a channel of an exchange.
func userPart(text string) (string, bool) {
	user := ""
	if m := uri.FindStringSubmatch(text); m != nil {
		parts := strings.SplitN(m[1], "@", 2)
		user = parts[0]
		if len(parts) == 2 {
			if strings.EqualFold(regexp.MustCompile(`[:;?>].*$`).ReplaceAllString(parts[1], ""), "anonymous.invalid") {
				return "anonymous", true
			}
			user = strings.SplitN(user, ":", 2)[0]
		}
		user = regexp.MustCompile(`[;?].*$`).ReplaceAllString(user, "")
		if decoded, err := url.PathUnescape(user); err == nil {
			user = decoded
		}
	} else if m := channel.FindStringSubmatch(text); m != nil {
		user = m[1]
		if m := callNumber.FindStringSubmatch(user); m != nil {
			user = m[1]
		}
	}
	return user, tidy(user) != ""
}

func mailKey(text string) (string, bool) {
	if m := bracketed.FindStringSubmatch(text); m != nil && linked.MatchString(m[1]) {
		text = m[1]
	}
	if m := linked.FindStringSubmatch(text); m != nil {
		text = m[1]
		if decoded, err := url.PathUnescape(text); err == nil {
			text = decoded
		}
	}
	text = remark.ReplaceAllString(quotation.ReplaceAllString(text, ""), "")
	for _, piece := range regexp.MustCompile(`[,;]`).Split(text, -1) {
		candidate := strings.TrimSpace(piece)
		if m := inBrackets.FindStringSubmatch(piece); m != nil {
			candidate = strings.TrimSpace(m[1])
		}
		if bareMailbox.MatchString(candidate) && !innerChannel.MatchString(candidate) {
			name, domain, _ := strings.Cut(strings.ToLower(candidate), "@")
			if ascii, err := idna.ToASCII(domain); err == nil {
				domain = ascii
			}
			return name + "@" + domain, true
		}
	}
	return "", false
}

func numberKey(text string) (string, bool) {
	if m := extended.FindStringSubmatch(text); m != nil && !strings.ContainsFunc(m[1], unicode.IsLetter) {
		text = m[1]
	}
	without := inBehind.ReplaceAllString(text, "$1")
	for i, try := range []string{without, text} {
		number := strings.Map(func(r rune) rune {
			if r == ' ' || unicode.Is(unicode.Pd, r) || strings.ContainsRune("()./", r) {
				return -1
			}
			return r
		}, try)
		if !phone.MatchString(number) {
			return "", false
		}
		if after, found := strings.CutPrefix(number, "00"); found {
			number = "+" + after
		}
		dropped := i == 0 && without != text
		switch m := atHome.FindStringSubmatch(number); {
		case strings.HasPrefix(number, "+48"):
			return number, fullPolish.MatchString(number)
		case strings.HasPrefix(number, "+"):
			return number, fullForeign.MatchString(number)
		case dropped && !strings.HasPrefix(number, "48"): // no country code before the zero
		case dropped && len(number) != 11:
			return "", false
		case m != nil:
			return "+48" + m[1], true
		default:
			return number, internal.MatchString(number)
		}
	}
	return "", false
}

// small is a text in which the case of letters does not count.
func small(text string) string { return strings.ToLower(strings.ToUpper(text)) }

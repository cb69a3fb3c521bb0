package address

import (
	"net/url"
	"regexp"
	"strings"
)

// schemes begin addresses whose user part is the address; channels are those that a telephone exchange names so.
var (
	schemes  = []string{"sip:", "sips:", "tel:", "whatsapp:", "viber:", "client:"}
	channels = []string{"sip/", "pjsip/"}
)

// uriUser is the user part of a URI or channel, clean: not ok for any other text, and where there is none.
func uriUser(text string) (user string, ok bool) {
	if rest, found := cutAnyPrefix(text, schemes); found {
		user = userOfURI(rest)
	} else if rest, found := cutAnyPrefix(text, channels); found {
		user = userOfChannel(rest)
	}
	user = clean(user)
	return user, user != ""
}

func cutAnyPrefix(text string, prefixes []string) (rest string, found bool) {
	for _, prefix := range prefixes {
		if len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			return text[len(prefix):], true
		}
	}
	return "", false
}

// userOfURI drops the host, the port, the password and all parameters.
func userOfURI(rest string) string {
	user, host, hasHost := strings.Cut(rest, "@")
	if hasHost {
		if end := strings.IndexAny(host, ":;?>"); end >= 0 {
			host = host[:end]
		}
		if strings.EqualFold("@"+host, noDomain) {
			return Withheld
		}
		user, _, _ = strings.Cut(user, ":")
	}
	if end := strings.IndexAny(user, ";?"); end >= 0 {
		user = user[:end]
	}
	if decoded, err := url.PathUnescape(user); err == nil {
		return decoded
	}
	return user
}

// userOfChannel drops the host, the parameters and the number that tells the calls of one peer apart.
func userOfChannel(rest string) string {
	if end := strings.IndexAny(rest, "@;?"); end >= 0 {
		rest = rest[:end]
	}
	rest = rest[strings.LastIndexByte(rest, '/')+1:]
	const digits = 8
	if at := len(rest) - digits - 1; at > 0 && rest[at] == '-' && strings.Trim(rest[at+1:], "0123456789abcdefABCDEF") == "" {
		return rest[:at]
	}
	return rest
}

// parameters are those of a SIP header, behind the brackets of its URI.
var parameters = regexp.MustCompile(`^(?: ?;[^;<>@]*)*$`)

// enclosed is what stands in angle brackets behind a name, or alone, where it is a URI, a number, or names nobody.
// Mailboxes have grammar of their own.
func enclosed(text string) (inner string, ok bool) {
	open, shut := strings.LastIndexByte(text, '<'), strings.LastIndexByte(text, '>')
	if open < 0 || shut < open || !parameters.MatchString(text[shut+1:]) {
		return "", false
	}
	inner = strings.TrimSpace(text[open+1 : shut])
	if _, isURI := uriUser(inner); isURI {
		return inner, true
	}
	if _, isNumber := number(inner); isNumber {
		return inner, true
	}
	return inner, isWithheld(folded(inner))
}

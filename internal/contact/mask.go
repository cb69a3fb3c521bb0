package contact

import (
	"strings"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/address"
)

// hidden stands for what is not shown, however long it is.
const hidden = "***"

// minHidden is how many digits a mask must hide before it shows the last three.
const minHidden = 4

// maskedAsWritten is Masked for an address as the platform wrote it. The words for callers who are not told come out as
// they are.
func maskedAsWritten(raw string) string {
	if address.NamesNobody(raw) {
		return raw
	}
	key, ok := address.Key(raw)
	if !ok {
		return hidden
	}
	return Masked(key)
}

// Masked shows as much of an address as people need to tell it from others, and too little to call or write to them:
// "+48 *** *** 789", "a***@example.com". It takes the key of an address. Short internal numbers, names, and whatever
// else is not of those forms, come out as "***": an extension has too few digits to hide any. The key of withheld
// addresses names nobody, and comes out as it is.
func Masked(key string) string {
	switch {
	case key == address.Withheld:
		return key
	case strings.Contains(key, "@"):
		return maskedEmail(key)
	default:
		return maskedNumber(key)
	}
}

func maskedEmail(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if local == "" || domain == "" || strings.ContainsAny(address, ` "(),;<>`) || strings.Contains(domain, "@") || !utf8.ValidString(address) {
		return hidden
	}
	first, size := utf8.DecodeRuneInString(local)
	if size == len(local) { // one character would be all of it
		return hidden + "@" + domain
	}
	return string(first) + hidden + "@" + domain
}

func maskedNumber(address string) string {
	digits, international := strings.CutPrefix(address, "+")
	if !international || len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return hidden
	}
	code := callingCode(digits)
	if len(digits)-len(code)-3 < minHidden {
		return "+" + code + " " + hidden
	}
	return "+" + code + " " + hidden + " " + hidden + " " + digits[len(digits)-3:]
}

// twoDigitCodes are the calling codes of two digits after ITU-T E.164; 1 and 7 stand alone, all others have three.
const twoDigitCodes = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58" +
	" 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

func callingCode(digits string) string {
	switch {
	case digits[0] == '1' || digits[0] == '7':
		return digits[:1]
	case strings.Contains(twoDigitCodes, " "+digits[:2]+" "):
		return digits[:2]
	default:
		return digits[:3]
	}
}

package oracle

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// dice is a source of random choices that one seed repeats exactly.
type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

// chance is true in the given percentage of cases.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d dice, values []T) T { return values[d.IntN(len(values))] }

// skewed picks like life does: the first values far more often than the last.
func skewed[T any](d dice, values []T) T {
	share := d.Float64()
	return values[int(share*share*share*float64(len(values)))]
}

// maybe is a pointer to the value in the given percentage of cases.
func maybe[T any](d dice, percent int, value T) *T {
	if !d.chance(percent) {
		return nil
	}
	return &value
}

// addressBook is normalised addresses to be spelled in many ways.
func addressBook(d dice, size int) []string {
	book := []string{"112", "101", "12", "999999", "+15550100", "+4930555012345", "+358555123456789", "+442079460001"}
	for len(book) < size {
		switch d.IntN(4) {
		case 0:
			book = append(book, fmt.Sprintf("anna.%d@example.com", len(book)))
		case 1:
			book = append(book, fmt.Sprintf("żaneta+%d@poczta.example.pl", len(book)))
		case 2:
			book = append(book, fmt.Sprintf("%d", 10+d.IntN(99990)))
		default:
			book = append(book, fmt.Sprintf("+48%09d", 100_000_000+d.IntN(899_999_999)))
		}
	}
	return book
}

// spell writes a normalised address in one of the ways people and machines do.
func spell(d dice, key string) string {
	switch {
	case bareMailbox.MatchString(key):
		return spellMail(d, key)
	case key == "anonymous":
		return pick(d, []string{"Anonymous", "<unknown>", "-1", "Numer zastrzeżony", "+266 696 687", "sip:anonymous@anonymous.invalid"})
	case !internal.MatchString(key) && !fullForeign.MatchString(key):
		return pick(d, []string{key, " " + key, key + "\u00a0"})
	case !strings.HasPrefix(key, "+"):
		return pick(d, []string{key, " " + key, key + "\u00a0", fullWidth(key)})
	}
	spellings := []string{key, "00" + key[1:], "tel:" + key, "(" + key + ")", fullWidth(key)}
	if national, polish := strings.CutPrefix(key, "+48"); polish && len(national) == 9 {
		spellings = append(spellings, national, "0"+national, "48"+national, national, "(0"+national[:2]+")"+national[2:])
	}
	return punctuate(d, pick(d, spellings))
}

func spellMail(d dice, mail string) string {
	name, domain, _ := strings.Cut(mail, "@")
	spellings := []string{mail, strings.ToUpper(mail), strings.ToUpper(name) + "@" + domain, name + "＠" + domain}
	return pick(d, []string{"", " ", "\t"}) + pick(d, spellings) + pick(d, []string{"", " ", "\u00a0", "\n"})
}

// punctuate strews spaces, dashes and the like between digits.
func punctuate(d dice, number string) string {
	if d.chance(40) {
		return number
	}
	var spelled strings.Builder
	for i, r := range number {
		if r >= '0' && r <= '9' && i > 2 && d.chance(30) {
			spelled.WriteString(pick(d, []string{" ", "-", ".", "/", "\u00a0", "  ", "\u2009", "("}))
		}
		spelled.WriteRune(r)
	}
	return spelled.String()
}

func fullWidth(number string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '！' }, number)
}

// oddAddresses are what the platform writes where it knows no number, and what users mistype: addresses all the same.
var oddAddresses = []string{
	"anonymous", "wew. 12", "1", "1234567", "12345678", "1234567890", "123456789012", "+123456",
	"+1234567890123456", "00123456", "00", "+", "++48789789789", "48+789789789", "789789789 w. 3", "numer ukryty",
	"tel:", "-", "()", "789_789_789", "789,789,789", "#31#789789789", "*100#", "@", "@example.com", "anna@", "InPost", "PKO BP",
	"Anna <anna@example.com>", "sip:101@pbx.example.com", "numer zastrzeżony", "+48 22 100 01 01 wew. 5", "<unknown>", "SIP/anna-0000001a",
}

// notAddresses are what no address can be.
var notAddresses = []string{" ", "\u00a0\t", "a\x01b", "501723894\x7f", strings.Repeat("ż", maxKey+1), strings.Repeat("7", maxKey+1), "", "a\x00b", "\xff\xfe"}

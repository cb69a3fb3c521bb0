package sample

import (
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

// client is someone the call centre has to do with. Everything about a client follows from the seed, so that the same one
// calls again.
type client struct {
	seed uint64
	// record is the number of the client's record, -1 for a stranger.
	record int
	// campaign is that of the record, nil for a stranger.
	campaign *campaign
}

// clientOf is the client of a record.
func (g *Generator) clientOf(record int) client {
	seed := mix(g.config.Seed, saltRecord, uint64(record))
	r := random{seed}
	return client{seed: seed, record: record, campaign: &g.centre.campaigns[g.centre.busiestCampaign.draw(&r)]}
}

// knownClient draws a client who has a record; some call much more often than others.
func (g *Generator) knownClient(r *random) client { return g.clientOf(r.lowest(g.size.records)) }

// stranger draws a client without a record; strangers come back too.
func (g *Generator) stranger(r *random) client {
	return client{seed: mix(g.config.Seed, saltStranger, uint64(r.lowest(2*g.size.records))), record: -1}
}

// Facets of a client, each drawn from a stream of its own.
const (
	facetPhone = iota + 1
	facetName
	facetCompany
	facetEmail
	facetField
)

func (c client) facet(which uint64) random { return randomOf(c.seed, which) }

// mobilePrefixes and landlinePrefixes begin numbers of the Polish numbering plan.
var (
	mobilePrefixes   = []string{"501", "502", "510", "530", "570", "600", "601", "660", "691", "694", "720", "728", "731", "780", "790", "880", "888"}
	landlinePrefixes = []string{"12", "22", "32", "42", "58", "61", "71", "81", "91"}
)

// mobileNumber draws nine digits.
func mobileNumber(r *random) string {
	digits := make([]byte, 0, 9)
	digits = append(digits, oneOf(r, mobilePrefixes)...)
	return string(appendPadded(digits, r.below(1_000_000), 6))
}

// phone is the client's number in E.164; a few clients call from abroad.
func (c client) phone() string {
	r := c.facet(facetPhone)
	number := make([]byte, 0, 15)
	switch n := r.below(1000); {
	case n < 6:
		number = append(number, "+4930"...)
		number = appendPadded(number, 2_000_000+r.below(7_000_000), 7)
	case n < 120:
		number = append(number, "+48"...)
		number = append(number, oneOf(&r, landlinePrefixes)...)
		number = appendPadded(number, 2_000_000+r.below(7_000_000), 7)
	default:
		number = append(number, "+48"...)
		number = append(number, oneOf(&r, mobilePrefixes)...)
		number = appendPadded(number, r.below(1_000_000), 6)
	}
	return string(number)
}

// name is the client's first name and surname.
func (c client) name() string {
	r := c.facet(facetName)
	surname := oneOf(&r, surnames)
	if r.chance(530) {
		return oneOf(&r, womenNames) + " " + surname[1]
	}
	return oneOf(&r, menNames) + " " + surname[0]
}

// company is what the client's firm is called.
func (c client) company() string {
	r := c.facet(facetCompany)
	return oneOf(&r, companyKinds) + " " + oneOf(&r, companyNames) + " " + oneOf(&r, cities) + " " + oneOf(&r, companyForms)
}

// email is the client's address in one of the domains reserved for examples.
func (c client) email() string {
	r := c.facet(facetEmail)
	given, family, _ := strings.Cut(plain(strings.ToLower(c.name())), " ")
	domain := oneOf(&r, []string{"example.com", "poczta.example.com", "example.org", "mail.example.org", "example.net"})
	return given + "." + family + strconv.Itoa(r.between(1, 99)) + "@" + domain
}

// significantValue is what the significant field of the client's record holds, nil where it is empty.
func (c client) significantValue() *string {
	r := c.facet(facetField)
	switch c.campaign.significant {
	case "Firma":
		return new(c.company())
	case "Numer umowy":
		if r.chance(30) {
			return nil
		}
		return new("UM/" + string(appendPadded(nil, r.below(10_000_000), 7)) + "/" + strconv.Itoa(r.between(2018, 2026)))
	case "Segment":
		return new(oneOf(&r, segments))
	default:
		return new(c.name())
	}
}

// reference is the client's record as contacts name it, nil for a stranger.
func (g *Generator) reference(c client) *format.RecordReference {
	if c.record < 0 {
		return nil
	}
	ref := &format.RecordReference{ExternalID: g.recordID(c.record)}
	if c.campaign.significant != "" {
		ref.SignificantField = &format.SignificantField{Name: c.campaign.significant, Value: c.significantValue()}
	}
	return ref
}

func (g *Generator) recordID(record int) string { return g.id("R", record, 7) }

// id is an external id of the configuration's own: seed, kind, number.
func (g *Generator) id(kind string, number, digits int) string {
	b := strconv.AppendUint(make([]byte, 0, 32), g.config.Seed, 10)
	b = append(b, '-')
	b = append(b, kind...)
	return string(appendPadded(b, number, digits))
}

// appendPadded appends a number that is not negative, with zeros in front.
func appendPadded(b []byte, number, digits int) []byte {
	for limit := 10; digits > 1; digits-- {
		if number < limit {
			break
		}
		limit *= 10
	}
	// What is left of digits is the number of zeros, plus one.
	for range digits - 1 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(number), 10)
}

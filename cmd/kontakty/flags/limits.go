package flags

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/server"
)

// Limits bound what one request, and one principal, may take.
type Limits struct {
	RatePerMinute    Number   `name:"rate-per-minute" env:"KONTAKTY_RATE_PER_MINUTE" default:"600000" placeholder:"UNITS" help:"Cost that a key or a person may ask for in a minute; a unit is a tenth of a millisecond of statements or a KiB of the answer (default: ${default})."`
	RateBurst        Number   `name:"rate-burst" env:"KONTAKTY_RATE_BURST" default:"200000" placeholder:"UNITS" help:"Cost that may be asked for at once after a pause (default: ${default})."`
	RequestTimeout   Span     `name:"request-timeout" env:"KONTAKTY_REQUEST_TIMEOUT" default:"10s" placeholder:"TIME" help:"How long an answer may take, subscriptions and files apart (default: ${default})."`
	StatementTimeout Span     `name:"statement-timeout" env:"KONTAKTY_STATEMENT_TIMEOUT" default:"5s" placeholder:"TIME" help:"How long one statement for an answer may take in the database (default: ${default})."`
	WriteConnections Number   `name:"write-connections" env:"KONTAKTY_WRITE_CONNECTIONS" default:"6" placeholder:"N" help:"Connections to the database for what the API records and orders: so many calls write at once (default: ${default})."`
	Limits           []string `name:"limits" env:"KONTAKTY_LIMITS" placeholder:"NAME=N" help:"Other limits of a request: ${limits}."`
	NoIntrospection  Toggle   `name:"no-introspection" env:"KONTAKTY_NO_INTROSPECTION" help:"Do not tell the schema over /graphql and /schema.graphql. GraphiQL then has no help for its editor."`

	ratePerMinute, rateBurst         int
	requestTimeout, statementTimeout time.Duration
	requestLimits                    guard.Limits
	noIntrospection                  bool
	writeConnections                 int
}

// limitNames are the limits that --limits can name.
var limitNames = []struct {
	name string
	of   func(*guard.Limits) any // *int or *int64
}{
	{"body-bytes", func(l *guard.Limits) any { return &l.BodyBytes }},
	{"record-bytes", func(l *guard.Limits) any { return &l.RecordBytes }},
	{"document-bytes", func(l *guard.Limits) any { return &l.DocumentBytes }},
	{"tokens", func(l *guard.Limits) any { return &l.Tokens }},
	{"depth", func(l *guard.Limits) any { return &l.Depth }},
	{"introspection-depth", func(l *guard.Limits) any { return &l.IntrospectionDepth }},
	{"fields", func(l *guard.Limits) any { return &l.Fields }},
	{"aliases", func(l *guard.Limits) any { return &l.Aliases }},
	{"repeats", func(l *guard.Limits) any { return &l.Repeats }},
	{"directives", func(l *guard.Limits) any { return &l.Directives }},
	{"fragments", func(l *guard.Limits) any { return &l.Fragments }},
	{"cost", func(l *guard.Limits) any { return &l.Cost }},
	{"answer-bytes", func(l *guard.Limits) any { return &l.AnswerBytes }},
	{"streams", func(l *guard.Limits) any { return &l.Streams }},
	{"arriving-streams", func(l *guard.Limits) any { return &l.ArrivingStreams }},
	{"operations", func(l *guard.Limits) any { return &l.Operations }},
}

// maxLimit is the most that a limit can be set to, so that nothing overflows.
const maxLimit = 1 << 30

// LimitsInWords lists the limits with their defaults, for the help.
func LimitsInWords() string {
	defaults := guard.DefaultLimits
	words := make([]string, len(limitNames))
	for i, limit := range limitNames {
		value := limit.of(&defaults)
		if wide, isWide := value.(*int64); isWide {
			words[i] = fmt.Sprintf("%s=%d", limit.name, *wide)
			continue
		}
		words[i] = fmt.Sprintf("%s=%d", limit.name, *value.(*int))
	}
	return strings.Join(words, ", ")
}

// Check reads them all.
func (f *Limits) Check(wrong *Faults) {
	f.ratePerMinute = int(f.RatePerMinute.Read(wrong, "--rate-per-minute", 1, maxLimit))
	f.rateBurst = int(f.RateBurst.Read(wrong, "--rate-burst", 1, maxLimit))
	f.requestTimeout = f.RequestTimeout.ReadShort(wrong, "--request-timeout", 100*time.Millisecond, server.MaxAnswerTime)
	f.statementTimeout = f.StatementTimeout.ReadShort(wrong, "--statement-timeout", 100*time.Millisecond, server.MaxAnswerTime)
	f.noIntrospection = f.NoIntrospection.Read(wrong, "--no-introspection")
	f.writeConnections = int(f.WriteConnections.Read(wrong, "--write-connections", 1, server.MaxWriteConnections))
	for _, text := range f.Limits {
		f.set(wrong, text)
	}
}

// set reads NAME=N.
func (f *Limits) set(wrong *Faults, text string) {
	name, value, _ := strings.Cut(text, "=")
	for _, limit := range limitNames {
		if limit.name != name {
			continue
		}
		number, err := strconv.ParseInt(value, 10, 64)
		if err != nil || number < 1 || number > maxLimit {
			wrong.Add("--limits", fmt.Sprintf("%q is not a whole number from 1 to %d", value, maxLimit), "write for example "+name+"=12")
			return
		}
		switch target := limit.of(&f.requestLimits).(type) {
		case *int:
			*target = int(number)
		case *int64:
			*target = number
		}
		return
	}
	wrong.Add("--limits", fmt.Sprintf("%q is no limit", name), "the limits are "+LimitsInWords())
}

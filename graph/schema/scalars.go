package schema

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/internal/fault"
)

// The scalars take what the GraphQL specification takes and nothing else: gqlgen's own would read 7 as a text and "7"
// as a number. Every refusal is a fault, so that it leaves with a code.

// maxLong is the largest absolute value of a Long: beyond it JavaScript rounds.
const maxLong = 1<<53 - 1

func refuse(what string) error { return fault.New(fault.DocumentInvalid, "", what) }

// MarshalDateTime writes an instant in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = w.Write(t.UTC().AppendFormat(make([]byte, 0, 40), `"`+time.RFC3339Nano+`"`))
	})
}

// UnmarshalDateTime reads an RFC 3339 instant with an offset.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, refuse("DateTime is a text such as 2024-03-04T08:09:16+01:00")
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return time.Time{}, refuse("DateTime is RFC 3339 with an offset, such as 2024-03-04T08:09:16+01:00, between the years 1900 and 2999")
	}
	return t, nil
}

// MarshalDate writes a calendar date.
func MarshalDate(date string) graphql.Marshaler { return graphql.MarshalString(date) }

// UnmarshalDate takes any text: whether it is a date is for the filter to say, with its own code and path.
func UnmarshalDate(v any) (string, error) { return text(v, "Date is a text such as 2024-03-31") }

// MarshalLocalTime writes a time of day.
func MarshalLocalTime(clock string) graphql.Marshaler { return graphql.MarshalString(clock) }

// UnmarshalLocalTime takes any text: whether it is a time is for the filter to say, with its own code and path.
func UnmarshalLocalTime(v any) (string, error) { return text(v, "LocalTime is a text such as 16:30") }

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a text.
func UnmarshalString(v any) (string, error) { return text(v, "String is a text") }

// MarshalID writes an id.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID reads an id. A number is one by the specification, though this API never gave one out.
func UnmarshalID(v any) (string, error) {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10), nil
	case json.Number:
		return v.String(), nil
	default:
		return text(v, "ID is a text")
	}
}

// MarshalBoolean writes true or false.
func MarshalBoolean(b bool) graphql.Marshaler { return graphql.MarshalBoolean(b) }

// UnmarshalBoolean reads true or false.
func UnmarshalBoolean(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, refuse("Boolean is true or false")
	}
	return b, nil
}

// MarshalInt writes a whole number.
func MarshalInt(i int) graphql.Marshaler { return graphql.MarshalInt(i) }

// UnmarshalInt reads a whole number of 32 bits.
func UnmarshalInt(v any) (int, error) {
	n, ok := whole(v)
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, refuse("Int is a whole number between -2147483648 and 2147483647")
	}
	return int(n), nil
}

// MarshalFloat writes a number.
func MarshalFloat(f float64) graphql.Marshaler { return graphql.MarshalFloat(f) }

// UnmarshalFloat reads a number.
func UnmarshalFloat(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case json.Number:
		f, err := v.Float64()
		if err == nil {
			return f, nil
		}
	default:
		if n, ok := whole(v); ok {
			return float64(n), nil
		}
	}
	return 0, refuse("Float is a number")
}

// MarshalLong writes a whole number.
func MarshalLong(n int64) graphql.Marshaler { return graphql.MarshalInt64(n) }

// UnmarshalLong reads a whole number that JavaScript reads exactly.
func UnmarshalLong(v any) (int64, error) {
	n, ok := whole(v)
	if !ok || n < -maxLong || n > maxLong {
		return 0, refuse("Long is a whole number between -9007199254740991 and 9007199254740991")
	}
	return n, nil
}

func text(v any, want string) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", refuse(want)
	}
	return s, nil
}

// whole reads a whole number: a literal comes as int64, a variable as json.Number, which may spell 7 as 7.0 or 70e-1.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, true
		}
		f, err := v.Float64()
		return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) <= maxLong
	default:
		return 0, false
	}
}

package flags

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Number is a count or a seed: the text as given until check reads it.
type Number string

// Read makes a number of the text, between lowest and highest.
func (n Number) Read(wrong *Faults, flag string, lowest, highest int64) int64 {
	value, err := strconv.ParseInt(strings.ReplaceAll(string(n), "_", ""), 10, 64)
	if err != nil || value < lowest || value > highest {
		wrong.Add(flag, fmt.Sprintf("%q is not a whole number from %d to %d", string(n), lowest, highest), fmt.Sprintf("write for example %s %d", flag, max(lowest, min(highest, 3))))
	}
	return value
}

// Span is a length of time, in days or as Go writes it: the text as given until check reads it.
type Span string

// Read makes a duration of the text, between lowest and highest.
func (s Span) Read(wrong *Faults, flag string, lowest, highest time.Duration) time.Duration {
	const day = 24 * time.Hour
	value, err := ParseSpan(string(s))
	if err != nil || value < lowest || value > highest {
		wrong.Add(flag, fmt.Sprintf("%q is not a time from %dd to %dd", string(s), lowest/day, highest/day), fmt.Sprintf("write for example %s %dd or %s 36h", flag, max(lowest/day, min(highest/day, 7)), flag))
	}
	return value
}

// ReadShort is Read for lengths far below a day.
func (s Span) ReadShort(wrong *Faults, flag string, lowest, highest time.Duration) time.Duration {
	value, err := ParseSpan(string(s))
	if err != nil || value < lowest || value > highest {
		wrong.Add(flag, fmt.Sprintf("%q is not a time from %s to %s", string(s), lowest, highest), "write for example "+flag+" 5s")
	}
	return value
}

// ParseSpan reads a length of time, in days or as Go writes it.
func ParseSpan(text string) (time.Duration, error) {
	if days, inDays := strings.CutSuffix(text, "d"); inDays {
		count, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(count) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

// Toggle is a flag that is on or off: the text as given until check reads it, because the environment and the
// configuration file can say anything.
type Toggle string

// IsBool tells kong that the flag stands alone.
func (*Toggle) IsBool() bool { return true }

// Decode keeps what was given.
func (t *Toggle) Decode(ctx *kong.DecodeContext) error {
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		*t = "true"
		return nil
	}
	*t = Toggle(fmt.Sprint(ctx.Scan.Pop().Value))
	return nil
}

// Read says whether the flag is on.
func (t Toggle) Read(wrong *Faults, flag string) bool {
	if t == "" {
		return false
	}
	on, err := strconv.ParseBool(string(t))
	if err != nil {
		wrong.Add(flag, fmt.Sprintf("%q is neither true nor false", string(t)), "write "+flag+" or leave it out")
	}
	return on
}

var _ kong.BoolMapperValue = (*Toggle)(nil)

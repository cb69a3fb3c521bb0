package asterisk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
)

// CDRColumns are the values of a CDR row: those of Master.csv in its order, then those that only FreePBX's table has.
// Instants are seconds since 1970 in decimal, empty for none.
var CDRColumns = []string{
	"accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end", "duration", "billsec",
	"disposition", "amaflags", "uniqueid", "userfield", "peeraccount", "linkedid", "sequence", "did", "recordingfile", "outbound_cnum", "cnum", "cnam",
}

// columnOf is the place of a column among the values of a CDR row.
var columnOf = func() map[string]int {
	places := map[string]int{}
	for i, name := range CDRColumns {
		places[name] = i
	}
	return places
}()

// cdrRow is a CDR row.
type cdrRow []string

func (r cdrRow) field(column string) string { return r[columnOf[column]] }

// second is a column that holds an instant, never if it is empty.
func (r cdrRow) second(column string) int64 {
	value, err := strconv.ParseInt(r.field(column), 10, 64)
	if err != nil {
		return never
	}
	return value
}

// callID is what the row has in common with others of its call.
func (r cdrRow) callID() string {
	if linked := r.field("linkedid"); linked != "" {
		return linked
	}
	return r.field("uniqueid")
}

func (r cdrRow) answered() bool { return r.field("disposition") == "ANSWERED" }

// cdrRows are the CDR rows of a call.
type cdrRows []cdrRow

func cdrRowsOf(rows []telephony.Row) cdrRows {
	var all cdrRows
	for i := range rows {
		if row := &rows[i]; row.Kind == telephony.CDR && len(row.Fields) == len(CDRColumns) {
			all = append(all, cdrRow(row.Fields))
		}
	}
	slices.SortStableFunc(all, func(a, b cdrRow) int {
		if order := int(a.second("start") - b.second("start")); order != 0 {
			return order
		}
		first, _ := strconv.Atoi(a.field("sequence"))
		second, _ := strconv.Atoi(b.field("sequence"))
		if first != second {
			return first - second
		}
		return strings.Compare(strings.Join(a, "\x00"), strings.Join(b, "\x00"))
	})
	return all
}

// value is the first value of a column among the rows of a channel.
func (r cdrRows) value(uid, column string) string {
	for _, row := range r {
		if row.field("uniqueid") == uid && row.field(column) != "" {
			return row.field(column)
		}
	}
	return ""
}

// first is the first value of a column.
func (r cdrRows) first(column string) string {
	place, found := columnOf[column]
	if !found {
		return ""
	}
	for _, row := range r {
		if row[place] != "" {
			return row[place]
		}
	}
	return ""
}

package xlsx

import "time"

// style says how a cell is shown. The numbers are the order in which the styles are made.
type style uint8

const (
	textStyle style = iota
	instantStyle
	durationStyle
	integerStyle
	headerStyle
	labelStyle
	noteStyle
	styleCount
)

// Cell is one value of a line. The zero Cell is blank.
type Cell struct {
	kind   cellKind
	style  style
	easy   bool // the text is written as it is
	text   string
	number float64
}

type cellKind uint8

const (
	blankCell cellKind = iota
	textCell
	numberCell
)

// Blank is a cell without a value.
var Blank Cell

// Text is a text as it is, whatever it begins with. The empty text is blank. A cell that comes again and again is best made
// once: its text is looked through here.
func Text(text string) Cell {
	if text == "" {
		return Blank
	}
	return Cell{kind: textCell, style: textStyle, easy: isEasy(text), text: text}
}

// Integer is a whole number.
func Integer(number int) Cell {
	return Cell{kind: numberCell, style: integerStyle, number: float64(number)}
}

// Seconds is a duration, shown as hours, minutes and seconds; the hours go on past 24.
func Seconds(seconds int) Cell {
	return Cell{kind: numberCell, style: durationStyle, number: float64(seconds) / secondsPerDay}
}

// Instant is a moment, shown as the wall clock of the time's own location to the whole second. Excel knows no dates
// before 1900 and after 9999; such a moment is shown as text.
func Instant(moment time.Time) Cell {
	serial, ok := serialOf(moment)
	if !ok {
		return Text(moment.Format("2006-01-02 15:04:05"))
	}
	return Cell{kind: numberCell, style: instantStyle, number: serial}
}

// Value is what a cell holds: a text, or a number as Excel keeps it; false for a blank one.
func (c Cell) Value() (text string, number float64, ok bool) {
	return c.text, c.number, c.kind != blankCell
}

const secondsPerDay = 86400

// The days, counted from 1970, between which Excel knows dates.
const (
	// dayZero is the day whose serial is 0 in the reckoning from March 1900 on: 30 December 1899.
	dayZero = -25569
	// firstSoundDay, 1 March 1900, ends the months in which Excel's serials are one lower, for it believes in 29 February
	// 1900.
	firstSoundDay = -25508
	firstDay      = -25567  // 1 January 1900
	lastDay       = 2932896 // 31 December 9999
)

// serialOf is Excel's number of a moment's wall clock: days since 1900 with the time of day as a fraction.
func serialOf(moment time.Time) (float64, bool) {
	_, offset := moment.Zone()
	seconds := moment.Unix() + int64(offset)
	day, second := seconds/secondsPerDay, seconds%secondsPerDay
	if second < 0 {
		day, second = day-1, second+secondsPerDay
	}
	if day < firstDay || day > lastDay {
		return 0, false
	}
	serial := day - dayZero
	if day < firstSoundDay {
		serial--
	}
	return float64(serial) + float64(second)/secondsPerDay, true
}

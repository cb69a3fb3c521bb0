package summary

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// Dimension is what contacts are grouped by.
type Dimension string

// The dimensions.
const (
	Hour       Dimension = "HOUR"
	Day        Dimension = "DAY"
	Week       Dimension = "WEEK"
	Month      Dimension = "MONTH"
	HourOfDay  Dimension = "HOUR_OF_DAY"
	DayOfWeek  Dimension = "DAY_OF_WEEK"
	ByType     Dimension = "TYPE"
	ByStatus   Dimension = "STATUS"
	ByOutcome  Dimension = "OUTCOME"
	ByHangup   Dimension = "HANGUP_PARTY"
	ByCampaign Dimension = "CAMPAIGN"
	ByQueue    Dimension = "QUEUE"
	ByAgent    Dimension = "AGENT"
	ByClass    Dimension = "CLASSIFIER"
)

const (
	// maxDimensions is how many dimensions groups may have.
	maxDimensions = 3
	// maxHourlyDays is how many days may be grouped by hour.
	maxHourlyDays = 31
)

// calendarDimensions are the spans of a calendar, of which groups have one at most.
var calendarDimensions = []Dimension{Hour, Day, Week, Month}

// labels are the columns of the dimensions that are no time. The outcome is told of each cell.
var labels = map[Dimension]plan.Label{
	ByType: plan.ByType, ByStatus: plan.ByStatus, ByHangup: plan.ByHangup,
	ByCampaign: plan.ByCampaign, ByQueue: plan.ByQueue, ByAgent: plan.ByAgent, ByClass: plan.ByClassifier,
}

// words are the values of the dimensions that are enumerations, in their order.
var words = map[Dimension][]string{
	ByType: contact.Texts(contact.Types), ByStatus: contact.Texts(contact.Statuses), ByOutcome: contact.Texts(contact.Outcomes),
	ByHangup: contact.Texts(contact.HangupParties),
}

func (d Dimension) isTime() bool {
	return slices.Contains(calendarDimensions, d) || d == HourOfDay || d == DayOfWeek
}

func (d Dimension) isHourly() bool { return d == Hour || d == HourOfDay }

// checkDimensions refuses what cannot be grouped by. Errors: INVALID_GROUPING.
func checkDimensions(by []Dimension) error {
	calendars := 0
	for i, one := range by {
		if slices.Contains(calendarDimensions, one) {
			calendars++
		}
		if slices.Contains(by[:i], one) {
			calendars = len(by) + 1
		}
	}
	if len(by) == 0 || len(by) > maxDimensions || calendars > 1 {
		return fault.New(fault.GroupingImpossible, "by", maxDimensions)
	}
	return nil
}

package plan_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// Values are parameters; the text of the statement is made of names alone.
func ExampleQuery_Count() {
	march := calendar.Interval{Start: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC)}
	query := plan.Query{
		Conditions: []plan.Condition{plan.In(plan.AgentID, contact.NewSet([]int64{7}))},
		Intervals:  []calendar.Interval{march},
	}
	statement := query.Count()
	fmt.Println(statement.SQL)
	fmt.Println(statement.Arguments[2])
	// Output:
	// SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
	// WHERE c.started_at >= $1 AND c.started_at < $2 AND c.agent_id = $3::int
	// 7
}

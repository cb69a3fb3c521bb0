package oracle

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
)

// world is all the data of a report, in memory.
type world struct {
	rows []*row
	byID map[int64]*row

	agents      []directory.Agent
	groups      []group
	campaigns   []int64
	queues      []int64
	classifiers []int64
	siteCalls   []int64
	records     []int64
	tickets     []string
	zones       []*time.Location
}

// row is one contact with its addresses as the oracle normalises them.
type row struct {
	contact.Contact

	sourceKey, destinationKey *string
	steps                     []step
	details                   *contact.DetailsContent
}

type step struct {
	name    string
	kind    contact.StepKind
	choice  *string
	entered time.Time
	left    *time.Time
}

type group struct {
	id      int64
	members []int64
}

func (w *world) add(r *row) {
	r.TalkTime = talkTime(r.IVRTime, r.AgentTalkTime)
	r.sourceKey, r.destinationKey = keyOf(r.SourceAddress), keyOf(r.DestinationAddress)
	w.rows = append(w.rows, r)
	w.byID[r.ID] = r
}

// lines is the number of lines that the contact takes in the detailed file.
func (r *row) lines() int {
	if r.Type == contact.CampaignInboundCall {
		return max(1, len(r.steps))
	}
	return 1
}

// recordOf is the record of a number. Some have no significant field, or nothing in it.
func recordOf(id int64) contact.Record {
	r := contact.Record{ID: id, ExternalID: fmt.Sprintf("record-%d", id)}
	if id%2 == 0 {
		r.SignificantName = pointer("Firma")
	}
	if id%4 == 0 {
		r.SignificantValue = pointer(fmt.Sprintf("„Żółw” s.c. %d", id))
	}
	return r
}

func talkTime(ivr, agent *int) *int {
	if ivr == nil && agent == nil {
		return nil
	}
	sum := 0
	for _, part := range []*int{ivr, agent} {
		if part != nil {
			sum += *part
		}
	}
	return &sum
}

func keyOf(raw *string) *string {
	if raw == nil {
		return nil
	}
	key, ok := addressKey(*raw)
	if !ok {
		return nil
	}
	return &key
}

func identifiers(agents []directory.Agent) []int64 {
	ids := make([]int64, len(agents))
	for i, agent := range agents {
		ids[i] = agent.ID
	}
	return ids
}

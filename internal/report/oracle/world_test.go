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
	// numbers are our numbers of the contacts by the platform's ids.
	numbers map[string]int64

	agents      []directory.Agent
	groups      []group
	campaigns   []int64
	queues      []int64
	classifiers []int64
	siteCalls   []int64
	records     []int64
	tickets     []string
	zones       []*time.Location

	acquaintances acquaintances
}

// row is one contact with its addresses as the oracle normalises them.
type row struct {
	contact.Contact

	sourceKey, destinationKey *string
	further                   []further
	steps                     []step
	details                   *contact.DetailsContent
}

// further is an address of a contact beside its source and its destination: its address key, and whether it is one of a hidden
// recipient alone.
type further struct{ role, key string }

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
	r.further = r.furtherAddresses()
	r.workOutFacts()
	w.rows = append(w.rows, r)
	w.byID[r.ID] = r
	if w.numbers == nil {
		w.numbers = map[string]int64{}
	}
	w.numbers[r.ExternalID] = r.ID
}

// furtherAddresses are the address keys of all recipients but the first, each once, in the role in which most may see it.
func (r *row) furtherAddresses() []further {
	var all []further
	known := map[string]bool{}
	for _, own := range []*string{r.sourceKey, r.destinationKey} {
		if own != nil {
			known[*own] = true
		}
	}
	for _, part := range []struct {
		role      string
		addresses []string
	}{{"TO", r.ToAddresses}, {"CC", r.CCAddresses}, {"BCC", r.BCCAddresses}} {
		for _, address := range part.addresses {
			if key, ok := addressKey(address); ok && !known[key] {
				known[key] = true
				all = append(all, further{part.role, key})
			}
		}
	}
	return all
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

// recordNumbers are our numbers of the records by the platform's ids.
func (w *world) recordNumbers() map[string]int64 {
	numbers := make(map[string]int64, len(w.records))
	for _, id := range w.records {
		numbers[recordOf(id).ExternalID] = id
	}
	return numbers
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

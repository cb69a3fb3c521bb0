package sample

import (
	"strconv"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// rows are contacts as the tables hold them.
type rows struct {
	contacts, addresses, steps, details, identities pgbinary.Rows
}

// newRows has room for so many contacts of the usual size.
func newRows(contacts int) *rows {
	return &rows{
		contacts:   make(pgbinary.Rows, 0, 330*contacts),
		addresses:  make(pgbinary.Rows, 0, 8*contacts),
		steps:      make(pgbinary.Rows, 0, 200*contacts),
		details:    make(pgbinary.Rows, 0, 140*contacts),
		identities: make(pgbinary.Rows, 0, 80*contacts),
	}
}

// numbering knows our own numbers of what contacts point at.
type numbering struct {
	agents, campaigns, queues, classifiers, siteCalls map[string]int
	// rules are those of facts.
	rules contact.FactRules
	// firstContact and firstRecord are the numbers of the generator's contact 0 and record 0.
	firstContact, firstRecord int64
	// contactDigits and recordDigits are where the number begins in an external id.
	contactDigits, recordDigits int
}

// tied is what a contact points at.
func (n *numbering) tied(c *format.Contact) directory.Row {
	number := func(numbers map[string]int, to *format.Reference) int {
		if to == nil {
			return 0
		}
		return numbers[to.ExternalID]
	}
	return directory.Row{
		Campaign: number(n.campaigns, c.Campaign), Agent: number(n.agents, c.Agent), Queue: number(n.queues, c.Queue),
		Classifier: number(n.classifiers, c.Classifier), SiteCall: number(n.siteCalls, c.SiteCall),
	}
}

// add appends a contact.
func (r *rows) add(n *numbering, c *format.Contact) {
	numbers := ingest.Numbers{ID: n.firstContact + numberIn(c.ExternalID, n.contactDigits), Things: n.tied(c)}
	if c.Record != nil {
		numbers.Record = n.firstRecord + numberIn(c.Record.ExternalID, n.recordDigits)
	}
	prepared := ingest.Prepare(c)
	prepared.AppendIdentity(&r.identities, numbers.ID)
	prepared.AppendContact(&r.contacts, numbers, n.rules)
	prepared.AppendAddresses(&r.addresses, numbers.ID)
	prepared.AppendSteps(&r.steps, numbers.ID)
	prepared.AppendDetails(&r.details, numbers.ID)
}

// numberIn is the number that an external id of ours ends with.
func numberIn(externalID string, digits int) int64 {
	n, err := strconv.ParseInt(externalID[digits:], 10, 64)
	if err != nil {
		panic("sample: the external id " + externalID + " ends with no number") // it was made here
	}
	return n
}

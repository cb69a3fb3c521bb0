package sample

import (
	"errors"
	"fmt"
	"time"
)

// Config says what to make. The same Config makes the same data.
type Config struct {
	// Contacts is how many contacts to make, 0 to 100 million.
	Contacts int
	// Months is how many months the contacts cover, 1 to 120; they end at Until.
	Months int
	// Seed tells sets of data apart: external ids of contacts and records begin with it.
	Seed uint64
	// Until is the moment that the contacts lead up to; those in progress are in progress then, and what waits to be
	// sent waits until later on its day. Fractions of a second are dropped.
	Until time.Time
}

const (
	maxContacts = 100_000_000
	maxMonths   = 120
)

// Validate says everything that is wrong with the configuration.
func (o Config) Validate() error {
	var faults []error
	if o.Contacts < 0 || o.Contacts > maxContacts {
		faults = append(faults, fmt.Errorf("contacts: %d is not between 0 and %d", o.Contacts, maxContacts))
	}
	if o.Months < 1 || o.Months > maxMonths {
		faults = append(faults, fmt.Errorf("months: %d is not between 1 and %d", o.Months, maxMonths))
	}
	if year := o.Until.Year(); year < 2000 || year > 2200 {
		faults = append(faults, fmt.Errorf("until: %d is not between the years 2000 and 2200", year))
	}
	return errors.Join(faults...)
}

// size is how many things there are for a number of contacts.
type size struct {
	contacts int

	agents, deleted, groups, campaigns, queues, classifiers, siteCalls int
	// records is the pool that contacts draw from; some 70 % of it occur.
	records int
}

// sizes are the sizes of call centres that were looked at; those between them lie on the line between their neighbours.
var sizes = []size{
	{contacts: 0, agents: 10, deleted: 1, groups: 3, campaigns: 6, queues: 8, classifiers: 12, siteCalls: 1, records: 40},
	{contacts: 30_000, agents: 40, deleted: 4, groups: 6, campaigns: 12, queues: 20, classifiers: 20, siteCalls: 3, records: 12_000},
	{contacts: 1_000_000, agents: 160, deleted: 16, groups: 12, campaigns: 30, queues: 60, classifiers: 40, siteCalls: 8, records: 450_000},
	{contacts: 10_000_000, agents: 400, deleted: 40, groups: 25, campaigns: 60, queues: 120, classifiers: 80, siteCalls: 20, records: 4_700_000},
}

// sizeFor is the size of a call centre with so many contacts. Beyond the largest one only the records grow.
func sizeFor(contacts int) size {
	for i := 1; i < len(sizes); i++ {
		a, b := sizes[i-1], sizes[i]
		if contacts > b.contacts {
			continue
		}
		between := func(low, high int) int {
			return low + (high-low)*(contacts-a.contacts)/(b.contacts-a.contacts)
		}
		return size{
			contacts: contacts,
			agents:   between(a.agents, b.agents), deleted: between(a.deleted, b.deleted), groups: between(a.groups, b.groups),
			campaigns: between(a.campaigns, b.campaigns), queues: between(a.queues, b.queues),
			classifiers: between(a.classifiers, b.classifiers), siteCalls: between(a.siteCalls, b.siteCalls),
			records: between(a.records, b.records),
		}
	}
	s := sizes[len(sizes)-1]
	s.records = s.records / 1000 * (contacts / (s.contacts / 1000))
	s.contacts = contacts
	return s
}

package migrations_test

import (
	"fmt"
	"testing/fstest"

	"github.com/kontakty/kontakty/migrations"
)

// A directive makes a statement for each partition of a table, whose locks are known before it is executed.
func ExampleRead() {
	files := fstest.MapFS{"0042_tickets.up.sql": {Data: []byte(`
-- each partition of contacts: CREATE INDEX CONCURRENTLY {child}_tickets ON {child} (ticket_id)
`)}}
	step, err := migrations.Read(files, "0042_tickets", "up")
	if err != nil {
		fmt.Println(err)
		return
	}
	one := step.Statements[0].For("contacts_202401")
	fmt.Println(one.SQL)
	for _, lock := range one.Locks() {
		fmt.Printf("%s on %s: %s\n", lock.Mode, lock.Relation, lock.Mode.Waiting())
	}
	// Output:
	// CREATE INDEX CONCURRENTLY contacts_202401_tickets ON contacts_202401 (ticket_id)
	// SHARE UPDATE EXCLUSIVE on contacts_202401: nobody waits
}

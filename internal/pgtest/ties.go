package pgtest

import "testing"

// ties are those that the contacts in the database must have: which small things those of each campaign and of each agent
// point at.
const ties = `SELECT DISTINCT o.kind, o.id, t.kind, t.id
	FROM contacts c
	CROSS JOIN LATERAL (VALUES ('Campaign', c.campaign_id), ('Agent', c.agent_id)) o (kind, id)
	CROSS JOIN LATERAL (VALUES ('Campaign', c.campaign_id), ('Agent', c.agent_id), ('Queue', c.queue_id),
		('Classifier', c.classifier_id), ('SiteCall', c.site_call_id)) t (kind, id)
	WHERE o.id IS NOT NULL AND t.id IS NOT NULL AND o.kind <> t.kind`

// recordMonths are the months in which those contacts point at a record.
const recordMonths = `SELECT DISTINCT record_id, date_trunc('month', started_at AT TIME ZONE 'UTC')::date FROM contacts WHERE record_id IS NOT NULL`

// Tie writes the ties, and the months of records, of contacts that a test wrote past the import.
func (d *Database) Tie(t testing.TB) {
	t.Helper()
	for _, write := range []string{
		"INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id) " + ties + " ON CONFLICT DO NOTHING",
		"INSERT INTO record_months (record_id, month) " + recordMonths + " ON CONFLICT DO NOTHING",
	} {
		if _, err := d.Pool.Exec(t.Context(), write); err != nil {
			t.Fatalf("pgtest: %v", err)
		}
	}
}

// Untied is how many ties and months of records are missing of the contacts in the database: none after whatever the product
// wrote.
func (d *Database) Untied(t testing.TB) (missing int) {
	t.Helper()
	const count = "SELECT (SELECT count(*) FROM (" + ties + " EXCEPT SELECT owner_kind, owner_id, thing_kind, thing_id FROM contact_ties) x)" +
		" + (SELECT count(*) FROM (" + recordMonths + " EXCEPT SELECT record_id, month FROM record_months) x)"
	if err := d.Pool.QueryRow(t.Context(), count).Scan(&missing); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return missing
}

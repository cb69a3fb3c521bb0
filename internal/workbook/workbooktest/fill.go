package workbooktest

import (
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Fill makes n contacts of March 2024, half an hour or less apart, of all types and statuses, with things to point at.
// Contact i is worked out from i alone, so that a test can say in SQL what a file must hold.
func Fill(t testing.TB, pool *postgres.Pool, n int) {
	t.Helper()
	exec := func(sql string, arguments ...any) {
		t.Helper()
		_, err := pool.Exec(t.Context(), sql, arguments...)
		must(t, err)
	}
	exec(`SELECT ensure_contact_partitions('2024-02-01', '2024-05-01')`)
	exec(`INSERT INTO agents (id, external_id, name, deleted_at)
		SELECT i, 'a' || i, 'Agent Żółć ' || i, CASE WHEN i = 5 THEN timestamptz '2024-03-20' END FROM generate_series(1, 5) i`)
	exec(`INSERT INTO agent_groups (id, external_id, name) VALUES (1, 'Grupa', 'Grupa')`)
	exec(`INSERT INTO agent_group_members VALUES (1, 2), (1, 5)`)
	exec(`INSERT INTO campaigns (id, external_id, name) SELECT i, 'k' || i, 'Kampania ' || i FROM generate_series(1, 3) i`)
	exec(`INSERT INTO queues (id, external_id, name) SELECT i, 'q' || i, 'Kolejka ' || i FROM generate_series(1, 2) i`)
	exec(`INSERT INTO classifiers (id, external_id, name) SELECT i, 'f' || i, '=Klasyfikator ' || i FROM generate_series(1, 3) i`)
	exec(`INSERT INTO site_calls (id, external_id, name) VALUES (1, 's1', 'Formularz')`)
	exec(`INSERT INTO records (id, external_id, significant_name, significant_value)
		SELECT i, 'r' || i, 'Firma', CASE WHEN i % 3 > 0 THEN 'Firma ' || i END FROM generate_series(1, 40) i`)
	exec(`INSERT INTO contacts (id, started_at, type, status, hangup_party, details_kind, campaign_id, agent_id, queue_id,
			classifier_id, site_call_id, record_id, ivr_time, ring_time, agent_talk_time, external_id, ticket_id,
			source_address, source_key, destination_address, destination_key, cc_addresses, bcc_addresses)
		SELECT i, timestamptz '2024-02-29 23:00Z' + i * (interval '30 days 22 hours' / greatest($1, 1)),
			(enum_range(NULL::contact_type))[1 + i % 17], (enum_range(NULL::contact_status))[1 + i % 7],
			(ARRAY['CUSTOMER', 'AGENT', 'SYSTEM', NULL]::hangup_party[])[1 + i % 4],
			(ARRAY['RECORDING', 'EMAIL', 'CHAT', 'SMS', NULL]::details_kind[])[1 + i % 5],
			nullif(i % 4, 0), nullif(i % 6, 0), CASE WHEN i % 17 = 2 THEN 1 + i % 2 END, nullif(i % 4, 0), CASE WHEN i % 9 = 0 THEN 1 END,
			CASE WHEN i % 5 > 0 THEN 1 + i % 40 END, CASE WHEN i % 3 > 0 THEN i % 100 END, CASE WHEN i % 2 > 0 THEN i % 50 END,
			CASE WHEN i % 7 > 2 THEN i % 4000 END, '00' || i, CASE WHEN i % 8 = 0 THEN 't1' END,
			'+4860000' || lpad((i % 100)::text, 4, '0'), '+4860000' || lpad((i % 100)::text, 4, '0'), '101', '101',
			CASE WHEN i % 10 = 0 THEN ARRAY['dw@example.com', 'dw2@example.com'] ELSE '{}' END, CASE WHEN i % 11 = 0 THEN ARRAY['udw@example.com'] ELSE '{}' END
		FROM generate_series(0, $1 - 1) i`, n)
	exec(`INSERT INTO contact_identities (contact_id, external_id, started_at, revision, content_hash)
		SELECT id, external_id, started_at, 1, '' FROM contacts`)
	// The steps of other calls take no lines.
	exec(`INSERT INTO ivr_steps (contact_started_at, contact_id, position, kind, entered_at, left_at, name, choice)
		SELECT started_at, id, p, (enum_range(NULL::ivr_step_kind))[1 + (id + p) % 9], started_at + p * interval '5 s',
			CASE WHEN p < 3 THEN started_at + p * interval '5 s' + interval '5 s' END, 'Kafelek ' || p, CASE WHEN p = 2 THEN '#' || id % 10 END
		FROM contacts, generate_series(1, 3) p WHERE type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL') AND p <= id % 4`)
}

// March is the filter of the whole month.
func March() contact.Filter {
	return contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-03-01", To: "2024-03-31"}}}
}

-- PostgreSQL cannot take the value OTHER away from contact_type: the contacts that have it go instead.
DELETE FROM contact_identities WHERE contact_id IN (SELECT id FROM contacts WHERE type::text = 'OTHER');
DELETE FROM ivr_steps s USING contacts c WHERE c.type::text = 'OTHER' AND (s.contact_started_at, s.contact_id) = (c.started_at, c.id);
DELETE FROM contact_details d USING contacts c WHERE c.type::text = 'OTHER' AND (d.contact_started_at, d.contact_id) = (c.started_at, c.id);
DELETE FROM contact_addresses a USING contacts c WHERE c.type::text = 'OTHER' AND (a.contact_started_at, a.contact_id) = (c.started_at, c.id);
DELETE FROM contacts WHERE type::text = 'OTHER';
ALTER TABLE contacts DROP COLUMN channel, DROP COLUMN conversation_id, DROP COLUMN hold_time, DROP COLUMN wrap_up_time;

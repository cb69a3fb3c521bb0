DROP VIEW audit_entries;
INSERT INTO audit_events (at, principal, address, action, subject_kind, subject_id)
SELECT at, principal, address, action, subject_kind, unnest(others) FROM audit_events WHERE others IS NOT NULL;
ALTER TABLE audit_events DROP COLUMN others;
DROP INDEX audit_events_principal_block, audit_events_subject_of;
CREATE INDEX audit_events_principal ON audit_events (principal, id);
CREATE INDEX audit_events_subject ON audit_events (subject_kind, subject_id, id);

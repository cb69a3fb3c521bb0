-- A call that does the same to many contacts is one event: the first of them is its subject, these are the others.
ALTER TABLE audit_events ADD COLUMN IF NOT EXISTS others bigint[];
CREATE INDEX CONCURRENTLY audit_events_others ON audit_events USING gin (others) WITH (fastupdate = off) WHERE others IS NOT NULL;

-- A thousand events of one principal share one entry of the index; within it they are sorted as they are read.
CREATE INDEX CONCURRENTLY audit_events_principal_block ON audit_events (principal, (id / 1000));
DROP INDEX CONCURRENTLY IF EXISTS audit_events_principal;
CREATE INDEX CONCURRENTLY audit_events_subject_of ON audit_events (subject_kind, subject_id);
DROP INDEX CONCURRENTLY IF EXISTS audit_events_subject;

-- What was done to each thing by itself. Of two entries the later one has the higher id, or else the higher place.
CREATE OR REPLACE VIEW audit_entries AS
SELECT e.id, s.place, e.at, e.principal, e.address, e.action, e.subject_kind, s.subject_id, e.contacts, e.replaced
FROM audit_events e CROSS JOIN LATERAL unnest(array_prepend(e.subject_id, e.others)) WITH ORDINALITY AS s (subject_id, place);

-- Contacts are found by their outcome, and those of a program that knew no facts by lacking them.
CREATE INDEX IF NOT EXISTS contacts_outcome ON ONLY contacts (outcome, started_at, id, type, status) WHERE outcome IS NOT NULL;
-- each partition of contacts without contacts_outcome: CREATE INDEX CONCURRENTLY {child}_outcome ON {child} (outcome, started_at, id, type, status) WHERE outcome IS NOT NULL
-- each partition of contacts without contacts_outcome: ALTER INDEX contacts_outcome ATTACH PARTITION {child}_outcome

CREATE INDEX IF NOT EXISTS contacts_facts_missing ON ONLY contacts (started_at, id) WHERE facts_missing;
-- each partition of contacts without contacts_facts_missing: CREATE INDEX CONCURRENTLY {child}_facts_missing ON {child} (started_at, id) WHERE facts_missing
-- each partition of contacts without contacts_facts_missing: ALTER INDEX contacts_facts_missing ATTACH PARTITION {child}_facts_missing

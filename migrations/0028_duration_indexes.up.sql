-- A page by a duration is walked in its order, and few contacts within bounds of one are found there.
-- compatible: indexes change no answer
CREATE INDEX IF NOT EXISTS contacts_queue_time ON ONLY contacts (queue_time, id, started_at) WHERE queue_time IS NOT NULL;
-- each partition of contacts without contacts_queue_time: CREATE INDEX CONCURRENTLY {child}_queue_time
--   ON {child} (queue_time, id, started_at) WHERE queue_time IS NOT NULL
-- each partition of contacts without contacts_queue_time: ALTER INDEX contacts_queue_time ATTACH PARTITION {child}_queue_time
CREATE INDEX IF NOT EXISTS contacts_time_to_answer ON ONLY contacts (time_to_answer, id, started_at) WHERE time_to_answer IS NOT NULL;
-- each partition of contacts without contacts_time_to_answer: CREATE INDEX CONCURRENTLY {child}_time_to_answer
--   ON {child} (time_to_answer, id, started_at) WHERE time_to_answer IS NOT NULL
-- each partition of contacts without contacts_time_to_answer: ALTER INDEX contacts_time_to_answer ATTACH PARTITION {child}_time_to_answer
CREATE INDEX IF NOT EXISTS contacts_lost_after ON ONLY contacts (lost_after, id, started_at) WHERE lost_after IS NOT NULL;
-- each partition of contacts without contacts_lost_after: CREATE INDEX CONCURRENTLY {child}_lost_after
--   ON {child} (lost_after, id, started_at) WHERE lost_after IS NOT NULL
-- each partition of contacts without contacts_lost_after: ALTER INDEX contacts_lost_after ATTACH PARTITION {child}_lost_after

-- A page by a duration is walked in its order, not sorted. Rows without it come last in either direction and are not held.
-- The start tells, in the index, which rows lie in the period.
CREATE INDEX contacts_talk_time ON contacts (talk_time, id, started_at) WHERE talk_time IS NOT NULL;
CREATE INDEX contacts_ring_time ON contacts (ring_time, id, started_at) WHERE ring_time IS NOT NULL;
CREATE INDEX contacts_agent_talk_time ON contacts (agent_talk_time, id, started_at) WHERE agent_talk_time IS NOT NULL;

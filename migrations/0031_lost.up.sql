-- Lists of the lost, newest first, and what is needed to know who of them was called back.
-- compatible: indexes change no answer
CREATE INDEX IF NOT EXISTS contacts_lost ON ONLY contacts (started_at, id, outcome, type, status, campaign_id, agent_id)
  INCLUDE (client, source_key, record_id, queue_id)
  WHERE outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE');
-- each partition of contacts without contacts_lost: CREATE INDEX CONCURRENTLY {child}_lost
--   ON {child} (started_at, id, outcome, type, status, campaign_id, agent_id) INCLUDE (client, source_key, record_id, queue_id)
--   WHERE outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE')
-- each partition of contacts without contacts_lost: ALTER INDEX contacts_lost ATTACH PARTITION {child}_lost

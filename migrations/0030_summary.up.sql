-- What a summary is read from, without a look at a row; in the order of time, so that an import appends to it. All contacts meet its
-- condition, which summaries name, and pages that have nothing but the time to go by: others are kept from walking it.
-- compatible: an index changes no answer
CREATE INDEX IF NOT EXISTS contacts_summary ON ONLY contacts (started_at, id) INCLUDE (type, status, outcome, campaign_id, agent_id, queue_id,
  classifier_id, hangup_party, ivr_time, ring_time, agent_talk_time, queue_time, time_to_answer, lost_after, client) WHERE id > 0;
-- each partition of contacts without contacts_summary: CREATE INDEX CONCURRENTLY {child}_summary
--   ON {child} (started_at, id) INCLUDE (type, status, outcome, campaign_id, agent_id, queue_id,
--   classifier_id, hangup_party, ivr_time, ring_time, agent_talk_time, queue_time, time_to_answer, lost_after, client) WHERE id > 0
-- each partition of contacts without contacts_summary: ALTER INDEX contacts_summary ATTACH PARTITION {child}_summary

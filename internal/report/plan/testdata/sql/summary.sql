PREPARE total AS
SELECT 1::bigint AS n, k.*
FROM (
  SELECT c.outcome AS k1,
  c.type AS k2,
  c.campaign_id AS k3,
  c.hangup_party AS k4,
  count(*) AS k5,
  count(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k6,
  sum(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k7,
  min(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k8,
  max(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k9,
  count(c.queue_time) AS k10,
  sum(c.queue_time) AS k11,
  min(c.queue_time) AS k12,
  max(c.queue_time) AS k13,
  count(*) FILTER (WHERE c.lost_after < $1::int) AS k14,
  count(c.time_to_answer) AS k15,
  count(c.queue_time) AS k16,
  count(*) FILTER (WHERE c.lost_after < $3::int AND (c.queue_time IS NOT NULL OR c.outcome = 'LOST_WHILE_RINGING')) AS k17,
  count(*) FILTER (WHERE c.time_to_answer <= $2::int) AS k18,
  count(*) FILTER (WHERE c.queue_time <= $2::int) AS k19
  FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
  WHERE c.started_at >= $4 AND c.started_at < $5 AND c.id > 0 AND c.outcome = ANY ($6::text[]::contact_outcome[]) AND (c.campaign_id = $7::int OR c.agent_id = ANY ($8::int[]))
  GROUP BY 1, 2, 3, 4
) k
LIMIT 1000
;
EXECUTE total (
  5,
  20,
  5,
  '2024-03-14T23:00:00Z',
  '2024-03-15T23:00:00Z',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  1,
  '{1,2}'
);
DEALLOCATE total;

PREPARE hours AS
SELECT d.n, k.*
FROM unnest($7::timestamptz[], $8::timestamptz[]) WITH ORDINALITY d (a, b, n) CROSS JOIN LATERAL (
  SELECT c.outcome AS k1,
  c.type AS k2,
  c.campaign_id AS k3,
  c.hangup_party AS k4,
  count(*) AS k5,
  count(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k6,
  sum(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k7,
  min(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k8,
  max(CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END) AS k9,
  count(c.queue_time) AS k10,
  sum(c.queue_time) AS k11,
  min(c.queue_time) AS k12,
  max(c.queue_time) AS k13,
  count(*) FILTER (WHERE c.lost_after < $1::int) AS k14,
  count(c.time_to_answer) AS k15,
  count(c.queue_time) AS k16,
  count(*) FILTER (WHERE c.lost_after < $3::int AND (c.queue_time IS NOT NULL OR c.outcome = 'LOST_WHILE_RINGING')) AS k17,
  count(*) FILTER (WHERE c.time_to_answer <= $2::int) AS k18,
  count(*) FILTER (WHERE c.queue_time <= $2::int) AS k19
  FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
  WHERE c.started_at >= d.a AND c.started_at < d.b AND c.id > 0 AND c.outcome = ANY ($4::text[]::contact_outcome[]) AND (c.campaign_id = $5::int OR c.agent_id = ANY ($6::int[]))
  GROUP BY 1, 2, 3, 4
  OFFSET 0
) k
LIMIT 1000
;
EXECUTE hours (
  5,
  20,
  5,
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  1,
  '{1,2}',
  '{2024-03-14T23:00:00Z,2024-03-15T00:00:00Z,2024-03-15T01:00:00Z}',
  '{2024-03-15T00:00:00Z,2024-03-15T01:00:00Z,2024-03-15T02:00:00Z}'
);
DEALLOCATE hours;

PREPARE seconds AS
SELECT 1::bigint AS n, k.*
FROM (
  SELECT c.outcome AS k1,
  NULL::contact_type AS k2,
  c.campaign_id AS k3,
  c.hangup_party AS k4,
  c.queue_time AS k5,
  count(*) AS k6
  FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
  WHERE c.started_at >= $1 AND c.started_at < $2 AND c.id > 0 AND c.outcome = ANY ($3::text[]::contact_outcome[]) AND (c.campaign_id = $4::int OR c.agent_id = ANY ($5::int[])) AND (c.queue_time) IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5
) k
LIMIT 1000
;
EXECUTE seconds (
  '2024-03-14T23:00:00Z',
  '2024-03-15T23:00:00Z',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  1,
  '{1,2}'
);
DEALLOCATE seconds;

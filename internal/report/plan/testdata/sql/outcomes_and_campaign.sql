PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.campaign_id = $1::int AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000)) k) AS n1,
  (SELECT count(*) FROM ((SELECT 1 FROM unnest($2::text[]::contact_outcome[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.outcome = v.x AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000) k LIMIT 1000)) k) AS n2
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.campaign_id = $1::int AND c.started_at >= $3 AND c.started_at < $4 AND (c.outcome = ANY ($5::text[]::contact_outcome[])) IS TRUE
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k WHERE (SELECT n1 <= n2 FROM size))
    UNION ALL
    (SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM unnest($2::text[]::contact_outcome[]) v (x) CROSS JOIN LATERAL (
          SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE c.outcome = v.x AND c.started_at >= $3 AND c.started_at < $4 AND (c.campaign_id = $6::int) IS TRUE
          ORDER BY c.started_at DESC, c.id DESC
          LIMIT 51
        ) k
        ORDER BY k.started_at DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT n2 < n1 FROM size))) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $3 AND c.started_at < $4
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  1,
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  1
);
DEALLOCATE page;

PREPARE count AS
SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.campaign_id = $3::int AND c.outcome = ANY ($4::text[]::contact_outcome[])
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  1,
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.campaign_id = $3::int AND c.outcome = ANY ($4::text[]::contact_outcome[])
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  1,
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}'
);
DEALLOCATE file;

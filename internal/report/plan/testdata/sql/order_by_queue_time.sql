PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT least((SELECT count(*) FROM ((SELECT 1 FROM unnest($1::text[]::contact_outcome[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.outcome = v.x AND c.started_at >= $2 AND c.started_at < $3 LIMIT 1000) k LIMIT 1000)) k)) = 1000 AS enough
), month AS MATERIALIZED (
  SELECT d.a, d.b, k.n FROM unnest($4::timestamptz[], $5::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (SELECT FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at >= d.a AND c.started_at < d.b LIMIT 1000) c
  ) k
), found AS MATERIALIZED (
  SELECT m.a AS month, k.started_at, k.id, k.value FROM month m CROSS JOIN LATERAL ((
      SELECT c.started_at, c.id, c.value FROM (
        SELECT c.started_at, c.id, c.queue_time AS value, c.outcome FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE m.n = 1000 AND c.started_at >= ANY (ARRAY[m.a]) AND c.started_at < ANY (ARRAY[m.b]) AND c.queue_time IS NOT NULL
        ORDER BY c.queue_time DESC, c.id DESC
        LIMIT 2500
      ) c
      WHERE c.outcome = ANY ($6::text[]::contact_outcome[])
      ORDER BY c.value DESC, c.id DESC
      LIMIT 51
    )
    UNION ALL
    (
      SELECT c.started_at, c.id, coalesce(c.queue_time, -1) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE m.n < 1000 AND c.started_at >= m.a AND c.started_at < m.b AND (c.outcome = ANY ($7::text[]::contact_outcome[])) IS TRUE
      ORDER BY coalesce(c.queue_time, -1) DESC, c.id DESC
      LIMIT 51
  )) k
  WHERE (SELECT enough FROM size)
), complete AS MATERIALIZED (
  SELECT (SELECT enough FROM size) AND
  NOT EXISTS (SELECT FROM month m WHERE m.n = 1000 AND (SELECT count(*) FROM found f WHERE f.month = m.a) < 51) AS yes
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((
      SELECT f.started_at, f.id, f.value FROM found f WHERE (SELECT yes FROM complete)
    )
    UNION ALL
    (
      SELECT k.started_at, k.id, k.value FROM (
        SELECT k.started_at, k.id, k.value FROM ((SELECT k.started_at, k.id, k.value FROM unnest($8::text[]::contact_outcome[]) v (x) CROSS JOIN LATERAL (
              SELECT c.started_at, c.id, coalesce(c.queue_time, -1) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
              WHERE c.outcome = v.x AND c.started_at >= $2 AND c.started_at < $3
              ORDER BY coalesce(c.queue_time, -1) DESC, c.id DESC
              LIMIT 51
            ) k)) k
        ORDER BY k.value DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT NOT yes FROM complete)
  )) k
  ORDER BY k.value DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type, c.queue_time
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type, c.queue_time FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $2 AND c.started_at < $3
  OFFSET 0
) c
ORDER BY coalesce(c.queue_time, -1) DESC, c.id DESC
;
EXECUTE page (
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{2024-03-29T23:00:00Z,2024-04-01T00:00:00Z}',
  '{2024-04-01T00:00:00Z,2024-04-01T22:00:00Z}',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}'
);
DEALLOCATE page;

PREPARE count AS
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::text[]::contact_outcome[]) v (x) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.outcome = v.x AND c.started_at >= $2 AND c.started_at < $3
) k
;
EXECUTE count (
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type, c.queue_time
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.outcome = ANY ($3::text[]::contact_outcome[])
ORDER BY coalesce(c.queue_time, -1) DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}'
);
DEALLOCATE file;

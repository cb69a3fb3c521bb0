PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM unnest($1::text[]::contact_outcome[]) v (x) CROSS JOIN LATERAL (
    SELECT k.started_at, k.id FROM unnest($4::timestamptz[], $5::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
      SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.outcome = v.x AND c.started_at >= d.a AND c.started_at < d.b AND c.started_at >= $2 AND c.started_at < $3
      ORDER BY c.started_at DESC, c.id DESC
      LIMIT 51
    ) k
    ORDER BY d.o, k.started_at DESC, k.id DESC
    LIMIT 51
  ) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $2 AND c.started_at < $3
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  '2024-03-30T09:00:00Z',
  '2024-04-01T09:00:00Z',
  '{2024-04-01T08:00:00Z,2024-03-31T08:00:00Z,2024-03-30T09:00:00Z}',
  '{2024-04-01T09:00:00Z,2024-03-31T09:00:00Z,2024-03-30T10:00:00Z}'
);
DEALLOCATE page;

PREPARE count AS
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::text[]::contact_outcome[]) v (x) CROSS JOIN unnest($2::timestamptz[], $3::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.outcome = v.x AND c.started_at >= d.a AND c.started_at < d.b
) k
;
EXECUTE count (
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}',
  '{2024-03-30T09:00:00Z,2024-03-31T08:00:00Z,2024-04-01T08:00:00Z}',
  '{2024-03-30T10:00:00Z,2024-03-31T09:00:00Z,2024-04-01T09:00:00Z}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at >= d.a AND c.started_at < d.b AND c.outcome = ANY ($3::text[]::contact_outcome[])
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '{2024-03-30T09:00:00Z,2024-03-31T08:00:00Z,2024-04-01T08:00:00Z}',
  '{2024-03-30T10:00:00Z,2024-03-31T09:00:00Z,2024-04-01T09:00:00Z}',
  '{LOST_AT_VOICEMAIL,LOST_BY_FAILURE,LOST_IN_IVR,LOST_IN_QUEUE,LOST_WHILE_RINGING}'
);
DEALLOCATE file;

PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM unnest($7::timestamptz[], $8::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
        WHERE c.campaign_id = $1::int AND c.started_at >= d.a AND c.started_at < d.b AND c.started_at >= $3 AND c.started_at < $4 AND (c.started_at, c.id) < ($5, $6)
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k
      ORDER BY d.o, k.started_at DESC, k.id DESC
      LIMIT 51)
    UNION ALL
    (SELECT k.started_at, k.id FROM unnest($11::timestamptz[], $12::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
        WHERE c.agent_id = $2::int AND c.started_at >= d.a AND c.started_at < d.b AND c.started_at >= $3 AND c.started_at < $4 AND (c.campaign_id = $9::int) IS NOT TRUE AND (c.started_at, c.id) < ($5, $10)
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k
      ORDER BY d.o, k.started_at DESC, k.id DESC
      LIMIT 51)) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $3 AND c.started_at < $4
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  1,
  3,
  '2024-03-30T02:00:00Z',
  '2024-03-31T01:02:00Z',
  '2024-03-31T12:00:00Z',
  42,
  '{2024-03-31T01:00:00Z,2024-03-30T02:00:00Z}',
  '{2024-03-31T01:02:00Z,2024-03-30T02:02:00Z}',
  1,
  42,
  '{2024-03-31T01:00:00Z,2024-03-30T02:00:00Z}',
  '{2024-03-31T01:02:00Z,2024-03-30T02:02:00Z}'
);
DEALLOCATE page;

PREPARE count AS
SELECT sum(k.n) FROM ((SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::int[]) v (x) CROSS JOIN unnest($3::timestamptz[], $4::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.campaign_id = v.x AND c.started_at >= d.a AND c.started_at < d.b
    ) k)
  UNION ALL
  (SELECT coalesce(sum(k.n), 0) AS n FROM unnest($2::int[]) v (x) CROSS JOIN unnest($5::timestamptz[], $6::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.agent_id = v.x AND c.started_at >= d.a AND c.started_at < d.b AND (c.campaign_id = $7::int) IS NOT TRUE
    ) k)) k
;
EXECUTE count (
  '{1}',
  '{3}',
  '{2024-03-30T02:00:00Z,2024-03-31T01:00:00Z,2024-04-01T01:00:00Z}',
  '{2024-03-30T02:02:00Z,2024-03-31T01:02:00Z,2024-04-01T01:02:00Z}',
  '{2024-03-30T02:00:00Z,2024-03-31T01:00:00Z,2024-04-01T01:00:00Z}',
  '{2024-03-30T02:02:00Z,2024-03-31T01:02:00Z,2024-04-01T01:02:00Z}',
  1
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at >= d.a AND c.started_at < d.b AND (c.campaign_id = $3::int OR c.agent_id = $4::int)
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '{2024-03-30T02:00:00Z,2024-03-31T01:00:00Z,2024-04-01T01:00:00Z}',
  '{2024-03-30T02:02:00Z,2024-03-31T01:02:00Z,2024-04-01T01:02:00Z}',
  1,
  3
);
DEALLOCATE file;

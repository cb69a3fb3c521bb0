PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM unnest($1::int[]) v (x) CROSS JOIN LATERAL (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.campaign_id = v.x AND c.started_at >= $3 AND c.started_at < $4
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k
      ORDER BY k.started_at DESC, k.id DESC
      LIMIT 51)
    UNION ALL
    (SELECT k.started_at, k.id FROM unnest($2::int[]) v (x) CROSS JOIN LATERAL (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.agent_id = v.x AND c.started_at >= $3 AND c.started_at < $4 AND (c.campaign_id = ANY ($5::int[])) IS NOT TRUE
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k
      ORDER BY k.started_at DESC, k.id DESC
      LIMIT 51)) k
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
  '{1,2}',
  '{1,2}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{1,2}'
);
DEALLOCATE page;

PREPARE count AS
SELECT sum(k.n) FROM ((SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::int[]) v (x) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.campaign_id = v.x AND c.started_at >= $3 AND c.started_at < $4
    ) k)
  UNION ALL
  (SELECT coalesce(sum(k.n), 0) AS n FROM unnest($2::int[]) v (x) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.agent_id = v.x AND c.started_at >= $3 AND c.started_at < $4 AND (c.campaign_id = ANY ($5::int[])) IS NOT TRUE
    ) k)) k
;
EXECUTE count (
  '{1,2}',
  '{1,2}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{1,2}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.campaign_id = ANY ($3::int[]) OR c.agent_id = ANY ($4::int[]))
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{1,2}',
  '{1,2}'
);
DEALLOCATE file;

PREPARE page AS
WITH v1 (x) AS MATERIALIZED (
  SELECT v.x FROM unnest($1::int[]) v (x) WHERE EXISTS (SELECT FROM contact_ties t WHERE t.owner_kind = 'Campaign' AND t.owner_id = ANY ($2::int[]) AND t.thing_kind = 'Agent' AND t.thing_id = v.x)
), v2 (x) AS MATERIALIZED (
  SELECT v.x FROM unnest($3::int[]) v (x) WHERE EXISTS (SELECT FROM contact_ties t WHERE t.owner_kind = 'Agent' AND t.owner_id = ANY ($4::int[]) AND t.thing_kind = 'Campaign' AND t.thing_id = v.x)
), size AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ((SELECT 1 FROM v1 v CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.agent_id = v.x AND c.started_at >= $5 AND c.started_at < $6 LIMIT 1000) k LIMIT 1000)) k) AS n1,
  (SELECT count(*) FROM ((SELECT 1 FROM v2 v CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.campaign_id = v.x AND c.started_at >= $5 AND c.started_at < $6 LIMIT 1000) k LIMIT 1000)) k) AS n2
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM v1 v CROSS JOIN LATERAL (
          SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE c.agent_id = v.x AND c.started_at >= $5 AND c.started_at < $6 AND c.campaign_id = ANY ($7::int[])
          ORDER BY c.started_at DESC, c.id DESC
          LIMIT 51
        ) k
        ORDER BY k.started_at DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT n1 <= n2 FROM size))
    UNION ALL
    (SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM v2 v CROSS JOIN LATERAL (
          SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE c.campaign_id = v.x AND c.started_at >= $5 AND c.started_at < $6 AND c.agent_id = ANY ($8::int[])
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
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $5 AND c.started_at < $6
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '{1,2}',
  '{1,2}',
  '{1,2}',
  '{1,2}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{1,2}',
  '{1,2}'
);
DEALLOCATE page;

PREPARE count AS
WITH v1 (x) AS MATERIALIZED (
  SELECT v.x FROM unnest($1::int[]) v (x) WHERE EXISTS (SELECT FROM contact_ties t WHERE t.owner_kind = 'Campaign' AND t.owner_id = ANY ($2::int[]) AND t.thing_kind = 'Agent' AND t.thing_id = v.x)
)
SELECT coalesce(sum(k.n), 0) AS n FROM v1 v CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.agent_id = v.x AND c.started_at >= $3 AND c.started_at < $4 AND c.campaign_id = ANY ($5::int[])
) k
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
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.agent_id = ANY ($3::int[]) AND c.campaign_id = ANY ($4::int[])
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{1,2}',
  '{1,2}'
);
DEALLOCATE file;

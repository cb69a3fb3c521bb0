-- page
WITH size AS MATERIALIZED (
SELECT (SELECT count(*) FROM ((SELECT 1 FROM unnest($1::int[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM contacts c WHERE c.agent_id = v.x AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000) k LIMIT 1000)) k) AS n1,
(SELECT count(*) FROM ((SELECT 1 FROM unnest($2::int[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM contacts c WHERE c.campaign_id = v.x AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000) k LIMIT 1000)) k) AS n2
), k AS MATERIALIZED (
SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
SELECT k.started_at, k.id FROM unnest($6::timestamptz[], $7::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
SELECT k.started_at, k.id FROM unnest($1::int[]) v (x) CROSS JOIN LATERAL (
SELECT c.started_at, c.id FROM contacts c
WHERE c.agent_id = v.x AND c.started_at >= d.a AND c.started_at < d.b AND c.started_at >= $3 AND c.started_at < $4 AND c.campaign_id = ANY ($5::int[])
ORDER BY c.started_at DESC, c.id DESC
LIMIT 51
) k
ORDER BY k.started_at DESC, k.id DESC
LIMIT 51
) k
ORDER BY d.o, k.started_at DESC, k.id DESC
LIMIT 51
) k WHERE (SELECT n1 <= n2 FROM size))
UNION ALL
(SELECT k.started_at, k.id FROM (
SELECT k.started_at, k.id FROM unnest($9::timestamptz[], $10::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
SELECT k.started_at, k.id FROM unnest($2::int[]) v (x) CROSS JOIN LATERAL (
SELECT c.started_at, c.id FROM contacts c
WHERE c.campaign_id = v.x AND c.started_at >= d.a AND c.started_at < d.b AND c.started_at >= $3 AND c.started_at < $4 AND c.agent_id = ANY ($8::int[])
ORDER BY c.started_at DESC, c.id DESC
LIMIT 51
) k
ORDER BY k.started_at DESC, k.id DESC
LIMIT 51
) k
ORDER BY d.o, k.started_at DESC, k.id DESC
LIMIT 51
) k WHERE (SELECT n2 < n1 FROM size))) k
ORDER BY k.started_at DESC, k.id DESC
LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
SELECT c.id, c.started_at, c.type FROM contacts c
WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $3 AND c.started_at < $4
OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
--   $1 = [1 2]
--   $2 = [1 2]
--   $3 = 2024-03-29T23:00:00Z
--   $4 = 2024-04-01T22:00:00Z
--   $5 = [1 2]
--   $6 = [2024-04-01T00:00:00Z 2024-03-29T23:00:00Z]
--   $7 = [2024-04-01T22:00:00Z 2024-04-01T00:00:00Z]
--   $8 = [1 2]
--   $9 = [2024-04-01T00:00:00Z 2024-03-29T23:00:00Z]
--   $10 = [2024-04-01T22:00:00Z 2024-04-01T00:00:00Z]

-- count
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::int[]) v (x) CROSS JOIN LATERAL (
SELECT count(*) AS n FROM contacts c
WHERE c.agent_id = v.x AND c.started_at >= $2 AND c.started_at < $3 AND c.campaign_id = ANY ($4::int[])
) k
--   $1 = [1 2]
--   $2 = 2024-03-29T23:00:00Z
--   $3 = 2024-04-01T22:00:00Z
--   $4 = [1 2]

-- file
SELECT c.id, c.started_at, c.type
FROM contacts c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.agent_id = ANY ($3::int[]) AND c.campaign_id = ANY ($4::int[])
ORDER BY c.started_at DESC, c.id DESC
--   $1 = 2024-03-29T23:00:00Z
--   $2 = 2024-04-01T22:00:00Z
--   $3 = [1 2]
--   $4 = [1 2]

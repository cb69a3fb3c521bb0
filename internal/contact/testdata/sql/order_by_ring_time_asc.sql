-- page
SELECT c.id, c.started_at, c.type, c.ring_time
FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
SELECT c.id, c.started_at, c.type, c.ring_time FROM contacts c
WHERE c.started_at >= d.a AND c.started_at < d.b
OFFSET 0
) c
ORDER BY coalesce(c.ring_time, 2147483647) ASC, c.id ASC
LIMIT 51
--   $1 = [2024-03-30T16:00:00Z 2024-03-31T15:00:00Z 2024-04-01T15:00:00Z]
--   $2 = [2024-03-30T23:00:00Z 2024-03-31T22:00:00Z 2024-04-01T22:00:00Z]

-- count
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
SELECT count(*) AS n FROM contacts c
WHERE c.started_at >= d.a AND c.started_at < d.b
) k
--   $1 = [2024-03-30T16:00:00Z 2024-03-31T15:00:00Z 2024-04-01T15:00:00Z]
--   $2 = [2024-03-30T23:00:00Z 2024-03-31T22:00:00Z 2024-04-01T22:00:00Z]

-- file
SELECT c.id, c.started_at, c.type
FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
SELECT c.id, c.started_at, c.type FROM contacts c
WHERE c.started_at >= d.a AND c.started_at < d.b
OFFSET 0
) c
ORDER BY coalesce(c.ring_time, 2147483647) ASC, c.id ASC
--   $1 = [2024-03-30T16:00:00Z 2024-03-31T15:00:00Z 2024-04-01T15:00:00Z]
--   $2 = [2024-03-30T23:00:00Z 2024-03-31T22:00:00Z 2024-04-01T22:00:00Z]

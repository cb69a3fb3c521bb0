PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM unnest($1::text[]) v (x) CROSS JOIN LATERAL (
    SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
    WHERE c.ticket_id = v.x AND c.started_at >= $2 AND c.started_at < $3
    ORDER BY c.started_at DESC, c.id DESC
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
  '{T-1,T-2}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z'
);
DEALLOCATE page;

PREPARE count AS
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::text[]) v (x) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.ticket_id = v.x AND c.started_at >= $2 AND c.started_at < $3
) k
;
EXECUTE count (
  '{T-1,T-2}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.ticket_id = ANY ($3::text[])
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{T-1,T-2}'
);
DEALLOCATE file;

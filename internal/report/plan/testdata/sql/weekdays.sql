PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM unnest($3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
    SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
    WHERE c.started_at >= d.a AND c.started_at < d.b AND c.started_at >= $1 AND c.started_at < $2
    ORDER BY c.started_at DESC, c.id DESC
    LIMIT 51
  ) k
  ORDER BY d.o, k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $1 AND c.started_at < $2
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{2024-03-31T22:00:00Z,2024-03-29T23:00:00Z}',
  '{2024-04-01T22:00:00Z,2024-03-30T23:00:00Z}'
);
DEALLOCATE page;

PREPARE count AS
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at >= d.a AND c.started_at < d.b
) k
;
EXECUTE count (
  '{2024-03-29T23:00:00Z,2024-03-31T22:00:00Z}',
  '{2024-03-30T23:00:00Z,2024-04-01T22:00:00Z}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at >= d.a AND c.started_at < d.b
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '{2024-03-29T23:00:00Z,2024-03-31T22:00:00Z}',
  '{2024-03-30T23:00:00Z,2024-04-01T22:00:00Z}'
);
DEALLOCATE file;

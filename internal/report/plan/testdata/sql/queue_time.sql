PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ((SELECT 1 FROM unnest($4::timestamptz[], $5::timestamptz[]) d (a, b) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.id > 0 AND c.started_at >= d.a AND c.started_at < d.b LIMIT 1000) k LIMIT 1000)) k) AS n1,
  (SELECT count(*) FROM ((SELECT 1 FROM (
          SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE (c.queue_time >= $1::int)
          ORDER BY c.queue_time
          LIMIT 1000
        ) v (x, y))) k) AS n2
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.id > 0 AND c.started_at >= $2 AND c.started_at < $3 AND ((c.queue_time >= $6::int)) IS TRUE
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k WHERE (SELECT n1 <= n2 FROM size))
    UNION ALL
    (SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM (
          SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE (c.queue_time >= $1::int)
          ORDER BY c.queue_time
          LIMIT 1000
        ) v (x, y) CROSS JOIN LATERAL (
          SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE c.started_at = v.x AND c.id = v.y AND c.started_at >= $2 AND c.started_at < $3
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
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $2 AND c.started_at < $3
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  60,
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{2024-03-29T23:00:00Z}',
  '{2024-04-01T22:00:00Z}',
  60
);
DEALLOCATE page;

PREPARE count AS
SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.queue_time >= $3::int)
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  60
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.queue_time >= $3::int)
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  60
);
DEALLOCATE file;

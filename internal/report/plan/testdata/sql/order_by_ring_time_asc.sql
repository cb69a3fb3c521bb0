PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT least((SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at >= $1 AND c.started_at < $2 LIMIT 1000)) k)) = 1000 AS enough
), month AS MATERIALIZED (
  SELECT d.a, d.b, k.n FROM unnest($3::timestamptz[], $4::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (SELECT FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at >= d.a AND c.started_at < d.b LIMIT 1000) c
  ) k
), found AS MATERIALIZED (
  SELECT m.a AS month, k.started_at, k.id, k.value FROM month m CROSS JOIN LATERAL ((
      SELECT c.started_at, c.id, c.value FROM (
        SELECT c.started_at, c.id, c.ring_time AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE m.n = 1000 AND c.started_at >= ANY (ARRAY[m.a]) AND c.started_at < ANY (ARRAY[m.b]) AND c.ring_time IS NOT NULL
        ORDER BY c.ring_time ASC, c.id ASC
        LIMIT 2500
      ) c
      WHERE c.started_at < ($5::timestamptz[])[width_bucket(c.started_at, $6::timestamptz[])]
      ORDER BY c.value ASC, c.id ASC
      LIMIT 51
    )
    UNION ALL
    (
      SELECT c.started_at, c.id, coalesce(c.ring_time, 2147483647) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE m.n < 1000 AND c.started_at >= m.a AND c.started_at < m.b AND (c.started_at < ($7::timestamptz[])[width_bucket(c.started_at, $8::timestamptz[])]) IS TRUE
      ORDER BY coalesce(c.ring_time, 2147483647) ASC, c.id ASC
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
        SELECT c.started_at, c.id, coalesce(c.ring_time, 2147483647) AS value FROM unnest($9::timestamptz[], $10::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
          SELECT c.id, c.started_at, c.ring_time FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE c.started_at >= d.a AND c.started_at < d.b
          OFFSET 0
        ) c
        ORDER BY coalesce(c.ring_time, 2147483647) ASC, c.id ASC
        LIMIT 51
      ) k WHERE (SELECT NOT yes FROM complete)
  )) k
  ORDER BY k.value ASC, k.id ASC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type, c.ring_time
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type, c.ring_time FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $1 AND c.started_at < $2
  OFFSET 0
) c
ORDER BY coalesce(c.ring_time, 2147483647) ASC, c.id ASC
;
EXECUTE page (
  '2024-03-30T16:00:00Z',
  '2024-04-01T22:00:00Z',
  '{2024-03-30T16:00:00Z,2024-04-01T00:00:00Z}',
  '{2024-04-01T00:00:00Z,2024-04-01T22:00:00Z}',
  '{2024-03-30T23:00:00Z,2024-03-31T22:00:00Z,2024-04-01T22:00:00Z}',
  '{2024-03-30T16:00:00Z,2024-03-31T15:00:00Z,2024-04-01T15:00:00Z}',
  '{2024-03-30T23:00:00Z,2024-03-31T22:00:00Z,2024-04-01T22:00:00Z}',
  '{2024-03-30T16:00:00Z,2024-03-31T15:00:00Z,2024-04-01T15:00:00Z}',
  '{2024-03-30T16:00:00Z,2024-03-31T15:00:00Z,2024-04-01T15:00:00Z}',
  '{2024-03-30T23:00:00Z,2024-03-31T22:00:00Z,2024-04-01T22:00:00Z}'
);
DEALLOCATE page;

PREPARE count AS
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at >= d.a AND c.started_at < d.b
) k
;
EXECUTE count (
  '{2024-03-30T16:00:00Z,2024-03-31T15:00:00Z,2024-04-01T15:00:00Z}',
  '{2024-03-30T23:00:00Z,2024-03-31T22:00:00Z,2024-04-01T22:00:00Z}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type, c.ring_time
FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type, c.ring_time FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at >= d.a AND c.started_at < d.b
  OFFSET 0
) c
ORDER BY coalesce(c.ring_time, 2147483647) ASC, c.id ASC
;
EXECUTE file (
  '{2024-03-30T16:00:00Z,2024-03-31T15:00:00Z,2024-04-01T15:00:00Z}',
  '{2024-03-30T23:00:00Z,2024-03-31T22:00:00Z,2024-04-01T22:00:00Z}'
);
DEALLOCATE file;

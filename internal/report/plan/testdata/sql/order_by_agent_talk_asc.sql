PREPARE page AS
WITH month AS MATERIALIZED (
  SELECT d.a, d.b, k.n FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (SELECT FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at >= d.a AND c.started_at < d.b LIMIT 1000) c
  ) k
), found AS MATERIALIZED (
  SELECT m.a AS month, k.started_at, k.id, k.value FROM month m CROSS JOIN LATERAL ((
      SELECT c.started_at, c.id, c.value FROM (
        SELECT c.started_at, c.id, c.agent_talk_time AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE m.n = 1000 AND c.started_at >= ANY (ARRAY[m.a]) AND c.started_at < ANY (ARRAY[m.b]) AND c.agent_talk_time IS NOT NULL AND (c.agent_talk_time, c.id) > ($3, $4)
        ORDER BY c.agent_talk_time ASC, c.id ASC
        LIMIT 2500
      ) c
      ORDER BY c.value ASC, c.id ASC
      LIMIT 51
    )
    UNION ALL
    (
      SELECT c.started_at, c.id, coalesce(c.agent_talk_time, 2147483647) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE m.n < 1000 AND c.started_at >= m.a AND c.started_at < m.b AND ((coalesce(c.agent_talk_time, 2147483647), c.id) > ($5, $6)) IS TRUE
      ORDER BY coalesce(c.agent_talk_time, 2147483647) ASC, c.id ASC
      LIMIT 51
  )) k
), complete AS MATERIALIZED (
  SELECT 
  NOT EXISTS (SELECT FROM month m WHERE m.n = 1000 AND (SELECT count(*) FROM found f WHERE f.month = m.a) < 51) AS yes
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((
      SELECT f.started_at, f.id, f.value FROM found f WHERE (SELECT yes FROM complete)
    )
    UNION ALL
    (
      SELECT k.started_at, k.id, k.value FROM (
        SELECT c.started_at, c.id, coalesce(c.agent_talk_time, 2147483647) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.started_at >= $7 AND c.started_at < $8 AND (coalesce(c.agent_talk_time, 2147483647), c.id) > ($9, $10)
        ORDER BY coalesce(c.agent_talk_time, 2147483647) ASC, c.id ASC
        LIMIT 51
      ) k WHERE (SELECT NOT yes FROM complete)
  )) k
  ORDER BY k.value ASC, k.id ASC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type, c.agent_talk_time
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type, c.agent_talk_time FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $7 AND c.started_at < $8
  OFFSET 0
) c
ORDER BY coalesce(c.agent_talk_time, 2147483647) ASC, c.id ASC
;
EXECUTE page (
  '{2024-03-29T23:00:00Z,2024-04-01T00:00:00Z}',
  '{2024-04-01T00:00:00Z,2024-04-01T22:00:00Z}',
  90,
  42,
  90,
  42,
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  90,
  42
);
DEALLOCATE page;

PREPARE count AS
SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type, c.agent_talk_time
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2
ORDER BY coalesce(c.agent_talk_time, 2147483647) ASC, c.id ASC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z'
);
DEALLOCATE file;

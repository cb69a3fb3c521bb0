PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.source_key = $1::text AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000)) k) AS n1,
  (SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.destination_key = $2::text AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000)) k) AS n2
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.source_key = $1::text AND c.started_at >= $3 AND c.started_at < $4 AND (c.destination_key = $5::text) IS TRUE
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k WHERE (SELECT n1 <= n2 FROM size))
    UNION ALL
    (SELECT k.started_at, k.id FROM (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.destination_key = $2::text AND c.started_at >= $3 AND c.started_at < $4 AND (c.source_key = $6::text) IS TRUE
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k WHERE (SELECT n2 < n1 FROM size))) k
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
  '+48789789789',
  '101',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '101',
  '+48789789789'
);
DEALLOCATE page;

PREPARE count AS
SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.source_key = $3::text AND c.destination_key = $4::text
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '+48789789789',
  '101'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.source_key = $3::text AND c.destination_key = $4::text
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '+48789789789',
  '101'
);
DEALLOCATE file;

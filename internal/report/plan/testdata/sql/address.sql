PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.source_key = $1::text AND c.started_at >= $4 AND c.started_at < $5
      ORDER BY c.started_at DESC, c.id DESC
      LIMIT 51)
    UNION ALL
    (SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.destination_key = $2::text AND c.started_at >= $4 AND c.started_at < $5 AND (c.source_key = $6::text) IS NOT TRUE
      ORDER BY c.started_at DESC, c.id DESC
      LIMIT 51)
    UNION ALL
    (SELECT a.contact_started_at AS started_at, a.contact_id AS id FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a
      WHERE a.key = $3::text AND a.contact_started_at >= $4 AND a.contact_started_at < $5
      ORDER BY a.contact_started_at DESC, a.contact_id DESC
      LIMIT 51)) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $4 AND c.started_at < $5
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '+48789789789',
  '+48789789789',
  '+48789789789',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '+48789789789'
);
DEALLOCATE page;

PREPARE count AS
SELECT sum(k.n) FROM ((SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::text[]) v (x) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.source_key = v.x AND c.started_at >= $4 AND c.started_at < $5
    ) k)
  UNION ALL
  (SELECT coalesce(sum(k.n), 0) AS n FROM unnest($2::text[]) v (x) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.destination_key = v.x AND c.started_at >= $4 AND c.started_at < $5 AND (c.source_key = $6::text) IS NOT TRUE
    ) k)
  UNION ALL
  (SELECT count(*) AS n FROM (
      SELECT DISTINCT a.contact_started_at, a.contact_id FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a
      WHERE a.key = $3::text AND a.contact_started_at >= $4 AND a.contact_started_at < $5
    ) k)) k
;
EXECUTE count (
  '{+48789789789}',
  '{+48789789789}',
  '+48789789789',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '+48789789789'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.source_key = $3::text OR c.destination_key = $4::text OR EXISTS (SELECT FROM contact_addresses a WHERE a.contact_started_at = c.started_at AND a.contact_id = c.id AND a.key = ANY ($5::text[]) AND a.contact_started_at >= '2024-03-01 00:00:00Z' AND a.contact_started_at < '2024-05-01 00:00:00Z'))
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '+48789789789',
  '+48789789789',
  '{+48789789789}'
);
DEALLOCATE file;

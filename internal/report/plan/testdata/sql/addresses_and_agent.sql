PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ((SELECT 1 FROM unnest($1::text[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.source_key = v.x AND c.started_at >= $5 AND c.started_at < $6 LIMIT 1000) k LIMIT 1000) UNION ALL (SELECT 1 FROM unnest($2::text[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.destination_key = v.x AND c.started_at >= $5 AND c.started_at < $6 LIMIT 1000) k LIMIT 1000) UNION ALL (SELECT 1 FROM unnest($3::text[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a WHERE a.key = v.x AND a.contact_started_at >= $5 AND a.contact_started_at < $6 LIMIT 1000) k LIMIT 1000)) k) AS n1,
  (SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.agent_id = $4::int AND c.started_at >= $5 AND c.started_at < $6 LIMIT 1000)) k) AS n2
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM unnest($1::text[]) v (x) CROSS JOIN LATERAL (
              SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
              WHERE c.source_key = v.x AND c.started_at >= $5 AND c.started_at < $6 AND (c.agent_id = $7::int) IS TRUE
              ORDER BY c.started_at DESC, c.id DESC
              LIMIT 51
            ) k
            ORDER BY k.started_at DESC, k.id DESC
            LIMIT 51)
          UNION ALL
          (SELECT k.started_at, k.id FROM unnest($2::text[]) v (x) CROSS JOIN LATERAL (
              SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
              WHERE c.destination_key = v.x AND c.started_at >= $5 AND c.started_at < $6 AND (c.agent_id = $8::int) IS TRUE AND (c.source_key = ANY ($9::text[])) IS NOT TRUE
              ORDER BY c.started_at DESC, c.id DESC
              LIMIT 51
            ) k
            ORDER BY k.started_at DESC, k.id DESC
            LIMIT 51)
          UNION ALL
          (SELECT DISTINCT k.started_at, k.id FROM unnest($3::text[]) v (x) CROSS JOIN LATERAL (
              SELECT a.contact_started_at AS started_at, a.contact_id AS id FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a CROSS JOIN LATERAL (
                SELECT FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at = a.contact_started_at AND c.id = a.contact_id AND c.started_at >= $5 AND c.started_at < $6 AND (c.agent_id = $10::int) IS TRUE AND (c.source_key = ANY ($11::text[])) IS NOT TRUE AND (c.destination_key = ANY ($12::text[])) IS NOT TRUE
                OFFSET 0
              ) c
              WHERE a.key = v.x AND a.contact_started_at >= $5 AND a.contact_started_at < $6
              ORDER BY a.contact_started_at DESC, a.contact_id DESC
              LIMIT 51
            ) k
            ORDER BY k.started_at DESC, k.id DESC
            LIMIT 51)) k
        ORDER BY k.started_at DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT n1 <= n2 FROM size))
    UNION ALL
    (SELECT k.started_at, k.id FROM (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.agent_id = $4::int AND c.started_at >= $5 AND c.started_at < $6 AND ((c.source_key = ANY ($13::text[]) OR c.destination_key = ANY ($14::text[]) OR EXISTS (SELECT FROM contact_addresses a WHERE a.contact_started_at = c.started_at AND a.contact_id = c.id AND a.key = ANY ($15::text[]) AND a.contact_started_at >= '2024-03-01 00:00:00Z' AND a.contact_started_at < '2024-05-01 00:00:00Z'))) IS TRUE
        ORDER BY c.started_at DESC, c.id DESC
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
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  1,
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  1,
  1,
  '{+48789789789,a@example.com}',
  1,
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}'
);
DEALLOCATE page;

PREPARE count AS
SELECT sum(k.n) FROM ((SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::text[]) v (x) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.source_key = v.x AND c.started_at >= $4 AND c.started_at < $5 AND c.agent_id = $6::int
    ) k)
  UNION ALL
  (SELECT coalesce(sum(k.n), 0) AS n FROM unnest($2::text[]) v (x) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.destination_key = v.x AND c.started_at >= $4 AND c.started_at < $5 AND c.agent_id = $7::int AND (c.source_key = ANY ($8::text[])) IS NOT TRUE
    ) k)
  UNION ALL
  (SELECT count(*) AS n FROM (
      SELECT DISTINCT k.contact_started_at, k.contact_id FROM unnest($3::text[]) v (x) CROSS JOIN LATERAL (
        SELECT DISTINCT a.contact_started_at, a.contact_id FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a CROSS JOIN LATERAL (
          SELECT FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at = a.contact_started_at AND c.id = a.contact_id AND c.started_at >= $4 AND c.started_at < $5 AND (c.agent_id = $9::int) IS TRUE AND (c.source_key = ANY ($10::text[])) IS NOT TRUE AND (c.destination_key = ANY ($11::text[])) IS NOT TRUE
          OFFSET 0
        ) c
        WHERE a.key = v.x AND a.contact_started_at >= $4 AND a.contact_started_at < $5
      ) k
    ) k)) k
;
EXECUTE count (
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  1,
  1,
  '{+48789789789,a@example.com}',
  1,
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.source_key = ANY ($3::text[]) OR c.destination_key = ANY ($4::text[]) OR EXISTS (SELECT FROM contact_addresses a WHERE a.contact_started_at = c.started_at AND a.contact_id = c.id AND a.key = ANY ($5::text[]) AND a.contact_started_at >= '2024-03-01 00:00:00Z' AND a.contact_started_at < '2024-05-01 00:00:00Z')) AND c.agent_id = $6::int
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  1
);
DEALLOCATE file;

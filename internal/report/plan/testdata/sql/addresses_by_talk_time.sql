PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT least((SELECT count(*) FROM ((SELECT 1 FROM unnest($1::text[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.source_key = v.x AND c.started_at >= $4 AND c.started_at < $5 LIMIT 1000) k LIMIT 1000) UNION ALL (SELECT 1 FROM unnest($2::text[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.destination_key = v.x AND c.started_at >= $4 AND c.started_at < $5 LIMIT 1000) k LIMIT 1000) UNION ALL (SELECT 1 FROM unnest($3::text[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a WHERE a.key = v.x AND a.contact_started_at >= $4 AND a.contact_started_at < $5 LIMIT 1000) k LIMIT 1000)) k)) = 1000 AS enough
), month AS MATERIALIZED (
  SELECT d.a, d.b, k.n FROM unnest($6::timestamptz[], $7::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (SELECT FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at >= d.a AND c.started_at < d.b LIMIT 1000) c
  ) k
), found AS MATERIALIZED (
  SELECT m.a AS month, k.started_at, k.id, k.value FROM month m CROSS JOIN LATERAL ((
      SELECT c.started_at, c.id, c.value FROM (
        SELECT c.started_at, c.id, c.talk_time AS value, c.source_key, c.destination_key FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE m.n = 1000 AND c.started_at >= ANY (ARRAY[m.a]) AND c.started_at < ANY (ARRAY[m.b]) AND c.talk_time IS NOT NULL
        ORDER BY c.talk_time DESC, c.id DESC
        LIMIT 2500
      ) c
      WHERE (c.source_key = ANY ($8::text[]) OR c.destination_key = ANY ($9::text[]) OR EXISTS (SELECT FROM contact_addresses a WHERE a.contact_started_at = c.started_at AND a.contact_id = c.id AND a.key = ANY ($10::text[]) AND a.contact_started_at >= '2024-03-01 00:00:00Z' AND a.contact_started_at < '2024-05-01 00:00:00Z'))
      ORDER BY c.value DESC, c.id DESC
      LIMIT 51
    )
    UNION ALL
    (
      SELECT c.started_at, c.id, coalesce(c.talk_time, -1) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE m.n < 1000 AND c.started_at >= m.a AND c.started_at < m.b AND ((c.source_key = ANY ($11::text[]) OR c.destination_key = ANY ($12::text[]) OR EXISTS (SELECT FROM contact_addresses a WHERE a.contact_started_at = c.started_at AND a.contact_id = c.id AND a.key = ANY ($13::text[]) AND a.contact_started_at >= '2024-03-01 00:00:00Z' AND a.contact_started_at < '2024-05-01 00:00:00Z'))) IS TRUE
      ORDER BY coalesce(c.talk_time, -1) DESC, c.id DESC
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
        SELECT k.started_at, k.id, k.value FROM ((SELECT k.started_at, k.id, k.value FROM unnest($14::text[]) v (x) CROSS JOIN LATERAL (
              SELECT c.started_at, c.id, coalesce(c.talk_time, -1) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
              WHERE c.source_key = v.x AND c.started_at >= $4 AND c.started_at < $5
              ORDER BY coalesce(c.talk_time, -1) DESC, c.id DESC
              LIMIT 51
            ) k)
          UNION ALL
          (SELECT k.started_at, k.id, k.value FROM unnest($15::text[]) v (x) CROSS JOIN LATERAL (
              SELECT c.started_at, c.id, coalesce(c.talk_time, -1) AS value FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
              WHERE c.destination_key = v.x AND c.started_at >= $4 AND c.started_at < $5 AND (c.source_key = ANY ($17::text[])) IS NOT TRUE
              ORDER BY coalesce(c.talk_time, -1) DESC, c.id DESC
              LIMIT 51
            ) k)
          UNION ALL
          (SELECT DISTINCT k.started_at, k.id, k.value FROM unnest($16::text[]) v (x) CROSS JOIN LATERAL (
              SELECT c.started_at, c.id, coalesce(c.talk_time, -1) AS value FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a CROSS JOIN LATERAL (
                SELECT * FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at = a.contact_started_at AND c.id = a.contact_id AND c.started_at >= $4 AND c.started_at < $5 AND (c.source_key = ANY ($18::text[])) IS NOT TRUE AND (c.destination_key = ANY ($19::text[])) IS NOT TRUE
                OFFSET 0
              ) c
              WHERE a.key = v.x AND a.contact_started_at >= $4 AND a.contact_started_at < $5
              ORDER BY coalesce(c.talk_time, -1) DESC, c.id DESC
              LIMIT 51
            ) k)) k
        ORDER BY k.value DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT NOT yes FROM complete)
  )) k
  ORDER BY k.value DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type, c.talk_time
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type, c.talk_time FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $4 AND c.started_at < $5
  OFFSET 0
) c
ORDER BY coalesce(c.talk_time, -1) DESC, c.id DESC
;
EXECUTE page (
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{2024-03-29T23:00:00Z,2024-04-01T00:00:00Z}',
  '{2024-04-01T00:00:00Z,2024-04-01T22:00:00Z}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
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
      WHERE c.source_key = v.x AND c.started_at >= $4 AND c.started_at < $5
    ) k)
  UNION ALL
  (SELECT coalesce(sum(k.n), 0) AS n FROM unnest($2::text[]) v (x) CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
      WHERE c.destination_key = v.x AND c.started_at >= $4 AND c.started_at < $5 AND (c.source_key = ANY ($6::text[])) IS NOT TRUE
    ) k)
  UNION ALL
  (SELECT count(*) AS n FROM (
      SELECT DISTINCT k.contact_started_at, k.contact_id FROM unnest($3::text[]) v (x) CROSS JOIN LATERAL (
        SELECT DISTINCT a.contact_started_at, a.contact_id FROM (SELECT * FROM contact_addresses WHERE contact_started_at >= '2024-03-01 00:00:00Z' AND contact_started_at < '2024-05-01 00:00:00Z') a CROSS JOIN LATERAL (
          SELECT FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.started_at = a.contact_started_at AND c.id = a.contact_id AND c.started_at >= $4 AND c.started_at < $5 AND (c.source_key = ANY ($7::text[])) IS NOT TRUE AND (c.destination_key = ANY ($8::text[])) IS NOT TRUE
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
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type, c.talk_time
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.source_key = ANY ($3::text[]) OR c.destination_key = ANY ($4::text[]) OR EXISTS (SELECT FROM contact_addresses a WHERE a.contact_started_at = c.started_at AND a.contact_id = c.id AND a.key = ANY ($5::text[]) AND a.contact_started_at >= '2024-03-01 00:00:00Z' AND a.contact_started_at < '2024-05-01 00:00:00Z'))
ORDER BY coalesce(c.talk_time, -1) DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}',
  '{+48789789789,a@example.com}'
);
DEALLOCATE file;

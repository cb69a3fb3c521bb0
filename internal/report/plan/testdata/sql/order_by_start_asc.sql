PREPARE page AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.started_at, c.id) > ($1, $3)
ORDER BY c.started_at ASC, c.id ASC
LIMIT 51
;
EXECUTE page (
  '2024-03-31T12:00:00Z',
  '2024-04-01T22:00:00Z',
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
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2
ORDER BY c.started_at ASC, c.id ASC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z'
);
DEALLOCATE file;

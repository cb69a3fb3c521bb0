-- What came after some contacts, those that were not lost left out.
SELECT l.id, CASE
  WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
  WHEN c.id IS NULL THEN CASE WHEN /* tried */ THEN 'TRIED' ELSE 'NONE' END
  WHEN /* went */ THEN 'CALLED_BACK'
  ELSE 'CALLED_AGAIN'
END AS state, c.started_at AS reached_at, c.id AS reached_id
FROM /* keys */ CROSS JOIN LATERAL (
  SELECT c.id, /* lost */ FROM contacts c
  WHERE c.started_at = k.started_at AND c.id = k.id AND /* months */ AND (/* is lost */) IS TRUE
  OFFSET 0
) l
LEFT JOIN LATERAL (
  SELECT c.started_at, c.id, c.type FROM (
    /* reached */
  ) c
  ORDER BY c.started_at, c.id
  LIMIT 1
) c ON true

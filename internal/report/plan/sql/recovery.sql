-- The state of a lost contact c: by the first contact with its client that reached an agent, or by whether one was tried.
SELECT CASE
  WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
  ELSE coalesce((
    SELECT CASE WHEN /* went */ THEN 'CALLED_BACK' ELSE 'CALLED_AGAIN' END FROM (
      /* reached */
    ) c
    ORDER BY c.started_at, c.id
    LIMIT 1
  ), CASE WHEN /* tried */ THEN 'TRIED' ELSE 'NONE' END)
END
FROM (SELECT /* lost */) l

-- Whether the clients of some contacts came before, those contacts left out that are no client's own or have no number.
SELECT l.id, /* before */ AS repeats
FROM /* keys */ CROSS JOIN LATERAL (
  SELECT c.started_at, c.id, c.source_key FROM contacts c
  WHERE c.started_at = k.started_at AND c.id = k.id AND /* months */ AND (c.client IS NOT NULL AND /* came */) IS TRUE
  OFFSET 0
) l

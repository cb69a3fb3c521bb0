-- The keys of a page interval by interval, d.a to d.b, until the page is full. The ordinal is known to arrive in order: the
-- sort is incremental and stops as soon as the page is full.
SELECT k.started_at, k.id FROM /* intervals */ WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
  /* keys */
) k
ORDER BY d.o, /* order */
LIMIT /* limit */

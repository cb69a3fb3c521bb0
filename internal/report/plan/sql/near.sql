-- The keys of a page by several values: from the nearest days, and beyond them only if those do not fill the page.
WITH near AS MATERIALIZED (
  /* near */
)
SELECT k.started_at, k.id FROM ((
  SELECT started_at, id FROM near
)
UNION ALL
(
  SELECT k.started_at, k.id FROM (
    /* far */
  ) k WHERE (SELECT count(*) < /* limit */ FROM near)
)) k
ORDER BY /* order */
LIMIT /* limit */

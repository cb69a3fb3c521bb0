-- The keys of a page from the latest rows, or by each value if those do not fill the page.
latest AS MATERIALIZED (
  SELECT c.started_at, c.id FROM (
    SELECT c.started_at, c.id, /* checked */ FROM /* contacts */
    WHERE /* bounds */
    ORDER BY /* order */
    LIMIT /* latest rows */
  ) c
  WHERE /* conditions */
  ORDER BY /* order */
  LIMIT /* limit */
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((
    SELECT started_at, id FROM latest WHERE (SELECT count(*) = /* limit */ FROM latest)
  )
  UNION ALL
  (
    SELECT k.started_at, k.id FROM (
      /* keys */
    ) k WHERE (SELECT count(*) < /* limit */ FROM latest)
  )) k
  ORDER BY /* key order */
  LIMIT /* limit */
)

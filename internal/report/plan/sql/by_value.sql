-- The keys of a page in the order of a duration: month by month from its index, or sorted where those are not enough.
month AS MATERIALIZED (
  /* months */
), found AS MATERIALIZED (
  SELECT m.a AS month, k.started_at, k.id, k.value FROM month m CROSS JOIN LATERAL ((
    /* scan */
  )
  UNION ALL
  (
    /* few */
  )) k
  /* if enough */
), complete AS MATERIALIZED (
  SELECT /* enough and */
    NOT EXISTS (SELECT FROM month m WHERE m.n = /* many rows */ AND (SELECT count(*) FROM found f WHERE f.month = m.a) < /* limit */) AS yes
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((
    SELECT f.started_at, f.id, f.value FROM found f WHERE (SELECT yes FROM complete)
  )
  UNION ALL
  (
    SELECT k.started_at, k.id, k.value FROM (
      /* sorted */
    ) k WHERE (SELECT NOT yes FROM complete)
  )) k
  ORDER BY /* order */
  LIMIT /* limit */
)

-- The keys of a page by the path that finds the fewest rows: each counts first, up to a bound, and one alone is followed.
size AS MATERIALIZED (
  SELECT /* sizes */
), k AS MATERIALIZED (
  /* keys */
)

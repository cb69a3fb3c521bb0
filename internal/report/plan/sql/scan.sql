-- The first rows of a month m in the index of a duration: so many are looked at, and those that meet the conditions kept.
SELECT c.started_at, c.id, c.value FROM (
  SELECT /* columns */ FROM /* contacts */
  WHERE /* bounds */
  ORDER BY /* column */ /* direction */, c.id /* direction */
  LIMIT /* scanned rows */
) c
/* where */
ORDER BY /* order */
LIMIT /* limit */

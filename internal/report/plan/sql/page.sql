-- The rows of a page, whose keys are the last of the parts, called k.
/* with */
SELECT /* columns */
FROM k CROSS JOIN LATERAL (
  SELECT /* columns */ FROM /* contacts */
  WHERE c.started_at = k.started_at AND c.id = k.id AND /* period */
  OFFSET 0
) c
ORDER BY /* order */

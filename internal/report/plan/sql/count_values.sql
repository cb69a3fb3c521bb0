-- The number of rows by several values, or within several intervals.
SELECT coalesce(sum(k.n), 0) AS n FROM /* values */ CROSS JOIN LATERAL (
  /* count */
) k

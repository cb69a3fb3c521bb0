-- The records that the rows point at.
SELECT r.id, r.external_id, r.significant_value
FROM records r WHERE r.id IN (
  SELECT c.record_id
  /* matching */
)

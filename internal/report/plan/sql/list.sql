-- All keys of the period whose value lies within bounds, so many at most. The order leads PostgreSQL to the index of the value.
SELECT c.started_at, c.id FROM /* contacts */
WHERE /* conditions */
ORDER BY c./* column */
LIMIT /* many rows */

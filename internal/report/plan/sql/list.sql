-- All keys of the months whose value lies within bounds, so many at most. The order leads PostgreSQL to the index of the value;
-- the bounds of the period would lead it to all that started then.
SELECT c.started_at, c.id FROM /* contacts */
WHERE /* condition */
ORDER BY c./* column */
LIMIT /* many rows */

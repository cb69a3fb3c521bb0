-- The keys of a page by one value of one path.
SELECT c.started_at, c.id FROM /* contacts */
WHERE /* conditions */
ORDER BY /* order */
LIMIT /* limit */

-- One list of keys of several.
SELECT k.started_at, k.id FROM ((/* lists */)) k
ORDER BY /* order */
LIMIT /* limit */

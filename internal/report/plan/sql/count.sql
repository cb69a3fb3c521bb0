-- The number of rows by one path.
SELECT count(*) AS n FROM /* contacts */
WHERE /* conditions */

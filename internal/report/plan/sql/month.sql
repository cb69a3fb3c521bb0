-- The months of the period, a to b, with the number of their rows up to a bound.
SELECT d.a, d.b, k.n FROM /* months */ d (a, b) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT FROM /* contacts */ WHERE c.started_at >= d.a AND c.started_at < d.b LIMIT /* many rows */) c
) k

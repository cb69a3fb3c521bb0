-- All rows in an order.
SELECT /* columns */
/* matching */
ORDER BY /* order */

-- The number of lines of the detailed file: one for each step of a campaign's inbound call, at least one for each contact.
SELECT coalesce(sum(greatest(1, CASE WHEN c.type = 'CAMPAIGN_INBOUND_CALL' THEN (
  SELECT count(*) FROM ivr_steps s WHERE (s.contact_started_at, s.contact_id) = (c.started_at, c.id) AND /* months */
) END)), 0)
/* matching */
